import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatMac, macBytes, parseMac, readMac, writeMac } from '../../../src/core/wire/ethernet.ts'
import { bytesOf } from './hex.ts'

const macs = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffffn })

describe('MAC addresses', () => {
  test('are read and written in network order, anywhere in a buffer', () => {
    const bytes = new Uint8Array(10)
    writeMac(bytes, 3, 0x02005e10_0001n)
    expect(bytes).toEqual(bytesOf('000000 02005e100001 00'))
    expect(readMac(bytes, 3)).toBe(0x02005e10_0001n)
  })

  test('are six bytes, whatever their value', () => {
    fc.assert(fc.property(macs, (mac) => readMac(macBytes(mac), 0) === mac))
  })

  test('are printed with colons in lower case, and read back in either case', () => {
    expect(formatMac(0x02005e10000an)).toBe('02:00:5e:10:00:0a')
    expect(parseMac('02:00:5E:10:00:0A')).toBe(0x02005e10000an)
    fc.assert(fc.property(macs, (mac) => parseMac(formatMac(mac)) === mac))
  })

  test.each([
    '',
    '02:00:5e:10:00',
    '02:00:5e:10:00:0a:0b',
    '02-00-5e-10-00-0a',
    '2:0:5e:10:0:a',
    '02:00:5e:10:00:0g',
  ])('%j is none', (text) => expect(parseMac(text)).toBeUndefined())
})
