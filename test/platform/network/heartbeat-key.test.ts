import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sign, verify } from '../../../src/platform/network/heartbeat-key.ts'

const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const bodies = fc.uint8Array({ minLength: 1, maxLength: 200 })

describe('a signed packet', () => {
  test('is accepted with the key that signed it, and its body comes back whole', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        expect(verify(sign(body, { current: key(1) }), { current: key(1) })).toEqual(body)
      }),
    )
  })

  test('is accepted during a rotation by those who have the new key and by those who still have the old one', () => {
    const body = new Uint8Array([1, 2, 3])
    const [older, newer] = [key(1), key(2)]
    expect(verify(sign(body, { current: older }), { current: newer, previous: older })).toEqual(body)
    expect(verify(sign(body, { current: newer, previous: older }), { current: newer })).toEqual(body)
    expect(verify(sign(body, { current: newer }), { current: older })).toBeUndefined()
  })

  test('is refused when any bit of it was changed', () => {
    fc.assert(
      fc.property(bodies, fc.nat(), (body, at) => {
        const packet = sign(body, { current: key(1) })
        const bit = at % (packet.length * 8)
        packet[bit >> 3] = (packet[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(verify(packet, { current: key(1), previous: key(2) })).toBeUndefined()
      }),
    )
  })

  test('is refused when it is cut short or has no body', () => {
    const packet = sign(new Uint8Array(20), { current: key(1) })
    for (let length = 0; length < packet.length; length++) {
      expect(verify(packet.subarray(0, length), { current: key(1) })).toBeUndefined()
    }
    expect(verify(sign(new Uint8Array(0), { current: key(1) }), { current: key(1) })).toBeUndefined()
  })
})
