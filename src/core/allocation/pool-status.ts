import type { AddressPoolStatus } from '../api/address-pool.ts'
import type { Condition } from '../api/condition.ts'
import { momentOf } from '../api/moment.ts'
import { balanced, ready, sound } from '../api/names.ts'
import { compareAddresses, formatAddress } from '../ip/address.ts'
import type { Pool } from '../pool/pool.ts'
import { firstFew } from '../words/listed.ts'
import { memoryOf, nextToGive, waitingFor } from './allocation.ts'
import type { Allocation } from './allocation.ts'
import { shelvesOf } from './ledger.ts'
import type { Ledger } from './ledger.ts'
import { compareFreed, mostQuarantined, mostUpcoming } from './memory.ts'
import type { Remembered } from './memory.ts'
import { heldCount, holdersFrom, poolUsage } from './pool-usage.ts'
import type { Remark } from './remark.ts'
import { families, hasListed } from './shelves.ts'

/** An AddressPool's status as it stands, and the generation of the spec that was read with it. */
export interface StandingPool {
  readonly status: AddressPoolStatus
  readonly generation: number
}

/** What is merged into the status of a pool; `null` takes a field away. */
export interface PoolStatusPatch {
  readonly ipv4?: AddressPoolStatus['ipv4']
  readonly ipv6?: AddressPoolStatus['ipv6']
  readonly waiting?: number
  readonly remembered?: AddressPoolStatus['remembered'] | null
  readonly quarantine?: AddressPoolStatus['quarantine'] | null
  readonly probe?: AddressPoolStatus['probe'] | null
  readonly conditions?: readonly Condition[]
}

/** What there is to say about a pool besides who holds what. */
export interface Findings {
  readonly remarks: readonly Remark[]
  /** What a rebalance would move, in words; undefined while it would move nothing. */
  readonly unevenness?: string | undefined
  /** The moment of what changes now. */
  readonly now: string
}

/** What to merge into the pool's status so that it says how the pool is; undefined when it says so already. */
export function poolStatusPatch(
  allocation: Allocation,
  pool: Pool,
  standing: StandingPool,
  findings: Findings,
): PoolStatusPatch | undefined {
  const { ledger } = allocation
  const remembered = rememberedIn(allocation, pool.name)
  const wanted = {
    ipv4: poolUsage(ledger, pool, 'IPv4'),
    ipv6: poolUsage(ledger, pool, 'IPv6'),
    waiting: waitingFor(allocation, pool.name),
    remembered: orNothing(remembered),
    quarantine: orNothing(quarantineIn(ledger, pool.name)),
    probe: orNothing(upcomingIn(allocation, pool)),
    conditions: mergedConditions(verdictsOn(allocation, pool, findings), standing, findings.now),
  }
  const fields = Object.keys(wanted) as (keyof typeof wanted)[]
  const changed = fields.filter((field) => {
    if (field === 'remembered') return !isSameMemory(remembered, standing.status.remembered)
    return sorted(wanted[field]) !== sorted(standing.status[field])
  })
  if (changed.length === 0) return undefined
  return Object.fromEntries(changed.map((field) => [field, wanted[field] ?? null]))
}

/** Of the remarks those that the pool's condition does not make yet. */
export function newPoolRemarks(
  remarks: readonly Remark[],
  { conditions = [] }: AddressPoolStatus,
): readonly Remark[] {
  const former = conditions.find(({ type }) => type === sound)?.message ?? ''
  return remarks.filter(({ message }) => !former.includes(message))
}

/** Who answers for which addresses of the pool; a device that was not told of before is told by an Event. */
export function newlyQuarantined(
  patch: PoolStatusPatch,
  { quarantine: former = [] }: AddressPoolStatus,
): Quarantine {
  const isKnown = (one: Quarantine[number]): boolean =>
    former.some(({ address, mac }) => address === one.address && mac === one.mac)
  return (patch.quarantine ?? []).filter((each) => !isKnown(each))
}

type Quarantine = NonNullable<AddressPoolStatus['quarantine']>

