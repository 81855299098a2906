import type { AddressPoolSpec } from '../api/address-pool.ts'
import { durationMs } from '../api/duration.ts'
import { everywhere } from '../election/candidates.ts'
import type { CandidatePool } from '../election/candidates.ts'
import type { Address, Family } from '../ip/address.ts'
import { contains, parseRange } from '../ip/range.ts'
import type { Range } from '../ip/range.ts'
import { lineOf } from './line.ts'
import type { Line } from './line.ts'
import { matchesAny } from './selector.ts'
import type { Labels } from './selector.ts'

/** Why a pool can, or cannot, give out addresses: the reason of its Ready condition. */
export type PoolReason = 'Accepted' | 'InvalidAddresses' | 'InvalidSpec' | 'Overlaps' | 'Leaving'

/** Whether a pool can give out addresses, and if not, what would mend it. */
export interface PoolState {
  readonly ready: boolean
  readonly reason: PoolReason
  readonly message: string
}

/** A pool as its operator wrote it, read. */
export interface Pool {
  readonly name: string
  readonly state: PoolState
  /** False when part of it could not be read: then nobody can say which addresses are not its own. */
  readonly whole: boolean
  /** Every address listed, excluded ones included: a Service that holds one of them keeps it. */
  readonly entries: readonly Range[]
  readonly exclude: readonly Range[]
  /** Listed addresses that are given only to a Service that asks for them. */
  readonly onRequest: readonly Range[]
  /** What may be given out, in order. */
  readonly lines: Readonly<Record<Family, Line>>
  readonly autoAssign: boolean
  readonly disabled: boolean
  readonly priority: number
  readonly namespaces: AddressPoolSpec['namespaces']
  readonly namespaceSelectors: AddressPoolSpec['namespaceSelectors']
  readonly serviceSelectors: AddressPoolSpec['serviceSelectors']
  /** How many addresses one namespace may hold; undefined for no limit. */
  readonly quota: number | undefined
  /** For how long a freed address is kept for the Service that had it. */
  readonly retainMs: number
  /** Whether Services of different namespaces may share an address of it, if they agree. */
  readonly sharing: AddressPoolSpec['sharing']
  /** It is being deleted: it gives out nothing new, and is gone once nobody holds an address of it. */
  readonly isLeaving: boolean
  readonly announce: CandidatePool
}

/** What is wanted from a pool: whose it would be, and with which labels. */
export interface Applicant {
  readonly namespace: string
  readonly namespaceLabels: Labels
  readonly labels: Labels
}

const accepted: PoolState = { ready: true, reason: 'Accepted', message: 'its addresses can be given out' }

const leaving: PoolState = { ready: false, reason: 'Leaving', message: 'it is being deleted' }

/** Reads a pool. What cannot be read is told in its state, and the rest of it is kept. */
export function poolOf(name: string, spec: AddressPoolSpec, { isLeaving = false } = {}): Pool {
  const { ranges: entries, problems } = readAll(spec.addresses)
  const { ranges: exclude, problems: more } = readAll(spec.exclude)
  const onRequest = spec.addresses.flatMap(routersOf)
  const lineFor = (family: Family): Line =>
    lineOf(of(family, entries), of(family, [...exclude, ...onRequest]), spec.avoidBuggyIPs)
  const { autoAssign, disabled, priority, namespaces, namespaceSelectors, serviceSelectors } = spec
  return {
    name,
    state: isLeaving ? leaving : stateOf([...problems, ...more]),
    whole: problems.length === 0,
    entries,
    exclude,
    onRequest,
    lines: { IPv4: lineFor('IPv4'), IPv6: lineFor('IPv6') },
    autoAssign,
    disabled,
    priority,
    namespaces,
    namespaceSelectors,
    serviceSelectors,
    quota: spec.quota?.perNamespace,
    retainMs: durationMs(spec.retain),
    sharing: spec.sharing,
    isLeaving,
    announce: spec.l2,
  }
}

/** A pool of which nothing could be read; it gives out nothing, and Services keep what they have, announced as it says. */
export function unreadablePool(name: string, problem: string, announce = everywhere): Pool {
  const none = lineOf([], [], false)
  return {
    name,
    state: { ready: false, reason: 'InvalidSpec', message: problem },
    whole: false,
    entries: [],
    exclude: [],
    onRequest: [],
    lines: { IPv4: none, IPv6: none },
    autoAssign: false,
    disabled: false,
    priority: 0,
    namespaces: undefined,
    namespaceSelectors: undefined,
    serviceSelectors: undefined,
    quota: undefined,
    retainMs: 0,
    sharing: 'Namespace',
    isLeaving: false,
    announce,
  }
}

/** Whether a Service may have the address, which the pool lists, though it is not on its line. */
export function isOnRequest({ onRequest, exclude }: Pool, address: Address): boolean {
  const isIn = (range: Range): boolean => contains(range, address)
  return onRequest.some(isIn) && !exclude.some(isIn)
}

/** The pool that an address belongs to: of two that list it, the one that is ready. */
export function listing(address: Address, pools: readonly Pool[]): Pool | undefined {
  const all = pools.filter((pool) => lists(pool, address))
  return all.find((pool) => pool.state.ready) ?? all[0]
}

/** Whether the pool lists the address, excluded or not. */
export function lists(pool: Pool, address: Address): boolean {
  return pool.entries.some((entry) => contains(entry, address))
}

/** Whether the pool is for this applicant: its namespace and its labels. What is absent from the pool lets everyone in. */
export function admits(pool: Pool, applicant: Applicant): boolean {
  return admitsNamespace(pool, applicant) && matchesIfAny(pool.serviceSelectors, applicant.labels)
}

/** Whether the pool is meant for some Services only; such a pool comes before open ones. */
export function isPinned(pool: Pool): boolean {
  return (pool.namespaces ?? pool.namespaceSelectors ?? pool.serviceSelectors) !== undefined
}

function admitsNamespace({ namespaces, namespaceSelectors }: Pool, applicant: Applicant): boolean {
  if (!namespaces && !namespaceSelectors) return true
  if (namespaces?.includes(applicant.namespace)) return true
  return matchesAny(namespaceSelectors ?? [], applicant.namespaceLabels)
}

function matchesIfAny(selectors: AddressPoolSpec['serviceSelectors'], labels: Labels): boolean {
  return selectors === undefined || matchesAny(selectors, labels)
}

function readAll(texts: readonly string[]): {
  readonly ranges: readonly Range[]
  readonly problems: readonly string[]
} {
  const ranges: Range[] = []
  const problems: string[] = []
  for (const text of texts) {
    const parsed = parseRange(text)
    if ('problem' in parsed) problems.push(parsed.problem)
    else ranges.push(parsed.range)
  }
  return { ranges, problems }
}

/**
 * The first address of an IPv6 network: all its routers answer for it (RFC 4291, 2.6.1). Not so in a /127
 * (RFC 6164); and who writes a range or a single address says which addresses are meant.
 */
function routersOf(entry: string): readonly Range[] {
  const parsed = entry.includes('/') ? parseRange(entry) : undefined
  if (!parsed || 'problem' in parsed) return []
  const { family, first, last } = parsed.range
  return family === 'IPv6' && last - first > 1n ? [{ family, first, last: first }] : []
}

function stateOf(problems: readonly string[]): PoolState {
  return problems.length === 0
    ? accepted
    : { ready: false, reason: 'InvalidAddresses', message: problems.join('; ') }
}

function of(family: Family, ranges: readonly Range[]): readonly Range[] {
  return ranges.filter((range) => range.family === family)
}
