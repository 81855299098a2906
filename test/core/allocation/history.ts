import fc from 'fast-check'
import {
  begin,
  lapse,
  memoryOf,
  put,
  quarantine,
  remove,
  repool,
} from '../../../src/core/allocation/allocation.ts'
import type { Allocation } from '../../../src/core/allocation/allocation.ts'
import type { Claim } from '../../../src/core/allocation/claim.ts'
import { heldAfter } from '../../../src/core/allocation/decision.ts'
import type { Quarantined } from '../../../src/core/allocation/memory.ts'
import type { Address } from '../../../src/core/ip/address.ts'
import { settleOverlaps } from '../../../src/core/pool/overlap.ts'
import { poolOf } from '../../../src/core/pool/pool.ts'
import type { Pool } from '../../../src/core/pool/pool.ts'
import { addressPoolSpec } from '../../../src/core/api/address-pool.ts'
import { addresses, claim, start } from './build.ts'

// Small pools and few names, so that everything collides with everything.
const anyLast = fc.integer({ min: 0, max: 9 })
const anyAddress = anyLast.map((last) => `10.0.0.${last}`)
const rarely = fc.nat(5).map((n) => n === 0)

const anyPool = fc
  .record({
    name: fc.constantFrom('p', 'q', 'r'),
    first: anyLast,
    size: fc.integer({ min: 0, max: 4 }),
    exclude: fc.array(anyAddress, { maxLength: 2 }),
    autoAssign: fc.nat(3).map((n) => n > 0),
    disabled: rarely,
    namespaces: fc.option(fc.constantFrom(['a'], ['b']), { nil: undefined, freq: 4 }),
    quota: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined, freq: 3 }),
    six: fc.boolean(),
    retain: fc.constantFrom('0s', '0s', '10s', '1m'),
    sharing: fc.constantFrom('Namespace', 'Cluster'),
    priority: fc.constantFrom(0, 0, 1),
    isLeaving: fc.nat(9).map((n) => n === 0),
  })
  .map(({ name, first, size, six, namespaces, quota, isLeaving, ...spec }) => {
    const entries = [`10.0.0.${first}-10.0.0.${first + size}`, ...(six ? [`fd00::${first}`] : [])]
    const more = { ...(namespaces && { namespaces }), ...(quota && { quota: { perNamespace: quota } }) }
    return poolOf(name, addressPoolSpec.parse({ addresses: entries, ...spec, ...more }), { isLeaving })
  })

export const anyPools = fc
  .uniqueArray(anyPool, { maxLength: 3, selector: ({ name }) => name })
  .map(settleOverlaps)

const anyClaim = fc
  .record({
    key: fc.constantFrom('a/1', 'a/2', 'a/3', 'b/1', 'b/2', 'b/3', 'b/4'),
    createdAt: fc.constantFrom('2024-01-01T00:00:00Z', '2024-01-02T00:00:00Z'),
    wantsLoadBalancer: fc.nat(5).map((n) => n > 0),
    asksFor: fc.option(anyAddress, { nil: '', freq: 3 }),
    asksPool: fc.option(fc.constantFrom('p', 'q'), { nil: undefined, freq: 4 }),
    holds: fc.option(anyAddress, { nil: '', freq: 2 }),
    share: fc.option(fc.constantFrom('k', 'l'), { nil: undefined, freq: 2 }),
    sharesWith: fc.constantFrom([], ['*'], ['a', 'b']),
    port: fc.constantFrom('TCP 80', 'TCP 25', 'UDP 53'),
    backend: fc.constantFrom('', '', 'x'),
    families: fc.constantFrom('SingleStack', 'PreferDualStack', 'RequireDualStack'),
  })
  .map(({ share, port, backend, sharesWith, families, ...wish }): Claim => {
    const isDual = families !== 'SingleStack'
    return claim(wish.key, {
      ...wish,
      sharing: { key: share, ports: [port], backend, sharesWith },
      familyPolicy: families as Claim['familyPolicy'],
      families: isDual ? ['IPv4', 'IPv6'] : ['IPv4'],
    })
  })

export const anyClaims = fc.uniqueArray(anyClaim, { maxLength: 7, selector: ({ key }) => key })

const anyQuarantine = fc.uniqueArray(anyAddress, { maxLength: 3 }).map((texts): readonly Quarantined[] => {
  return texts
    .flatMap((text) => addresses(text))
    .map((address) => ({ address, mac: '02:00:00:00:00:99', seen: 0 }))
})

/** One thing that happens, and how long after the one before. */
export type Step = { readonly afterMs: number } & (
  | { readonly put: Claim }
  | { readonly remove: string }
  | { readonly pools: readonly Pool[] }
  | { readonly quarantine: readonly Quarantined[] }
  | { readonly lapse: true }
  | { readonly restart: true }
)

const anyEvent = fc.oneof(
  { weight: 8, arbitrary: anyClaim.map((each) => ({ put: each })) },
  { weight: 5, arbitrary: anyClaim.map(({ key }) => ({ remove: key })) },
  { weight: 2, arbitrary: anyPools.map((pools) => ({ pools })) },
  { weight: 1, arbitrary: anyQuarantine.map((entries) => ({ quarantine: entries })) },
  { weight: 1, arbitrary: fc.constant({ lapse: true } as const) },
  { weight: 1, arbitrary: fc.constant({ restart: true } as const) },
)

const anyStep: fc.Arbitrary<Step> = fc
  .tuple(anyEvent, fc.constantFrom(1, 1, 4_000, 30_000))
  .map(([event, afterMs]) => ({ ...event, afterMs }))

export const anySteps = fc.array(anyStep, { maxLength: 14 })

/** A cluster, and what time it is there. */
export class World {
  now = start
  allocation: Allocation

  constructor(pools: readonly Pool[], claims: readonly Claim[]) {
    this.allocation = begin(pools, claims, [], this.now)
  }

  do(step: Step): void {
    const { allocation } = this
    this.now += step.afterMs
    if ('put' in step) put(allocation, step.put, this.now)
    else if ('remove' in step) remove(allocation, step.remove, this.now)
    else if ('pools' in step) repool(allocation, step.pools, this.now)
    else if ('quarantine' in step) quarantine(allocation, step.quarantine, this.now)
    else if ('lapse' in step) lapse(allocation, this.now)
    else this.allocation = this.restarted()
  }

  /** A controller that begins anew on what the last one has written. */
  restarted(): Allocation {
    const { claims, pools, ledger } = this.allocation
    const written = [...claims.values()].map((each) => ({
      ...each,
      holds: heldBy(this.allocation, each.key),
    }))
    const memory = pools.flatMap(({ name }) => memoryOf(this.allocation, name))
    return begin(pools, written, memory, this.now, [...ledger.quarantined.values()])
  }
}

export function heldBy(world: Allocation, key: string): readonly Address[] {
  const decision = world.decisions.get(key)
  return decision ? heldAfter(decision) : []
}
