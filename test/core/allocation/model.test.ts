import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lapse, quarantine } from '../../../src/core/allocation/allocation.ts'
import { compareClaims } from '../../../src/core/allocation/claim.ts'
import type { Claim } from '../../../src/core/allocation/claim.ts'
import { formatAddress } from '../../../src/core/ip/address.ts'
import { pool } from '../pool/build.ts'
import { addresses, claim, cluster, put, remove, start } from './build.ts'
import { heldBy } from './history.ts'

interface Freed {
  readonly address: string
  readonly service: string
  readonly at: number
}

/** Keeps lists and walks them. */
class Model {
  readonly #order: readonly string[]
  readonly #retainMs: number
  readonly #claims: Claim[] = []
  readonly #held = new Map<string, string>()
  readonly #last = new Map<string, string>()
  #freed: readonly Freed[] = []
  #strange: readonly string[] = []
  #now = start

  constructor(order: readonly string[], retainMs: number) {
    this.#order = order
    this.#retainMs = retainMs
  }

  pass(ms: number): void {
    this.#now += ms
    this.#serve()
  }

  come(each: Claim): void {
    this.#claims.push(each)
    this.#serve()
  }

  go(key: string): void {
    this.#claims.splice(
      this.#claims.findIndex((each) => each.key === key),
      1,
    )
    const address = this.#held.get(key)
    this.#held.delete(key)
    if (address !== undefined) {
      this.#freed = [...this.#freed, { address, service: key, at: this.#now }]
      this.#last.set(key, address)
    }
    this.#serve()
  }

  quarantine(strange: readonly string[]): void {
    this.#strange = strange
    this.#serve()
  }

  answer(): Record<string, string> {
    return Object.fromEntries(this.#claims.map(({ key }) => [key, this.#held.get(key) ?? '']))
  }

  #serve(): void {
    for (const { key } of this.#claims.toSorted(compareClaims)) {
      if (this.#held.has(key)) continue
      const address = this.#choose(key)
      if (address === undefined) continue
      this.#held.set(key, address)
      this.#freed = this.#freed.filter((each) => each.address !== address)
    }
  }

  #choose(key: string): string | undefined {
    const taken = [...this.#held.values(), ...this.#strange]
    const kept = this.#freed.filter(({ at }) => at + this.#retainMs > this.#now)
    const own = this.#last.get(key)
    const isForeign = kept.some(({ address, service }) => address === own && service !== key)
    if (own !== undefined && !taken.includes(own) && !isForeign) return own
    const used = [...taken, ...this.#freed.map(({ address }) => address)]
    const fresh = this.#order.find((address) => !used.includes(address))
    const old = this.#freed.find((each) => !kept.includes(each) && !taken.includes(each.address))
    return fresh ?? old?.address
  }
}

const anyEvent = fc.record({
  key: fc.integer({ min: 0, max: 9 }).map((n) => `a/${n}`),
  act: fc.constantFrom('come', 'come', 'go', 'go', 'pass', 'quarantine'),
  ms: fc.constantFrom(1, 5_000, 30_000),
  strange: fc.subarray(['10.0.0.6', '10.0.0.8', '10.0.0.2'], { maxLength: 2 }),
})

it.each(['0s', '20s'])(
  'plain Services of one pool get what walking through its addresses gives: retain %s',
  (retain) => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
        const lab = pool('lab', '10.0.0.6-10.0.0.8,10.0.0.1-10.0.0.3', { exclude: ['10.0.0.7'], retain })
        const order = ['10.0.0.6', '10.0.0.8', '10.0.0.1', '10.0.0.2', '10.0.0.3']
        const world = cluster([lab])
        const model = new Model(order, retain === '0s' ? 0 : 20_000)
        let now = start
        events.forEach(({ key, act, ms, strange }, at) => {
          const known = world.claims.has(key)
          const comes = claim(key, { createdAt: `2024-01-01T00:00:${10 + at}Z` })
          if (act === 'come' && !known) {
            put(world, comes, now)
            model.come(comes)
          } else if (act === 'go' && known) {
            remove(world, key, now)
            model.go(key)
          } else if (act === 'pass') {
            now += ms
            lapse(world, now)
            model.pass(ms)
          } else if (act === 'quarantine') {
            const entries = strange
              .flatMap((text) => addresses(text))
              .map((address) => ({ address, mac: '', seen: 0 }))
            quarantine(world, entries, now)
            model.quarantine(strange)
          }
          const actual = [...world.claims.keys()].map((each) => [
            each,
            heldBy(world, each).map(formatAddress).join(),
          ])
          expect(Object.fromEntries(actual)).toEqual(model.answer())
        })
      }),
      { numRuns: 600 },
    )
  },
)
