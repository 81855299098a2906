import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { begin, put, remove, repool } from '../../../src/core/allocation/allocation.ts'
import type { Allocation } from '../../../src/core/allocation/allocation.ts'
import type { Claim } from '../../../src/core/allocation/claim.ts'
import { compareClaims } from '../../../src/core/allocation/claim.ts'
import { heldAfter } from '../../../src/core/allocation/decision.ts'
import { keyOf, othersWith } from '../../../src/core/allocation/ledger.ts'
import { obstacleTo } from '../../../src/core/allocation/sharing.ts'
import { compareAddresses, formatAddress } from '../../../src/core/ip/address.ts'
import type { Address } from '../../../src/core/ip/address.ts'
import { contains } from '../../../src/core/ip/range.ts'
import { settleOverlaps } from '../../../src/core/pool/overlap.ts'
import { admits, lists } from '../../../src/core/pool/pool.ts'
import type { Pool } from '../../../src/core/pool/pool.ts'
import { pool } from '../pool/build.ts'
import { claim } from './build.ts'

// Small pools and few names, so that everything collides with everything.
const anyAddress = fc.integer({ min: 0, max: 9 }).map((last) => `10.0.0.${last}`)
const anyPool = fc
  .record({
    name: fc.constantFrom('p', 'q', 'r'),
    first: fc.integer({ min: 0, max: 9 }),
    size: fc.integer({ min: 0, max: 4 }),
    exclude: fc.array(anyAddress, { maxLength: 2 }),
    autoAssign: fc.boolean(),
    disabled: fc.nat(4).map((n) => n === 0),
    namespaces: fc.option(fc.constantFrom(['a'], ['b']), { nil: undefined, freq: 4 }),
    quota: fc.option(fc.record({ perNamespace: fc.integer({ min: 1, max: 3 }) }), {
      nil: undefined,
      freq: 3,
    }),
    six: fc.boolean(),
  })
  .map(({ name, first, size, six, namespaces, quota, ...spec }) => {
    const given = { ...spec, ...(namespaces && { namespaces }), ...(quota && { quota }) }
    return pool(name, `10.0.0.${first}-10.0.0.${first + size}${six ? `,fd00::${first}` : ''}`, given)
  })
const anyPools = fc.uniqueArray(anyPool, { maxLength: 3, selector: ({ name }) => name }).map(settleOverlaps)

const anyClaim = fc
  .record({
    key: fc.constantFrom('a/1', 'a/2', 'a/3', 'b/1', 'b/2', 'b/3', 'b/4'),
    createdAt: fc.constantFrom('2024-01-01T00:00:00Z', '2024-01-02T00:00:00Z'),
    wantsLoadBalancer: fc.nat(5).map((n) => n > 0),
    asksFor: fc.option(anyAddress, { nil: '', freq: 3 }),
    asksPool: fc.option(fc.constantFrom('p', 'q'), { nil: undefined, freq: 4 }),
    holds: fc.option(anyAddress, { nil: '', freq: 2 }),
    share: fc.option(fc.constantFrom('k', 'l'), { nil: undefined, freq: 2 }),
    port: fc.constantFrom('TCP 80', 'TCP 25', 'UDP 53'),
    backend: fc.constantFrom('', 'x'),
    families: fc.constantFrom('SingleStack', 'PreferDualStack', 'RequireDualStack'),
  })
  .map(({ share, port, backend, families, ...wish }) => {
    const isDual = families !== 'SingleStack'
    return claim(wish.key, {
      ...wish,
      sharing: { key: share, ports: [port], backend },
      familyPolicy: families as Claim['familyPolicy'],
      families: isDual ? ['IPv4', 'IPv6'] : ['IPv4'],
    })
  })

const anyClaims = fc.uniqueArray(anyClaim, { maxLength: 7, selector: ({ key }) => key })
const anyStep = fc.oneof(
  { weight: 5, arbitrary: anyClaim.map((each) => ({ put: each })) },
  { weight: 3, arbitrary: anyClaim.map(({ key }) => ({ remove: key })) },
  { weight: 1, arbitrary: anyPools.map((pools) => ({ pools })) },
)

