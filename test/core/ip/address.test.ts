import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareAddresses, formatAddress, parseAddress } from '../../../src/core/ip/address.ts'

describe('an address', () => {
  it.each([
    ['192.168.10.200', '192.168.10.200'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['FD00:10:0:0:0:0:0:1', 'fd00:10::1'],
    ['::', '::'],
  ])('"%s" is read and printed as %s', (text, printed) => {
    expect(formatAddress(parseAddress(text)!)).toBe(printed)
  })

  it.each([
    '',
    ' 10.0.0.1',
    '10.0.0.1\n',
    '10.0.0',
    '10.0.0.01',
    '10.0.0.1/24',
    '010.0.0.1',
    '256.0.0.1',
    'fe80::1%eth0',
  ])('"%s" is not one', (text) => {
    expect(parseAddress(text)).toBeUndefined()
  })

  it.each(['::ffff:10.0.0.1', '::ffff:a00:1', '::10.0.0.1', 'fd00::1/64', ':::', 'g::1'])(
    '"%s" is not one',
    (text) => {
      expect(parseAddress(text)).toBeUndefined()
    },
  )

  it('is ordered by family, then by value', () => {
    const texts = ['fd00::1', '10.0.0.10', '10.0.0.9', 'fd00::']
    const sorted = texts.map((text) => parseAddress(text)!).toSorted(compareAddresses)
    expect(sorted.map(formatAddress)).toEqual(['10.0.0.9', '10.0.0.10', 'fd00::', 'fd00::1'])
    expect(compareAddresses(parseAddress('10.0.0.1')!, parseAddress('10.0.0.1')!)).toBe(0)
  })

  it('reads back what it prints, in both families', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, (1n << 128n) - 1n), fc.boolean(), (value, four) => {
        const address = four
          ? ({ family: 'IPv4', value: value & 0xffffffffn } as const)
          : ({ family: 'IPv6', value: value | (1n << 100n) } as const)
        expect(parseAddress(formatAddress(address))).toEqual(address)
      }),
    )
  })
})
