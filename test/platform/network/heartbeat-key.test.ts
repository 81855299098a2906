import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sign, verify } from '../../../src/platform/network/heartbeat-key.ts'
import type { HeartbeatKeys } from '../../../src/platform/network/heartbeat-key.ts'

const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
/** As whoever signs with one key sends it: the flag of a second signature is not set. */
const bodies = fc.uint8Array({ minLength: 4, maxLength: 200 }).map((body) => {
  const copy = body.slice()
  copy[3] = (copy[3] ?? 0) & ~16
  return copy
})
const [older, newer] = [key(1), key(2)]

describe('a signed packet', () => {
  test('is accepted with the key that signed it, and its body comes back whole', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        expect(verify(sign(body, { current: key(1) }), { current: key(1) })).toEqual(body)
      }),
    )
  })

  test('is signed with both keys while there are two, and has a flag that says so', () => {
    const body = new Uint8Array([1, 2, 3, 0, 5])
    const once = sign(body, { current: newer })
    const twice = sign(body, { current: newer, previous: older })
    expect([once.length, twice.length]).toEqual([body.length + 32, body.length + 64])
    expect([once[3], twice[3]]).toEqual([0, 16])
    expect(twice.subarray(body.length, body.length + 32)).not.toEqual(twice.subarray(body.length + 32))
  })

  test.each<[who: string, keys: HeartbeatKeys, isHeard: boolean]>([
    ['who has the new key only', { current: newer }, true],
    ['who has the old key only', { current: older }, true],
    ['who has both', { current: newer, previous: older }, true],
    ['who has both, the other way round', { current: older, previous: newer }, true],
    ['who has neither', { current: key(3), previous: key(4) }, false],
  ])('that carries both is accepted by one %s: %s', (_, keys, isHeard) => {
    const packet = sign(new Uint8Array(9), { current: newer, previous: older })
    expect(verify(packet, keys) !== undefined).toBe(isHeard)
  })

  test('is refused when any bit of what was signed was changed, and of its signature where there is one', () => {
    fc.assert(
      fc.property(bodies, fc.nat(), fc.boolean(), (body, at, isTwice) => {
        const packet = sign(body, isTwice ? { current: older, previous: newer } : { current: older })
        const bit = at % ((isTwice ? body.length : packet.length) * 8)
        packet[bit >> 3] = (packet[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(verify(packet, { current: older, previous: newer })).toBeUndefined()
      }),
    )
  })

  test('is refused when it is cut short, when one of two signatures is cut off, and when it has no body', () => {
    for (const keys of [{ current: older }, { current: older, previous: newer }]) {
      const packet = sign(new Uint8Array(20), keys)
      for (let length = 0; length < packet.length; length++) {
        expect(verify(packet.subarray(0, length), { current: older })).toBeUndefined()
      }
      expect(verify(sign(new Uint8Array(0), keys), { current: older })).toBeUndefined()
    }
  })

  test('is refused when it is not one, whatever its bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(verify(bytes, { current: older, previous: newer })).toBeUndefined()
      }),
      { numRuns: 2_000 },
    )
  })
})

/** The keys that a speaker has one after the other. */
const stages: readonly HeartbeatKeys[] = [
  { current: older },
  { current: newer, previous: older },
  { current: newer },
]

/** Every order in which three speakers take so many steps each. */
function* ordersOf(left: readonly number[]): Generator<readonly number[]> {
  if (left.every((steps) => steps === 0)) return void (yield [])
  for (const [speaker, steps] of left.entries()) {
    if (steps === 0) continue
    for (const rest of ordersOf(left.with(speaker, steps - 1))) yield [speaker, ...rest]
  }
}

function hearsEveryOther(stageOf: readonly number[]): boolean {
  const body = new Uint8Array(30)
  return stageOf.every((from) =>
    stageOf.every((to) => verify(sign(body, stages[from] as HeartbeatKeys), stages[to] as HeartbeatKeys)),
  )
}

describe('while the key is changed in the two steps of a Secret', () => {
  test('every speaker verifies every other after each of them has picked up a step, in any order', () => {
    const orders = [...ordersOf([1, 1, 1])]
    expect(orders).toHaveLength(6)
    for (const step of [0, 1]) {
      for (const order of orders) {
        const stageOf = [step, step, step]
        for (const speaker of order) {
          stageOf[speaker] = step + 1
          expect([order, stageOf, hearsEveryOther(stageOf)]).toEqual([order, stageOf, true])
        }
      }
    }
  })

  test('and would not, had one the second step while another has not the first', () => {
    expect(hearsEveryOther([0, 1, 2])).toBe(false)
  })
})