function doStep(
  world: Allocation,
  step: { put: Claim } | { remove: string } | { pools: readonly Pool[] },
): void {
  if ('put' in step) put(world, step.put)
  else if ('remove' in step) remove(world, step.remove)
  else repool(world, step.pools)
}

function heldBy(world: Allocation, key: string): readonly Address[] {
  const decision = world.decisions.get(key)
  return decision ? heldAfter(decision) : []
}

/** All that must always hold of who has what. */
function check(world: Allocation): void {
  for (const [key, each] of world.claims) {
    const held = heldBy(world, key)
    expect(world.ledger.holdings.get(key)?.addresses ?? []).toEqual(held)
    if (!each.wantsLoadBalancer) expect(held).toEqual([])
    expect(new Set(held.map(({ family }) => family)).size).toBe(held.length)
    for (const address of held) {
      expect(obstacleTo(each, 'x', othersWith(world.ledger, address, key))).toBeUndefined()
      const listing = world.pools.filter((candidate) => lists(candidate, address))
      expect(listing.some((candidate) => admits(candidate, each))).toBe(true)
    }
  }
  expect([...world.ledger.holdings.keys()].every((key) => world.claims.has(key))).toBe(true)
}

/** By walking every address: those that the pool could still give to someone who shares with nobody. */
function freeIn(world: Allocation, each: Pool): readonly Address[] {
  const taken = new Set([...world.claims.keys()].flatMap((key) => heldBy(world, key).map(keyOf)))
  return each.entries
    .flatMap((range) => {
      const count = Number(range.last - range.first) + 1
      return Array.from({ length: count }, (_, at) => ({
        family: range.family,
        value: range.first + BigInt(at),
      }))
    })
    .filter(
      (address) => !taken.has(keyOf(address)) && !each.exclude.some((range) => contains(range, address)),
    )
}

/** Whether a plain waiting Service could be served after all, by looking at every address of every pool. */
function couldServe(world: Allocation, { namespace }: Claim): boolean {
  return world.pools.some((each) => {
    const open =
      each.state.ready &&
      !each.disabled &&
      each.autoAssign &&
      !(each.namespaces?.includes(namespace) === false)
    const mine = [...world.claims.values()].filter((other) => other.namespace === namespace)
    const held = new Set(
      mine
        .flatMap(({ key }) => heldBy(world, key))
        .filter((address) => lists(each, address))
        .map(keyOf),
    )
    const hasRoom = each.quota === undefined || held.size < each.quota
    return open && hasRoom && freeIn(world, each).some(({ family }) => family === 'IPv4')
  })
}

function isPlain({ familyPolicy, asksFor, asksPool, sharing, wantsLoadBalancer }: Claim): boolean {
  const asks = asksFor.length > 0 || asksPool !== undefined || sharing.key !== undefined
  return wantsLoadBalancer && familyPolicy === 'SingleStack' && !asks
}

