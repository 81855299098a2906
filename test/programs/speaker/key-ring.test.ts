import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sign, verify } from '../../../src/platform/network/heartbeat-key.ts'
import type { HeartbeatKeys } from '../../../src/platform/network/heartbeat-key.ts'
import { lingerMs, newRing, turned } from '../../../src/programs/speaker/key-ring.ts'

const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const [a, b, c] = [key(1), key(2), key(3)]

/** The keys in use after files were read one after the other, a second apart. */
function keysAfter(...all: readonly HeartbeatKeys[]): HeartbeatKeys {
  const [first = { current: a }, ...others] = all
  return others.reduce((ring, files, at) => turned(ring, files, at * 1_000), newRing(first)).keys
}

describe('the keys in use', () => {
  test('are those of the files at the start, and when they have two', () => {
    expect(newRing({ current: a }).keys).toEqual({ current: a })
    expect(keysAfter({ current: a }, { current: b, previous: a })).toEqual({ current: b, previous: a })
    expect(keysAfter({ current: a }, { current: c, previous: b })).toEqual({ current: c, previous: b })
  })

  test('have the one that is gone from the files for a while, and then no more', () => {
    for (const before of [{ current: a }, { current: b, previous: a }]) {
      const changed = turned(newRing(before), { current: b }, 0)
      expect(changed.keys).toEqual({ current: b, previous: a })
      expect(turned(changed, { current: b }, lingerMs - 1)).toBe(changed)
      expect(turned(changed, { current: b }, lingerMs).keys).toEqual({ current: b })
    }
  })

  test('are the same ones, not only alike, as long as the files are', () => {
    const ring = newRing({ current: a, previous: b })
    expect(turned(ring, { current: a.slice(), previous: b.slice() }, 9e9)).toBe(ring)
  })

  test('have the former one again when the change is taken back', () => {
    expect(keysAfter({ current: a }, { current: b }, { current: a })).toEqual({ current: a, previous: b })
  })
})

interface Step {
  readonly speaker: number
  readonly afterMs: number
}

const changes: readonly (readonly [how: string, files: readonly HeartbeatKeys[]])[] = [
  ['in the two steps of a Secret', [{ current: a }, { current: b, previous: a }, { current: b }]],
  ['by putting the new key in the place of the old', [{ current: a }, { current: b }]],
]

test.each(changes)(
  'changed %s, in any order and without waiting, they never part three speakers',
  (_, files) => {
    const steps = fc.array(
      fc.record<Step>({ speaker: fc.nat(2), afterMs: fc.nat(Math.floor(lingerMs / files.length / 3)) }),
      { minLength: 3 * (files.length - 1), maxLength: 12 },
    )
    fc.assert(
      fc.property(steps, (order) => {
        const rings = Array.from({ length: 3 }, () => newRing(files[0] as HeartbeatKeys))
        const read = [0, 0, 0]
        const body = new Uint8Array(20)
        let now = 0
        // Whatever is left is done at the end, one speaker after the other.
        const rest = [0, 1, 2].flatMap((speaker) => files.map(() => ({ speaker, afterMs: 0 })))
        for (const { speaker, afterMs } of [...order.slice(0, 3 * (files.length - 1)), ...rest]) {
          now += afterMs
          read[speaker] = Math.min((read[speaker] ?? 0) + 1, files.length - 1)
          const [ring, found] = [rings[speaker], files[read[speaker] ?? 0]]
          if (ring && found) rings[speaker] = turned(ring, found, now)
          for (const from of rings) {
            for (const to of rings) expect(verify(sign(body, from.keys), to.keys)).toBeDefined()
          }
        }
      }),
    )
  },
)
