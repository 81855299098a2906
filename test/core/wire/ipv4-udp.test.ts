import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { UdpDatagram } from '../../../src/core/wire/ipv4-udp.ts'
import { decodeUdpFrame, encodeUdpFrame } from '../../../src/core/wire/ipv4-udp.ts'
import { heartbeatGroup, heartbeatGroupMac, heartbeatPort } from '../../../src/core/wire/heartbeat.ts'
import { bytesOf, hexOf, padded, within } from './hex.ts'

const ourMac = 0x02005e100001n
const datagram: UdpDatagram = {
  source: 0x0a4d000b,
  destination: heartbeatGroup,
  sourcePort: heartbeatPort,
  destinationPort: heartbeatPort,
  ttl: 255,
  payload: bytesOf('6c616e6c6f7264'),
}
const golden = `01005e0000fe 02005e100001 0800
  45c0 0023 0000 4000 ff 11 8fb3 0a4d000b e00000fe
  1012 1012 000f 4615 6c616e6c6f7264 0000000000000000000000`.replaceAll(/\s/g, '')

function goldenWith(at: number, hex: string): Uint8Array {
  const frame = bytesOf(golden)
  frame.set(bytesOf(hex), at)
  return frame
}

/** The golden frame with some bytes of the IP header changed and its checksum put right again. */
function reheaded(at: number, hex: string): Uint8Array {
  const frame = goldenWith(at, hex)
  frame.set([0, 0], 24)
  let sum = 0
  for (let word = 14; word < 34; word += 2) sum += ((frame[word] ?? 0) << 8) | (frame[word + 1] ?? 0)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  frame.set([(~sum >>> 8) & 0xff, ~sum & 0xff], 24)
  return frame
}

describe('a UDP datagram over IPv4', () => {
  test('is a frame with both checksums right, padded to 60 bytes', () => {
    expect(hexOf(encodeUdpFrame(ourMac, heartbeatGroupMac, datagram))).toBe(golden)
  })

  test('is read back as it was written, whatever its payload and however much follows', () => {
    const words = fc.integer({ min: 0, max: 0xffff })
    const longs = fc.integer({ min: 0, max: 0xffffffff })
    const datagrams: fc.Arbitrary<UdpDatagram> = fc.record({
      source: longs,
      destination: longs,
      sourcePort: words,
      destinationPort: words,
      ttl: fc.integer({ min: 0, max: 255 }),
      payload: fc.uint8Array({ maxLength: 1400 }),
    })
    fc.assert(
      fc.property(datagrams, fc.nat({ max: 9 }), (one, padding) => {
        const frame = encodeUdpFrame(ourMac, heartbeatGroupMac, one)
        expect(decodeUdpFrame(within(padded(frame, padding)), frame.length + padding)).toEqual(one)
      }),
    )
  })

  test('has the checksum of all ones where it would be zero', () => {
    // The payload is chosen so that everything else already adds up to all ones.
    const frame = encodeUdpFrame(ourMac, heartbeatGroupMac, { ...datagram, payload: bytesOf('0000') })
    const sum = ((frame[40] ?? 0) << 8) | (frame[41] ?? 0)
    const payload = Uint8Array.of(sum >> 8, sum & 0xff)
    const zero = encodeUdpFrame(ourMac, heartbeatGroupMac, { ...datagram, payload })
    expect(hexOf(zero.subarray(40, 42))).toBe('ffff')
    expect(decodeUdpFrame(zero, zero.length)).toMatchObject({ payload })
  })

  test('without a checksum is taken as it is', () => {
    expect(decodeUdpFrame(goldenWith(40, '0000'), 60)).toEqual(datagram)
  })

  test('with IP options is read behind them', () => {
    const frame = bytesOf(golden)
    const longer = new Uint8Array(64)
    longer.set(frame.subarray(0, 34))
    longer.set(bytesOf('01010100'), 34)
    longer.set(frame.subarray(34), 38)
    longer.set(bytesOf('46c0 0027'), 14)
    longer.set(bytesOf('8cae'), 24)
    expect(decodeUdpFrame(longer, 64)).toEqual(datagram)
  })

  test.each([
    ['another EtherType', goldenWith(12, '86dd'), 'notIpv4'],
    ['another IP version', reheaded(14, '65'), 'badHeader'],
    ['a header that is too small', reheaded(14, '44'), 'badHeader'],
    ['a total length smaller than its header', reheaded(16, '0010'), 'badHeader'],
    ['a total length greater than the frame', reheaded(16, '0100'), 'badHeader'],
    ['a header checksum that is wrong', goldenWith(24, '8fb2'), 'badHeaderChecksum'],
    ['more fragments', reheaded(20, '2000'), 'fragment'],
    ['a fragment offset', reheaded(20, '0001'), 'fragment'],
    ['another protocol', reheaded(23, '06'), 'notUdp'],
    ['no room for the UDP header', reheaded(16, '0018'), 'badLength'],
    ['a UDP length smaller than its header', goldenWith(38, '0007'), 'badLength'],
    ['a UDP length greater than the packet', goldenWith(38, '0010'), 'badLength'],
    ['a checksum that is wrong', goldenWith(40, '4614'), 'badChecksum'],
    ['a payload that was changed', goldenWith(42, '6d'), 'badChecksum'],
  ])('with %s is refused', (_, frame, reason) => {
    expect(decodeUdpFrame(frame, frame.length)).toBe(reason)
  })

  test('that is cut short is refused at every length', () => {
    for (let length = 0; length < 49; length++) {
      expect(typeof decodeUdpFrame(bytesOf(golden), length)).toBe('string')
      expect(decodeUdpFrame(bytesOf(golden).subarray(0, length), 60)).toBe('tooShort')
    }
  })

  test('or any other bytes never make the reader fail', () => {
    const damage = fc.array(fc.tuple(fc.nat({ max: 59 }), fc.nat({ max: 255 })), { maxLength: 6 })
    fc.assert(
      fc.property(damage, fc.nat({ max: 70 }), (changes, length) => {
        const frame = bytesOf(golden)
        for (const [at, byte] of changes) frame[at] = byte
        expect(['string', 'object']).toContain(typeof decodeUdpFrame(frame, length))
      }),
    )
  })
})
