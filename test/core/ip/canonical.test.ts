import { expect, test } from 'vitest'
import { canonical } from '../../../src/core/ip/canonical.ts'

test('an address is read with its canonical text', () => {
  expect(canonical('FD00:0::1')).toEqual({
    address: { family: 'IPv6', value: (0xfdn << 120n) + 1n },
    text: 'fd00::1',
  })
})

test('what is no address is none, also when it is asked for again', () => {
  for (const none of ['10.0.0', '10.0.0', 7, null, undefined]) expect(canonical(none)).toBeUndefined()
})

test('more addresses than are remembered are read all the same', () => {
  for (let at = 0; at < 10_000; at++) {
    const text = `10.1.${Math.floor(at / 250)}.${at % 250}`
    expect(canonical(text)?.text).toBe(text)
  }
})
