import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ArpPacket } from '../../../src/core/wire/arp.ts'
import { decodeArp, decodeArpFrame, encodeArp, encodeArpFrame } from '../../../src/core/wire/arp.ts'
import { broadcastMac } from '../../../src/core/wire/ethernet.ts'
import { bytesOf, hexOf, padded, within } from './hex.ts'

const request: ArpPacket = {
  operation: 'request',
  senderMac: 0x02005e100001n,
  senderIp: 0x0a4d000b,
  targetMac: 0n,
  targetIp: 0xc0a80ac8,
}
const golden = '0001 0800 06 04 0001 02005e100001 0a4d000b 000000000000 c0a80ac8'.replaceAll(' ', '')
const goldenFrame = `ffffffffffff02005e1000010806${golden}${'00'.repeat(18)}`

const ips = fc.integer({ min: 0, max: 0xffffffff })
const macs = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffffn })
const packets: fc.Arbitrary<ArpPacket> = fc.record({
  operation: fc.constantFrom('request', 'reply'),
  senderMac: macs,
  senderIp: ips,
  targetMac: macs,
  targetIp: ips,
})

describe('an ARP packet', () => {
  test('is the 28 bytes of RFC 826', () => {
    expect(hexOf(encodeArp(request))).toBe(golden)
    expect(hexOf(encodeArp({ ...request, operation: 'reply' }))).toBe(golden.replace('06040001', '06040002'))
  })

  test('is read back as it was written, at an offset and with padding behind', () => {
    fc.assert(
      fc.property(packets, fc.nat({ max: 40 }), fc.nat({ max: 20 }), (packet, offset, padding) => {
        const buffer = new Uint8Array(offset + 28 + padding).fill(0xee)
        buffer.set(encodeArp(packet), offset)
        expect(decodeArp(buffer, offset)).toEqual(packet)
      }),
    )
  })

  test('in a frame is read back whatever follows it', () => {
    const frame = encodeArpFrame(broadcastMac, request.senderMac, request)
    expect(hexOf(frame)).toBe(goldenFrame)
    expect(decodeArpFrame(padded(frame, 9), 42)).toEqual(request)
    expect(decodeArpFrame(within(frame), 60)).toEqual(request)
  })

  test.each([
    ['another EtherType', 12, '0800', 'notArp'],
    ['another hardware type', 14, '0006', 'malformed'],
    ['another protocol', 16, '86dd', 'malformed'],
    ['another address size', 18, '0806', 'malformed'],
    ['a reverse request', 20, '0003', 'notRequestOrReply'],
  ])('with %s is none', (_, at, hex, reason) => {
    const frame = bytesOf(goldenFrame)
    frame.set(bytesOf(hex), at)
    expect(decodeArpFrame(frame, frame.length)).toBe(reason)
  })

  test('that is cut short is refused at every length', () => {
    for (let length = 0; length < 42; length++) {
      expect(decodeArpFrame(bytesOf(goldenFrame), length)).toBe('tooShort')
      expect(decodeArpFrame(bytesOf(goldenFrame).subarray(0, length), 42)).toBe('tooShort')
    }
    expect(decodeArp(bytesOf(golden), 1)).toBe('tooShort')
  })

  test('or any other bytes never make the reader fail', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat({ max: 90 }), (bytes, length) => {
        expect(['string', 'object']).toContain(typeof decodeArpFrame(bytes, length))
      }),
    )
  })
})
