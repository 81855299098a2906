import { matches } from '../pool/selector.ts'
import type { CandidateNode, CandidatePool, CandidateService } from './candidates.ts'

/*
 * A preference decides where an address goes that has to go somewhere: a new one, or one whose node cannot announce it any
 * more. It never moves what is announced: neither when the preferred node comes back, nor when the pool prefers another
 * one from now on. Only a Service that asks for another node than before (its annotation lanlord.dev/preferred-node)
 * asks for a move.
 */

/** A Service that names a node is heard before all that the pool prefers: the weights of 16 terms add up to 1600. */
const wished = 1_000_000

/** How much the node is preferred: the weights of all terms that match it, and more than these where a Service names it. */
export function preferenceOf(
  node: CandidateNode,
  { preferredNodes = [] }: CandidatePool,
  wish: string | undefined,
): number {
  const own = node.name === wish ? wished : 0
  if (preferredNodes.length === 0) return own
  const terms = preferredNodes.filter(({ selector }) => matches(selector, node.labels))
  return terms.reduce((sum, { weight }) => sum + weight, own)
}

/** The node that is asked for by the Services that share an address: the first of them that names one is heard. */
export function wishOf(services: readonly Pick<CandidateService, 'preferredNode'>[]): string | undefined {
  return services.find(({ preferredNode }) => preferredNode !== undefined)?.preferredNode
}