describe('whatever happens', () => {
  it('no two Services hold one address unless they may share it, and every address lies in a pool that admits its Service', () => {
    fc.assert(
      fc.property(anyPools, anyClaims, fc.array(anyStep, { maxLength: 12 }), (pools, claims, steps) => {
        const world = begin(pools, claims)
        check(world)
        for (const step of steps) {
          doStep(world, step)
          check(world)
        }
      }),
      { numRuns: 400 },
    )
  })

  it('nobody waits for an address that is there: capacity is used to the last one', () => {
    fc.assert(
      fc.property(anyPools, anyClaims, fc.array(anyStep, { maxLength: 12 }), (pools, claims, steps) => {
        const world = begin(pools, claims)
        for (const step of steps) {
          doStep(world, step)
          for (const each of world.claims.values()) {
            const waits = isPlain(each) && heldBy(world, each.key).length === 0
            expect(waits && couldServe(world, each)).toBe(false)
          }
        }
      }),
      { numRuns: 400 },
    )
  })

  it('what a Service has it keeps, as long as nothing is said about it or its pools', () => {
    fc.assert(
      fc.property(anyPools, anyClaims, fc.array(anyStep, { maxLength: 8 }), (pools, claims, steps) => {
        const world = begin(pools, claims)
        for (const step of steps.filter((each) => !('pools' in each))) {
          const before = new Map([...world.claims.keys()].map((key) => [key, heldBy(world, key)]))
          const touched = 'put' in step ? step.put.key : 'remove' in step ? step.remove : ''
          doStep(world, step)
          for (const [key, held] of before) {
            if (key === touched || !isPlain(world.claims.get(key)!)) continue
            expect(heldBy(world, key).map(formatAddress)).toEqual(
              expect.arrayContaining(held.map(formatAddress)),
            )
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it('a controller that starts anew on what was written changes nothing', () => {
    fc.assert(
      fc.property(anyPools, anyClaims, (pools, claims) => {
        const world = begin(pools, claims)
        const written = [...world.claims.values()].map((each) => ({
          ...each,
          holds: heldBy(world, each.key),
        }))
        const again = begin(pools, written)
        for (const { key } of claims) {
          expect(heldBy(again, key).map(formatAddress)).toEqual(heldBy(world, key).map(formatAddress))
        }
      }),
      { numRuns: 400 },
    )
  })

  it('the order in which Services are read at the start does not change who gets what', () => {
    fc.assert(
      fc.property(anyPools, anyClaims, (pools, claims) => {
        const one = begin(pools, claims)
        const other = begin(pools, claims.toReversed())
        for (const { key } of claims) expect(other.decisions.get(key)).toEqual(one.decisions.get(key))
      }),
      { numRuns: 200 },
    )
  })
})

describe('against a slow and obvious model', () => {
  it('plain Services of one pool get what walking through its addresses gives', () => {
    const event = fc.record({
      key: fc.integer({ min: 0, max: 9 }).map((n) => `a/${n}`),
      isThere: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const lab = pool('lab', '10.0.0.6-10.0.0.8,10.0.0.1-10.0.0.3', { exclude: ['10.0.0.7'] })
        const order = ['10.0.0.6', '10.0.0.8', '10.0.0.1', '10.0.0.2', '10.0.0.3']
        const world = begin([lab], [])
        const model = new Model(order)
        events.forEach(({ key, isThere }, at) => {
          const now = claim(key, { createdAt: `2024-01-01T00:00:${10 + at}Z` })
          const known = world.claims.get(key)
          if (isThere && !known) {
            put(world, now)
            model.come(now)
          } else if (!isThere && known) {
            remove(world, key)
            model.go(key)
          }
          const actual = [...world.claims.keys()].map((each) => [
            each,
            heldBy(world, each).map(formatAddress).join(),
          ])
          expect(Object.fromEntries(actual)).toEqual(model.answer())
        })
      }),
      { numRuns: 300 },
    )
  })
})

/** Keeps lists and walks them. */
class Model {
  readonly #order: readonly string[]
  readonly #claims: Claim[] = []
  readonly #held = new Map<string, string>()
  readonly #last = new Map<string, string>()
  #freed: string[] = []

  constructor(order: readonly string[]) {
    this.#order = order
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
      this.#freed.push(address)
      this.#last.set(key, address)
    }
    this.#serve()
  }

  answer(): Record<string, string> {
    return Object.fromEntries(this.#claims.map(({ key }) => [key, this.#held.get(key) ?? '']))
  }

  #serve(): void {
    for (const { key } of this.#claims.toSorted(compareClaims)) {
      if (this.#held.has(key)) continue
      const taken = [...this.#held.values()]
      const own = this.#last.get(key) ?? ''
      const fresh = this.#order.find((address) => !taken.includes(address) && !this.#freed.includes(address))
      const address = own !== '' && !taken.includes(own) ? own : (fresh ?? this.#freed[0])
      if (address === undefined) continue
      this.#held.set(key, address)
      this.#freed = this.#freed.filter((each) => each !== address)
    }
  }
}

describe('addresses', () => {
  it('are given in ascending order inside an entry', () => {
    const world = begin(
      [pool('lab', '10.0.0.0/28')],
      Array.from({ length: 16 }, (_, at) => claim(`a/${at}`)),
    )
    const given = Array.from({ length: 16 }, (_, at) => heldBy(world, `a/${at}`)[0]!)
    expect(given.toSorted(compareAddresses)).toEqual(given)
  })
})
