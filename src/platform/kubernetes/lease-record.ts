import { microTime } from './micro-time.ts'
import type { ObjectMeta } from './object.ts'

/** A coordination.k8s.io/v1 Lease as the API server has it. */
export interface Lease {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: ObjectMeta
  readonly spec?: LeaseSpec
}

export interface LeaseSpec {
  readonly holderIdentity?: string | null
  readonly leaseDurationSeconds?: number
  readonly acquireTime?: string
  readonly renewTime?: string
  readonly leaseTransitions?: number
}

/** Who takes or renews a Lease, for how long, and when by the wall clock; that time is for people only. */
export interface Taker {
  readonly identity: string
  readonly durationMs: number
  readonly at: Date
}

/** Who holds it; undefined when it was given back. */
export function holderOf(lease: Lease): string | undefined {
  return lease.spec?.holderIdentity || undefined
}

export function durationMsOf(lease: Lease): number {
  return (lease.spec?.leaseDurationSeconds ?? 0) * 1000
}

export function newLease(namespace: string, name: string, taker: Taker): Lease {
  const now = microTime(taker.at)
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { namespace, name },
    spec: { ...heldBy(taker), acquireTime: now, renewTime: now, leaseTransitions: 0 },
  }
}

/** The Lease as it is to be written to hold it, or to go on holding it. */
export function taken(lease: Lease, taker: Taker): Lease {
  const now = microTime(taker.at)
  const keeps = holderOf(lease) === taker.identity
  const transitions = (lease.spec?.leaseTransitions ?? 0) + (keeps ? 0 : 1)
  const acquireTime = (keeps ? lease.spec?.acquireTime : undefined) ?? now
  const spec = { ...lease.spec, ...heldBy(taker), acquireTime, renewTime: now, leaseTransitions: transitions }
  return { ...lease, spec }
}

/** The Lease as it is to be written so that anyone may take it at once. */
export function given(lease: Lease, at: Date): Lease {
  const spec = { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime(at) }
  return { ...lease, spec }
}

function heldBy(taker: Taker): LeaseSpec {
  const leaseDurationSeconds = Math.max(1, Math.ceil(taker.durationMs / 1000))
  return { holderIdentity: taker.identity, leaseDurationSeconds }
}
