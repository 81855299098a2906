import type { Address, Family } from '../ip/address.ts'
import type { Labels } from '../pool/selector.ts'
import type { Remark } from './remark.ts'

/** What one Service asks for, and what it holds as far as its status says. */
export interface Claim {
  /** `namespace/name`. */
  readonly key: string
  readonly namespace: string
  /** `metadata.creationTimestamp`: such texts sort by time. */
  readonly createdAt: string
  /** When we first saw it, in the order of events: settles the age of two Services of one second. */
  readonly arrival: number
  /** False when the Service is not, or no longer, ours. */
  readonly wantsLoadBalancer: boolean
  /** The families that it can be reached by, in its order. */
  readonly families: readonly Family[]
  readonly familyPolicy: 'SingleStack' | 'PreferDualStack' | 'RequireDualStack'
  readonly asksFor: readonly Address[]
  /** The pool that it asks for. */
  readonly asksPool: string | undefined
  /** What is wrong with the request itself, and what would mend it. */
  readonly problem: string | undefined
  readonly sharing: Sharing
  readonly labels: Labels
  readonly namespaceLabels: Labels
  readonly holds: readonly Address[]
  /** What is legal in the Service and surely unmeant. */
  readonly remarks: readonly Remark[]
}

/** What decides whether two Services may have one address. */
export interface Sharing {
  readonly key: string | undefined
  readonly namespace: string
  /** The other namespaces with whose Services it may share, or `*` for all of them; its own needs no word. */
  readonly sharesWith: readonly string[]
  /** Protocol and port, such as `TCP 80`. */
  readonly ports: readonly string[]
  /** Where traffic for the address must go: empty with policy Cluster, else the selector. */
  readonly backend: string
}

const byName = new Intl.Collator('en', { numeric: true })

/** Orders claims: the oldest first. Where nothing else tells, web-2 comes before web-10. */
export function compareClaims(a: Claim, b: Claim): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1
  return a.arrival - b.arrival || byName.compare(a.key, b.key)
}
