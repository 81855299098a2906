import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryOf, waitingFor } from '../../../src/core/allocation/allocation.ts'
import type { Allocation } from '../../../src/core/allocation/allocation.ts'
import type { Claim } from '../../../src/core/allocation/claim.ts'
import { decide } from '../../../src/core/allocation/decide.ts'
import { heldAfter } from '../../../src/core/allocation/decision.ts'
import type { Decision } from '../../../src/core/allocation/decision.ts'
import { keyOf, othersWith } from '../../../src/core/allocation/ledger.ts'
import { poolUsage } from '../../../src/core/allocation/pool-usage.ts'
import { obstacleTo } from '../../../src/core/allocation/sharing.ts'
import { compareAddresses, formatAddress } from '../../../src/core/ip/address.ts'
import type { Address, Family } from '../../../src/core/ip/address.ts'
import { contains } from '../../../src/core/ip/range.ts'
import { admits, listing, lists } from '../../../src/core/pool/pool.ts'
import type { Pool } from '../../../src/core/pool/pool.ts'
import { pool } from '../pool/build.ts'
import { claim, cluster } from './build.ts'
import { anyClaims, anyPools, anySteps, heldBy, World } from './history.ts'

/** Whatever happens to whatever cluster, this is looked at after each step. */
function always(look: (world: World) => void, numRuns: number): void {
  fc.assert(
    fc.property(anyPools, anyClaims, anySteps, (pools, claims, steps) => {
      const world = new World(pools, claims)
      look(world)
      for (const step of steps) {
        world.do(step)
        look(world)
      }
    }),
    { numRuns },
  )
}

/** By walking every address: those that the pool may give out. */
function givenOutBy(each: Pool, family: Family): readonly Address[] {
  return each.entries
    .filter((range) => range.family === family)
    .flatMap(({ first, last }) => {
      const count = Number(last - first) + 1
      return Array.from({ length: count }, (_, at) => ({ family, value: first + BigInt(at) }))
    })
    .filter((address) => !each.exclude.some((range) => contains(range, address)))
}

function holdersOf(world: Allocation, address: Address): readonly string[] {
  const key = keyOf(address)
  return [...world.claims.keys()].filter((name) => heldBy(world, name).some((each) => keyOf(each) === key))
}

/** For whom the address is kept, by walking through all that is remembered; the one that had it last. */
function keptFor(
  { allocation, now }: Pick<World, 'allocation' | 'now'>,
  each: Pool,
  address: Address,
): string | undefined {
  const had = memoryOf(allocation, each.name).filter((one) => keyOf(one.address) === keyOf(address))
  const last = had.at(-1)
  return last && last.freedAt + each.retainMs > now ? last.service : undefined
}

