import type { Candidate } from '../../src/core/election/candidates.ts'
import type { Duty } from '../../src/core/election/event.ts'
import type { Address } from '../../src/core/ip/address.ts'
import type { Chance } from './chance.ts'

/** What the API server holds: for each address where it should be and who may have it. */
export interface Cluster {
  readonly duties: Map<number, Duty>
  revision: number
}

export function addressAt(index: number): Address {
  return { family: 'IPv4', value: 0x0a4d0200n + BigInt(index) }
}

/** Every address placed in turn, every node a candidate. */
export function clusterOf(nodes: readonly string[], addresses: number): Cluster {
  const candidates: readonly Candidate[] = nodes.map((node) => ({ node, lastResort: false }))
  const duties = new Map<number, Duty>()
  for (let at = 0; at < addresses; at++) {
    const placement = { node: nodes[at % nodes.length] as string, revision: at + 1 }
    duties.set(at, { address: addressAt(at), placement, candidates })
  }
  return { duties, revision: addresses }
}

/** Places one address on a node: the next revision. */
export function place(cluster: Cluster, at: number, node: string): void {
  const duty = cluster.duties.get(at)
  if (duty === undefined) return
  cluster.revision++
  cluster.duties.set(at, { ...duty, placement: { node, revision: cluster.revision } })
}

/** Makes some of the nodes candidates for an address; one of them now and then of last resort. */
export function choose(cluster: Cluster, at: number, nodes: readonly string[], chance: Chance): void {
  const duty = cluster.duties.get(at)
  if (duty === undefined) return
  const chosen = nodes.filter(() => chance.happens(0.6))
  const candidates = chosen.map((node) => ({ node, lastResort: chance.happens(0.2) }))
  cluster.duties.set(at, { ...duty, candidates })
}

/** What the controller does now and then: the node that announces an address, alone, becomes its placement. */
export function follow(cluster: Cluster, announcersOf: (at: number) => readonly string[]): void {
  for (const [at, { placement }] of cluster.duties) {
    const [announcer, ...others] = announcersOf(at)
    if (announcer !== undefined && others.length === 0 && placement?.node !== announcer)
      place(cluster, at, announcer)
  }
}
