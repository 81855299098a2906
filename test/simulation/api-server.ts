import type { SpeakerSpec } from '../../src/core/api/speaker.ts'
import type { Candidate } from '../../src/core/election/candidates.ts'
import type { Duty } from '../../src/core/election/event.ts'
import { keyOf } from '../../src/core/election/key.ts'
import type { Key } from '../../src/core/election/key.ts'
import { newestPlaced } from '../../src/core/election/placement.ts'
import type { Address } from '../../src/core/ip/address.ts'
import { formatAddress } from '../../src/core/ip/address.ts'

/** An address that a Service has, who may announce it, and which node the Service asks for. */
export interface Lease {
  readonly address: Address
  readonly text: string
  readonly key: Key
  readonly isHeld: boolean
  readonly candidates: readonly Candidate[]
  readonly preferredNode: string | undefined
}

/** What a speaker writes into its object. */
export interface Report {
  readonly ready: boolean
  readonly announcing: readonly string[]
  readonly peers: readonly string[]
}

/** What the API server holds, and what it held a while ago. */
export interface ApiServer {
  isUp: boolean
  readonly leases: Lease[]
  /** Another one whenever any of them changes. */
  leaseVersion: number
  readonly specs: Map<string, SpeakerSpec>
  readonly reports: Map<string, Report>
  /** What is to be announced, newest last: so far back may a stale view go. */
  readonly versions: (readonly Duty[])[]
  readonly watchers: (() => void)[]
}

const mostVersions = 12

/** Four addresses of IPv4 and two of IPv6, and more of both in that measure. */
export function addressAt(index: number): Address {
  if (index % 3 === 2) return { family: 'IPv6', value: 0xfd00_0010n * 2n ** 96n + BigInt(index) }
  return { family: 'IPv4', value: 0x0a4d0200n + BigInt(index) }
}

export function apiServerOf(nodes: readonly string[], addresses: number): ApiServer {
  const candidates = nodes.map((node) => ({ node, lastResort: false }))
  const leases = Array.from({ length: addresses }, (_, at): Lease => {
    const address = addressAt(at)
    const names = { text: formatAddress(address), key: keyOf(address) }
    return { address, ...names, isHeld: true, candidates, preferredNode: undefined }
  })
  const none = { revision: 0, addresses: [] }
  const specs = new Map(nodes.map((node) => [node, none]))
  return { isUp: true, leases, leaseVersion: 0, specs, reports: new Map(), versions: [[]], watchers: [] }
}

/** What is to be announced as the API server showed it so many versions ago. */
export function dutiesOf({ versions }: ApiServer, age: number): readonly Duty[] {
  return versions[Math.max(0, versions.length - 1 - age)] as readonly Duty[]
}

/** Changes one Service's address. */
export function amend(api: ApiServer, at: number, change: Partial<Lease>): void {
  api.leases[at] = { ...(api.leases[at] as Lease), ...change }
  api.leaseVersion++
  publish(api)
}

export function writeSpec(api: ApiServer, node: string, spec: SpeakerSpec): void {
  api.specs.set(node, spec)
  publish(api)
}

export function writeReport(api: ApiServer, node: string, report: Report): void {
  api.reports.set(node, report)
  for (const wake of api.watchers) wake()
}

/** Makes a new version of what is to be announced. */
function publish(api: ApiServer): void {
  const standing = [...api.specs].flatMap(([node, { addresses }]) => {
    return addresses.map(({ address, revision }) => [address, { node, revision }] as const)
  })
  const placed = newestPlaced(standing)
  const held = api.leases.filter(({ isHeld }) => isHeld)
  api.versions.push(
    held.map(({ address, text, candidates }) => ({ address, placement: placed.get(text), candidates })),
  )
  if (api.versions.length > mostVersions) api.versions.shift()
  for (const wake of api.watchers) wake()
}
