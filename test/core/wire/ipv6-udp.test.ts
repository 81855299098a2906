import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeUdp6Frame, encodeUdp6Frame } from '../../../src/core/wire/ipv6-udp.ts'
import type { Udp6Datagram } from '../../../src/core/wire/ipv6-udp.ts'
import { bytesOf, hexOf, padded, within } from './hex.ts'

const ourMac = 0x02005e100001n
const groupMac = 0x333300000114n
const datagram: Udp6Datagram = {
  source: 0xfe80000000000000000000000000000bn,
  destination: 0xff020000000000000000000000000114n,
  sourcePort: 4114,
  destinationPort: 4114,
  hopLimit: 255,
  payload: bytesOf('6c616e6c6f7264'),
}
// Made by another hand.
const golden = `333300000114 02005e100001 86dd
  6c000000 000f 11 ff fe80000000000000000000000000000b ff020000000000000000000000000114
  1012 1012 000f 32c9 6c616e6c6f7264`.replaceAll(/\s/g, '')

function goldenWith(at: number, hex: string): Uint8Array {
  const frame = bytesOf(golden)
  frame.set(bytesOf(hex), at)
  return frame
}

describe('a UDP datagram over IPv6', () => {
  test('is a frame with the checksum right', () => {
    expect(hexOf(encodeUdp6Frame(ourMac, groupMac, datagram))).toBe(golden)
  })

  test('is read back as it was written, whatever its payload and however much follows', () => {
    const words = fc.integer({ min: 0, max: 0xffff })
    const addresses = fc.bigInt(0n, 2n ** 128n - 1n)
    const datagrams: fc.Arbitrary<Udp6Datagram> = fc.record({
      source: addresses,
      destination: addresses,
      sourcePort: words,
      destinationPort: words,
      hopLimit: fc.integer({ min: 0, max: 255 }),
      payload: fc.uint8Array({ maxLength: 1400 }),
    })
    fc.assert(
      fc.property(datagrams, fc.nat({ max: 9 }), (one, padding) => {
        const frame = encodeUdp6Frame(ourMac, groupMac, one)
        expect(decodeUdp6Frame(within(padded(frame, padding)), frame.length + padding)).toEqual(one)
      }),
    )
  })

  test('whose checksum comes out as zero is sent with all ones', () => {
    const zero = encodeUdp6Frame(ourMac, groupMac, { ...datagram, payload: bytesOf('0000') })
    const sum = bytesOf(hexOf(zero.subarray(60, 62)))
    const frame = encodeUdp6Frame(ourMac, groupMac, { ...datagram, payload: sum })
    expect(hexOf(frame.subarray(60, 62))).toBe('ffff')
    expect(decodeUdp6Frame(frame, frame.length)).toMatchObject({ payload: sum })
  })
})

describe('a frame is no datagram', () => {
  test.each([
    ['of another EtherType', 12, '0800', 'notIpv6'],
    ['of another version', 14, '4c', 'badHeader'],
    ['that says that there is more', 18, '0010', 'badHeader'],
    ['of another protocol', 20, '3a', 'notUdp'],
    ['behind an extension header', 20, '00', 'notUdp'],
    ['whose payload is too short for UDP', 18, '0007', 'badLength'],
    ['whose length is too short for UDP', 58, '0007', 'badLength'],
    ['whose length is more than the payload', 58, '0010', 'badLength'],
    ['without a checksum', 60, '0000', 'badChecksum'],
    ['with another checksum', 60, '32c8', 'badChecksum'],
    ['from another address than was summed up', 37, '0c', 'badChecksum'],
  ])('%s', (_, at, hex, reason) => {
    expect(decodeUdp6Frame(goldenWith(at, hex), 69)).toBe(reason)
  })

  test('that is cut short, at any length', () => {
    for (let length = 0; length < 69; length++) {
      expect(['tooShort', 'badHeader']).toContain(decodeUdp6Frame(bytesOf(golden), length))
    }
    expect(decodeUdp6Frame(bytesOf(golden).subarray(0, 60), 69)).toBe('tooShort')
  })

  test('whatever its bytes are, it is read without harm', () => {
    const damage = fc.array(fc.tuple(fc.nat({ max: 68 }), fc.nat({ max: 255 })), { maxLength: 5 })
    fc.assert(
      fc.property(damage, fc.nat({ max: 69 }), (changes, length) => {
        const frame = within(bytesOf(golden))
        for (const [at, byte] of changes) frame[at] = byte
        const read = decodeUdp6Frame(frame, length)
        if (typeof read === 'object') expect(read.payload.length).toBeLessThanOrEqual(7)
      }),
      { numRuns: 1000 },
    )
  })
})
