import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contentKey } from '../../../../src/sandbox/kubernetes/cache/content-key.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lanlord-key-'))
  mkdirSync(join(root, 'folder'))
  writeFileSync(join(root, 'folder/one'), '1')
  writeFileSync(join(root, 'file'), '2')
})

afterEach(() => rmSync(root, { recursive: true }))

const key = (words: readonly string[] = []): Promise<string> => contentKey(root, ['folder', 'file'], words)

describe('the key of a content', () => {
  it('is the same twelve digits for the same content', async () => {
    expect(await key()).toMatch(/^[0-9a-f]{12}$/)
    expect(await key()).toBe(await key())
  })

  it.each([
    ['a file changes', () => writeFileSync(join(root, 'folder/one'), '3')],
    ['a file is added', () => writeFileSync(join(root, 'folder/two'), '')],
    ['a file has another name', () => renameSync(join(root, 'folder/one'), join(root, 'folder/two'))],
  ])('is another one when %s', async (_, change) => {
    const before = await key()
    change()
    expect(await key()).not.toBe(before)
  })

  it('is another one for other words', async () => {
    expect(await key(['x'])).not.toBe(await key(['y']))
  })
})
