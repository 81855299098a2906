import { excludeLabel } from '../api/names.ts'
import type { Address } from '../ip/address.ts'
import { contains } from '../ip/range.ts'
import { matchesGlob } from '../pool/glob.ts'
import { matchesAny } from '../pool/selector.ts'
import type { CandidateNode, CandidatePool, CandidateService, CandidateView } from './candidates.ts'

/** Why a node may not announce an address. A closed list, in the order in which the rules are looked at. */
export type Exclusion =
  | 'OutOfService' // it has the taint node.kubernetes.io/out-of-service
  | 'Labelled' // it is excluded from load balancers
  | 'NetworkUnavailable'
  | 'NotSelected' // no nodeSelector of the pool chooses it
  | 'NoInterface' // it has none that can announce, or none that the pool chooses
  | 'OtherSegment' // another node has an interface whose subnet holds the address, and it has none
  | 'NoEndpoint' // nothing serves on it, and the policy is Local

/** Why the node may announce nothing of the pool, whatever the address; undefined when it may. */
export function exclusionOf(node: CandidateNode, pool: CandidatePool): Exclusion | undefined {
  if (node.outOfService) return 'OutOfService'
  if (Object.hasOwn(node.labels, excludeLabel)) return 'Labelled'
  if (node.networkUnavailable) return 'NetworkUnavailable'
  const { nodeSelectors = [] } = pool
  if (nodeSelectors.length > 0 && !matchesAny(nodeSelectors, node.labels)) return 'NotSelected'
  const hasInterface = node.interfaces?.some(({ name }) => isUsable(name, pool)) ?? true
  return hasInterface ? undefined : 'NoInterface'
}

/** Why each node that may not announce the address may not. While nothing serves at all, that is no reason. */
export function exclusionsOf(address: Address, view: CandidateView): ReadonlyMap<string, Exclusion> {
  const nodes = [...view.nodes]
  const { pool, services } = view
  const isServed = services.some(({ servingOn }) => servingOn.size > 0)
  const allowed = nodes.filter((node) => exclusionOf(node, pool) === undefined)
  const near = new Set(allowed.filter((node) => isOnSegment(node, address, pool)))
  const why = (node: CandidateNode): Exclusion | undefined => {
    const exclusion = exclusionOf(node, pool)
    if (exclusion !== undefined) return exclusion
    if (near.size > 0 && !near.has(node)) return 'OtherSegment'
    return isServed && !services.some((service) => serves(service, node.name)) ? 'NoEndpoint' : undefined
  }
  return new Map(
    nodes.flatMap((node) => {
      const exclusion = why(node)
      return exclusion === undefined ? [] : [[node.name, exclusion] as const]
    }),
  )
}

/** Whether an interface of the node that the pool chooses has a subnet that holds the address. */
export function isOnSegment(node: CandidateNode, address: Address, pool: CandidatePool): boolean {
  return (node.interfaces ?? []).some(
    ({ name, prefixes }) => isUsable(name, pool) && prefixes.some((prefix) => contains(prefix, address)),
  )
}

/** Whether traffic of the Service that comes to the node reaches something that serves. */
export function serves({ policy, servingOn }: CandidateService, node: string): boolean {
  if (policy === 'Cluster') return servingOn.size > 0
  return servingOn.has(node) || servingOn.has(undefined)
}

function isUsable(name: string, pool: CandidatePool): boolean {
  return pool.interfaces.length === 0 || pool.interfaces.some((pattern) => matchesGlob(pattern, name))
}
