import type { Address } from '../ip/address.ts'
import { overlaps, prefixOf, subnetOf } from '../ip/range.ts'
import type { Range } from '../ip/range.ts'
import type { PlacementFacts } from './speaker-facts.ts'

/*
 * A Pod that counts as ready lets an update go on to the next node. So a speaker that has just started is not ready
 * before it could take addresses over: before it knows the cluster, has listened for as long as it must, hears the
 * others, and has told the cluster which interfaces it has. A new one that nobody can hear would otherwise be followed
 * by the next, until none hears another.
 */

/** What a speaker knows of its surroundings while it starts. */
export interface JoiningFacts {
  readonly node: string
  /** Whether the cluster has a Node of this name. */
  readonly isNode: boolean
  /** It only listens yet. */
  readonly quiet: boolean
  readonly speakers: ReadonlyMap<string, Pick<PlacementFacts, 'ready' | 'interfaces'>>
  /** The addresses of the own interfaces. */
  readonly own: readonly { readonly address: Address; readonly prefixLength: number }[]
  /** The nodes of the speakers that are heard now. */
  readonly heard: ReadonlySet<string>
}

const named = 3

/** What a speaker that starts still waits for, in words; none when it may be given addresses. */
export function joiningObstacles(facts: JoiningFacts): readonly string[] {
  if (!facts.isNode) {
    const words = `there is no Node "${facts.node}"`
    return [`${words}; give --node the name that kubectl get nodes shows`]
  }
  if (facts.quiet) return ['it listens to the others before it speaks']
  const expected = expectedPeers(facts)
  if (expected.length > 0 && !expected.some((node) => facts.heard.has(node))) return [hearsNone(expected)]
  if (facts.speakers.get(facts.node)?.ready !== true)
    return ['its Speaker object does not say yet that it is ready']
  return []
}

function hearsNone(expected: readonly string[]): string {
  const names = expected.slice(0, named).join(', ') + (expected.length > named ? ', …' : '')
  const mend = 'look at the LAN between them, and whether all have the same key'
  return `it hears none of ${names}, whose speakers are ready on the same subnet; ${mend}`
}

/** The nodes whose speakers should be heard: they say that they are ready, and are on a subnet of ours. */
function expectedPeers({ node, speakers, own }: JoiningFacts): readonly string[] {
  const subnets = own.map(({ address, prefixLength }) => subnetOf(address, prefixLength)).filter(isOfOneLan)
  const isNear = (range: Range): boolean => subnets.some((subnet) => overlaps(subnet, range))
  return [...speakers].flatMap(([name, { ready, interfaces = [] }]) => {
    if (name === node || !ready) return []
    return interfaces.some(({ prefixes }) => prefixes.filter(isOfOneLan).some(isNear)) ? [name] : []
  })
}

const linkLocal = prefixOf('fe80::/10') as Range

/** Link-local addresses are the same on every LAN. */
function isOfOneLan(range: Range): boolean {
  return !overlaps(range, linkLocal)
}
