import { expect, test } from 'vitest'
import { endsWithin } from '../../../src/platform/process/ends.ts'

test('work is waited for until it ends', async () => {
  expect(await endsWithin(60_000, Promise.resolve('done'))).toBe(true)
  await expect(endsWithin(60_000, Promise.reject(new Error('no')))).rejects.toThrow('no')
})

test('work that takes too long is waited for no longer', async () => {
  expect(await endsWithin(1, new Promise(() => undefined))).toBe(false)
})