describe('whatever happens', () => {
  it('no two Services hold one address unless they may share it, and every address lies in a pool that admits its Service', () => {
    always(({ allocation }) => {
      for (const [key, each] of allocation.claims) {
        const held = heldBy(allocation, key)
        expect(allocation.ledger.holdings.get(key)?.addresses ?? []).toEqual(held)
        if (!each.wantsLoadBalancer) expect(held).toEqual([])
        expect(new Set(held.map(({ family }) => family)).size).toBe(held.length)
        for (const address of held) {
          const others = othersWith(allocation.ledger, address, key)
          expect(others.map((other) => other.claim).toSorted()).toEqual(
            holdersOf(allocation, address)
              .filter((name) => name !== key)
              .toSorted(),
          )
          expect(obstacleTo(each, address, others)).toBeUndefined()
          const listers = allocation.pools.filter((candidate) => lists(candidate, address))
          expect(listers.some((candidate) => admits(candidate, each))).toBe(true)
        }
      }
      expect([...allocation.ledger.holdings.keys()].every((key) => allocation.claims.has(key))).toBe(true)
    }, 700)
  })

  it('whoever is asked again gets the same answer: nobody waits for what is there, and nothing moves', () => {
    always(({ allocation }) => {
      const { claims, pools, ledger, decisions } = allocation
      for (const [key, each] of claims) {
        const again = decide(each, pools, ledger)
        expect(`${key} ${gist(again)}`).toBe(`${key} ${gist(decisions.get(key))}`)
      }
    }, 1200)
  })

  it('what is given anew is not excluded, not quarantined and not kept for another Service', () => {
    fc.assert(
      fc.property(anyPools, anyClaims, anySteps, (pools, claims, steps) => {
        const world = new World(pools, claims)
        for (const step of steps.filter((each) => !('restart' in each) && !('pools' in each))) {
          const before = new Map(
            [...world.allocation.claims.keys()].map((key) => [key, heldBy(world.allocation, key)]),
          )
          const later = { allocation: world.allocation, now: world.now + step.afterMs }
          const given = world.allocation.pools.flatMap((each) =>
            [...givenOutBy(each, 'IPv4'), ...givenOutBy(each, 'IPv6')].map(
              (address) => [each, address, keptFor(later, each, address)] as const,
            ),
          )
          const claimed = 'put' in step ? step.put.holds.map(keyOf) : []
          world.do(step)
          for (const key of world.allocation.claims.keys()) {
            const had = (before.get(key) ?? []).map(keyOf)
            for (const address of heldBy(world.allocation, key)) {
              if (had.includes(keyOf(address)) || claimed.includes(keyOf(address))) continue
              const from = listing(address, world.allocation.pools)!
              const row = given.find(([each, one]) => each === from && keyOf(one) === keyOf(address))
              expect(row).toBeDefined()
              // Whom it is kept for may share it in the moment in which it comes back.
              expect(holdersOf(world.allocation, address)).toContain(row?.[2] ?? key)
              expect(world.allocation.ledger.quarantined.has(keyOf(address))).toBe(false)
            }
          }
        }
      }),
      { numRuns: 600 },
    )
  })

  it('the counters of every pool are those of a recount', () => {
    always((world) => {
      const { allocation } = world
      for (const each of allocation.pools) {
        for (const family of ['IPv4', 'IPv6'] as const) {
          const line = givenOutBy(each, family)
          const isFree = (address: Address): boolean => holdersOf(allocation, address).length === 0
          const isStrange = (address: Address): boolean => allocation.ledger.quarantined.has(keyOf(address))
          const free = line.filter(isFree)
          const all = [...allocation.claims.keys()].flatMap((key) => heldBy(allocation, key))
          const mine = all.filter((one) => one.family === family && listing(one, allocation.pools) === each)
          const plain = free.filter((address) => !isStrange(address))
          const retained = plain.filter((address) => keptFor(world, each, address) !== undefined)
          expect(poolUsage(allocation.ledger, each, family)).toEqual({
            total: line.length,
            allocated: new Set(mine.map(keyOf)).size,
            retained: retained.length,
            quarantined: free.length - plain.length,
            available: each.state.ready ? plain.length - retained.length : 0,
          })
        }
      }
    }, 700)
  })

  it('as many wait for a pool as are refused and say so', () => {
    always(({ allocation }) => {
      for (const { name } of allocation.pools) {
        const waiting = [...allocation.decisions.values()].filter((decision) => {
          return decision.kind === 'refuse' && decision.waitsFor.some((topic) => topic.split(' ')[1] === name)
        })
        expect(waitingFor(allocation, name)).toBe(waiting.length)
      }
    }, 300)
  })

  it('what a Service has it keeps, as long as nothing is said about it or its pools', () => {
    fc.assert(
      fc.property(anyPools, anyClaims, anySteps, (pools, claims, steps) => {
        const world = new World(pools, claims)
        for (const step of steps.filter((each) => !('pools' in each))) {
          const { claims: known } = world.allocation
          const before = new Map([...known.keys()].map((key) => [key, heldBy(world.allocation, key)]))
          const touched = 'put' in step ? step.put.key : 'remove' in step ? step.remove : ''
          world.do(step)
          for (const [key, held] of before) {
            if (key === touched || !isPlain(world.allocation.claims.get(key)!)) continue
            expect(heldBy(world.allocation, key).map(formatAddress)).toEqual(
              expect.arrayContaining(held.map(formatAddress)),
            )
          }
        }
      }),
      { numRuns: 400 },
    )
  })

  it('a controller that starts anew changes nothing, and goes on as the former one would have', () => {
    fc.assert(
      fc.property(anyPools, anyClaims, anySteps, anySteps, (pools, claims, steps, more) => {
        const world = new World(pools, claims)
        for (const step of steps) world.do(step)
        const other = new World([], [])
        other.now = world.now
        other.allocation = world.restarted()
        expectAlike(other, world)
        for (const step of more.filter((each) => !('pools' in each) && !('restart' in each))) {
          world.do(step)
          other.do(step)
          expectAlike(other, world)
        }
      }),
      { numRuns: 800 },
    )
  })

  it('the order in which Services are read at the start does not change who gets what', () => {
    fc.assert(
      fc.property(anyPools, anyClaims, (pools, claims) => {
        const one = cluster(pools, ...claims)
        const other = cluster(pools, ...claims.toReversed())
        for (const { key } of claims) expect(other.decisions.get(key)).toEqual(one.decisions.get(key))
      }),
      { numRuns: 300 },
    )
  })
})

/** What it has and whether that is all right; why not may be told as it was when it was looked at. */
function gist(decision: Decision | undefined): string {
  if (!decision) return 'unknown'
  return `${decision.kind === 'refuse' ? 'refused ' : ''}${heldAfter(decision).map(formatAddress).join()}`
}

function isPlain({ familyPolicy, asksFor, asksPool, sharing, wantsLoadBalancer }: Claim): boolean {
  const asks = asksFor.length > 0 || asksPool !== undefined || sharing.key !== undefined
  return wantsLoadBalancer && familyPolicy === 'SingleStack' && !asks
}

function expectAlike(one: World, other: World): void {
  for (const key of other.allocation.claims.keys()) {
    const [mine, theirs] = [one, other].map(({ allocation }) => gist(allocation.decisions.get(key)))
    expect(`${key} ${mine}`).toBe(`${key} ${theirs}`)
  }
  for (const each of other.allocation.pools) {
    for (const family of ['IPv4', 'IPv6'] as const) {
      const usage = (world: World) => poolUsage(world.allocation.ledger, each, family)
      expect(usage(one)).toEqual(usage(other))
    }
  }
}

describe('addresses', () => {
  it('are given in ascending order inside an entry', () => {
    const world = cluster(
      [pool('lab', '10.0.0.0/28')],
      ...Array.from({ length: 16 }, (_, at) => claim(`a/${at}`)),
    )
    const given = Array.from({ length: 16 }, (_, at) => heldBy(world, `a/${at}`)[0]!)
    expect(given.toSorted(compareAddresses)).toEqual(given)
  })
})