/** In one order, so that what was read from there is not written again; of too many those with the lowest addresses. */
function quarantineIn(ledger: Ledger, pool: string): Quarantine {
  const shelves = shelvesOf(ledger, pool)
  const entries = [...ledger.quarantined.values()].filter(({ address }) => hasListed(shelves, address))
  const inOrder = entries.toSorted((a, b) => compareAddresses(a.address, b.address))
  return inOrder.slice(0, mostQuarantined).map(({ address, mac, seen }) => {
    return { address: formatAddress(address), mac, seen: momentOf(seen) }
  })
}

function upcomingIn(allocation: Allocation, pool: Pool): readonly string[] {
  const next = families.flatMap((family) => nextToGive(allocation, pool, family, mostUpcoming))
  return next.map(formatAddress)
}

function orNothing<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined
}

type Memory = NonNullable<AddressPoolStatus['remembered']>

/** In one order whatever happened before, so that what was read from there is not written again. */
function rememberedIn(allocation: Allocation, pool: string): Memory {
  const inOrder = memoryOf(allocation, pool).toSorted(compareRemembered)
  return inOrder.map(({ address, service, freedAt }) => {
    return { address: formatAddress(address), service, freedAt: momentOf(freedAt) }
  })
}

function compareRemembered(a: Remembered, b: Remembered): number {
  return compareFreed(a, b) || compareAddresses(a.address, b.address) || (a.service < b.service ? -1 : 1)
}

/** A condition without the moments at which it became so and was looked at. */
type Verdict = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>

function verdictsOn(
  { ledger }: Allocation,
  pool: Pool,
  { remarks, unevenness }: Findings,
): readonly Verdict[] {
  const { state, isLeaving } = pool
  const readiness: Verdict = isLeaving
    ? { type: ready, status: 'False', reason: 'Leaving', message: leavingText(pool, ledger) }
    : { type: ready, status: state.ready ? 'True' : 'False', reason: state.reason, message: state.message }
  return [readiness, ...soundness(remarks), ...balance(unevenness)]
}

function soundness(remarks: readonly Remark[]): readonly Verdict[] {
  const [first] = remarks
  const message = remarks.map((remark) => remark.message).join('; ')
  return first ? [{ type: sound, status: 'False', reason: first.reason, message }] : []
}

function balance(unevenness: string | undefined): readonly Verdict[] {
  if (unevenness === undefined) return []
  return [{ type: balanced, status: 'False', reason: 'Uneven', message: unevenness }]
}

function leavingText({ name }: Pool, ledger: Ledger): string {
  const held = heldCount(ledger, name)
  const holders = holdersFrom(ledger, name).toSorted()
  if (held === 0) return 'it is being deleted, and nobody holds an address of it any more'
  const count = held === 1 ? 'one of its addresses is' : `${held} of its addresses are`
  return `it is being deleted and gives out nothing new; ${count} still held, by ${firstFew(holders)}; delete these Services, or create another AddressPool with the same addresses, which takes them over`
}

function mergedConditions(
  verdicts: readonly Verdict[],
  { status: { conditions = [] }, generation }: StandingPool,
  now: string,
): readonly Condition[] {
  const others = conditions.filter(({ type }) => ![ready, sound, balanced].includes(type))
  const ours = verdicts.map((verdict) => {
    const former = conditions.find(({ type }) => type === verdict.type)
    const lastTransitionTime = former?.status === verdict.status ? former.lastTransitionTime : now
    return { ...verdict, lastTransitionTime, observedGeneration: generation }
  })
  return [...others, ...ours]
}

function isSameMemory(a: Memory, b: Memory = []): boolean {
  const isSame = (one: Memory[number], other: Memory[number] | undefined): boolean =>
    one.address === other?.address && one.service === other.service && one.freedAt === other.freedAt
  return a.length === b.length && a.every((each, at) => isSame(each, b[at]))
}

/** Text that does not depend on the order of the fields. */
function sorted(value: unknown): string | undefined {
  return JSON.stringify(value, (_, each: unknown) => {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return each
    return Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  })
}
