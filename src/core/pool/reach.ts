import type { Remark } from '../allocation/remark.ts'
import { firstFew } from '../words/listed.ts'
import { matchesGlob } from './glob.ts'
import type { Pool } from './pool.ts'
import { matches, matchesAny } from './selector.ts'
import type { Labels } from './selector.ts'

/** A node as far as a pool chooses by it. */
export interface ReachableNode {
  readonly name: string
  readonly labels: Labels
  /** Its usable interfaces; undefined while its speaker has not told of them. */
  readonly interfaces?: readonly { readonly name: string }[] | undefined
}

/**
 * Remarks on a pool that chooses, of all nodes that there are, none to announce its addresses, or prefers none. While no
 * node is known there is nothing to say.
 */
export function reachRemarks(pool: Pool, nodes: readonly ReachableNode[]): readonly Remark[] {
  if (nodes.length === 0 || !pool.announce.enabled) return []
  return [unreached(pool, nodes), unpreferred(pool, nodes)].filter((remark) => remark !== undefined)
}

function unreached({ announce }: Pool, nodes: readonly ReachableNode[]): Remark | undefined {
  const { nodeSelectors = [], interfaces } = announce
  const chosen = nodes.filter(({ labels }) => nodeSelectors.length === 0 || matchesAny(nodeSelectors, labels))
  if (chosen.length === 0) {
    const message = `spec.l2.nodeSelectors match none of the nodes (${firstFew(nodes.map(({ name }) => name).toSorted())}), so nobody announces its addresses; correct them, or label a node`
    return { reason: 'ChoosesNoNode', message }
  }
  const known = chosen.flatMap((node) => node.interfaces ?? [])
  const isAny = ({ name }: { readonly name: string }): boolean =>
    interfaces.some((pattern) => matchesGlob(pattern, name))
  if (interfaces.length === 0 || known.length === 0 || known.some(isAny)) return undefined
  const names = [...new Set(known.map(({ name }) => name))]
  const message = `spec.l2.interfaces (${firstFew(interfaces.toSorted())}) match none of the interfaces of the nodes (${firstFew(names.toSorted())}), so nobody announces its addresses; correct them, or take them away`
  return { reason: 'ChoosesNoInterface', message }
}

function unpreferred({ announce }: Pool, nodes: readonly ReachableNode[]): Remark | undefined {
  const { preferredNodes = [] } = announce
  const isPreferred = ({ labels }: ReachableNode): boolean =>
    preferredNodes.some(({ selector }) => matches(selector, labels))
  if (preferredNodes.length === 0 || nodes.some(isPreferred)) return undefined
  const message = `spec.l2.preferredNodes match none of the nodes (${firstFew(nodes.map(({ name }) => name).toSorted())}), so none is preferred; correct them, or label a node`
  return { reason: 'PrefersNoNode', message }
}
