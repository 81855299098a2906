import { listOf, recordsOf, textsOf } from '../api/lenient.ts'
import type { AddressPoolSpec, AddressPoolStatus } from '../api/address-pool.ts'
import { isGivenByUs, readService } from '../allocation/service.ts'
import type { ServiceObject } from '../allocation/service.ts'
import { canonical } from '../ip/canonical.ts'
import type { Canonical } from '../ip/canonical.ts'
import type { Range } from '../ip/range.ts'
import { announceOf, readableEntries } from '../pool/announce.ts'
import type { CandidatePool } from './candidates.ts'

/*
 * What a speaker keeps of Services and pools: small, for it keeps it of every one of them. Whatever is not as it should
 * be is left out.
 */

/** What matters of a Service to those who announce. */
export interface DutyService {
  readonly policy: 'Cluster' | 'Local'
  /** Of type LoadBalancer. */
  readonly wantsAddress: boolean
  /** The addresses in its status, canonical, if they are of our giving. */
  readonly holds: readonly string[]
  /** The node that it asks for. */
  readonly preferredNode: string | undefined
  /** Its first TCP port, if it has one. */
  readonly tcpPort: number | undefined
}

/** Reads a Service as the API server gives it. */
export function dutyServiceOf(raw: ServiceObject): DutyService {
  const service = readService(raw)
  const ingress = isGivenByUs(service) ? listOf(service.ingress) : []
  return {
    policy: service.trafficPolicy,
    wantsAddress: service.isLoadBalancer,
    holds: ingress.flatMap(({ ip }) => canonical(ip)?.text ?? []),
    preferredNode: service.preferredNode,
    tcpPort: tcpPortOf(service.ports),
  }
}

/** Ports are told as `TCP 80`. */
function tcpPortOf(ports: readonly string[]): number | undefined {
  const first = ports.find((port) => port.startsWith('TCP '))
  return first === undefined ? undefined : Number(first.slice(4))
}

/** What matters of a pool to those who announce. */
export interface DutyPool {
  readonly announce: CandidatePool
  readonly ranges: readonly Range[]
  /** Whether a new address is tried before it is announced. */
  readonly waitsUntilReady: boolean
  /** The addresses that are given next, to be asked for ahead of time. */
  readonly probe: readonly Canonical[]
  /** Those that another device answers for. */
  readonly quarantine: readonly Canonical[]
}

interface DutyPoolObject {
  readonly spec?: Partial<AddressPoolSpec> | null
  readonly status?: Partial<AddressPoolStatus> | null
}

/** Reads an AddressPool as the API server gives it, as far as it can be read. */
export function dutyPoolOf({ spec, status }: DutyPoolObject): DutyPool {
  const waitsUntilReady = spec?.l2?.readiness !== 'None'
  const probe = textsOf(status?.probe).flatMap((text) => canonical(text) ?? [])
  const quarantine = recordsOf(status?.quarantine).flatMap(({ address }) => canonical(address) ?? [])
  return { announce: announceOf(spec), ranges: readableEntries(spec), waitsUntilReady, probe, quarantine }
}
