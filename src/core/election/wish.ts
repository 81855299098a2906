import { nearestName } from '../allocation/nearest-name.ts'
import { isNodeName } from '../api/node-name.ts'
import type { Address } from '../ip/address.ts'
import type { CandidateNode, CandidateView } from './candidates.ts'
import { exclusionsOf } from './exclusion.ts'
import { exclusionWords } from './exclusion-words.ts'
import type { NamedPool } from './exclusion-words.ts'
import { wishOf } from './preference.ts'

const longestName = 63

/** The node that the Services of an address ask for. */
export interface Wish {
  readonly node: string
  /** Whether a node can have that name at all: else nobody has to remember it. */
  readonly isName: boolean
  /** What about it keeps the address from it, in words; undefined when it could announce it. */
  readonly obstacle: string | undefined
}

/** What is asked for by those that hold the address; undefined when nothing is. */
export function wishFor(
  address: Address,
  view: CandidateView & { readonly pool: NamedPool },
): Wish | undefined {
  const name = wishOf(view.services)
  if (name === undefined) return undefined
  if (isNodeName(name)) return { node: name, isName: true, obstacle: obstacleFor(name, address, view) }
  return { node: cut(name), isName: false, obstacle: 'cannot be the name of a node' }
}

/** An annotation may be of any length; what is said about it may not. */
function cut(text: string): string {
  return text.length > longestName ? `${text.slice(0, longestName)}…` : text
}

function obstacleFor(
  name: string,
  address: Address,
  view: CandidateView & { readonly pool: NamedPool },
): string | undefined {
  const node = [...view.nodes].find((each) => each.name === name)
  if (!node) return absence(name, [...view.nodes])
  const exclusion = exclusionsOf(address, view).get(name)
  return exclusion === undefined ? lastResort(node) : exclusionWords(exclusion, address, view.pool)
}

function absence(name: string, nodes: readonly CandidateNode[]): string {
  const meant = nearestName(
    name,
    nodes.map((node) => node.name),
  )
  return meant === undefined ? 'does not exist' : `does not exist (did you mean ${meant}?)`
}

function lastResort({ cordoned, proxyUnhealthy }: CandidateNode): string | undefined {
  if (cordoned) return 'is cordoned'
  return proxyUnhealthy ? 'has a kube-proxy that says it is unhealthy' : undefined
}
