import { excludeLabel, outOfServiceTaint } from '../api/names.ts'
import { formatAddress } from '../ip/address.ts'
import type { Address } from '../ip/address.ts'
import { listed } from '../words/listed.ts'
import type { CandidatePool, CandidateView } from './candidates.ts'
import { exclusionsOf } from './exclusion.ts'
import type { Exclusion } from './exclusion.ts'

/** A pool and its name, which is where its operator looks for what is said about it. */
export type NamedPool = CandidatePool & { readonly name: string }

type NamedView = CandidateView & { readonly pool: NamedPool }

const longest = 1_024

const rules: readonly Exclusion[] = [
  'OutOfService',
  'Labelled',
  'NetworkUnavailable',
  'NotSelected',
  'NoInterface',
  'OtherSegment',
  'NoEndpoint',
]

/** Which rule keeps which nodes from announcing the address, where no node may; at most 1,024 characters. */
export function whyNobody(address: Address, view: NamedView): string {
  const { pool } = view
  if (!pool.enabled) return `spec.l2.enabled of AddressPool ${pool.name} is false`
  const exclusions = [...exclusionsOf(address, view)]
  if (exclusions.length === 0) return 'the cluster has no nodes'
  const clauses = rules.flatMap((rule) => {
    const nodes = exclusions.flatMap(([node, exclusion]) => (exclusion === rule ? node : []))
    if (nodes.length === 0) return []
    return `${listed(nodes)} ${exclusionWords(rule, address, pool, nodes.length > 1)}`
  })
  const furthest = rules.findLast((rule) => exclusions.some(([, each]) => each === rule)) as Exclusion
  return cut(`${clauses.join(', ')}; ${mendFor(furthest, pool)}`)
}

/** What would make a candidate of a node that only this rule is left to keep from it. */
function mendFor(exclusion: Exclusion, pool: NamedPool): string {
  switch (exclusion) {
    case 'OutOfService':
      return 'remove the taint from a node that is back'
    case 'Labelled':
      return 'remove the label from a node'
    case 'NetworkUnavailable':
      return 'look at the network plugin of that node'
    case 'NotSelected':
      return `correct spec.l2.nodeSelectors of AddressPool ${pool.name}, or label a node`
    case 'NoInterface':
      return pool.interfaces.length === 0
        ? 'status.unusedInterfaces of its Speaker says why'
        : `correct spec.l2.interfaces of AddressPool ${pool.name}`
    case 'OtherSegment':
    case 'NoEndpoint':
      return 'run a Pod on another node, or set externalTrafficPolicy: Cluster'
  }
}

/** What it is about a node, or more than one, that keeps it from announcing the address. */
export function exclusionWords(
  exclusion: Exclusion,
  address: Address,
  pool: NamedPool,
  areMany = false,
): string {
  const [is, has] = areMany ? ['are', 'have'] : ['is', 'has']
  switch (exclusion) {
    case 'OutOfService':
      return `${has} the taint ${outOfServiceTaint}`
    case 'Labelled':
      return `${is} excluded by the label ${excludeLabel}`
    case 'NetworkUnavailable':
      return `${has} no network (condition NetworkUnavailable)`
    case 'NotSelected':
      return `${is} not chosen by the nodeSelectors of AddressPool ${pool.name}`
    case 'NoInterface':
      return `${has} no interface that ${interfacesOf(pool)}`
    case 'OtherSegment':
      return `${has} no interface whose subnet holds ${formatAddress(address)}`
    case 'NoEndpoint':
      return `${has} no Pod that serves (externalTrafficPolicy: Local)`
  }
}

function interfacesOf({ interfaces }: NamedPool): string {
  return interfaces.length === 0 ? 'can announce' : `matches ${listed(interfaces, 'or')}`
}

function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text
}
