import { isAlias, isMap, isScalar, isSeq } from 'yaml'
import type { Document, Node } from 'yaml'

/** The way to a field: names in maps, numbers in lists. */
export type Path = readonly PropertyKey[]

/** Finds the line of a field; of one that is not there, that of the nearest thing around it. */
export function placesIn(
  document: Document,
  lineAt: (offset: number) => number,
): (path: Path) => number | undefined {
  return (path) => {
    let node: unknown = document.contents
    let offset = startOf(node)
    for (const step of path) {
      const { place, value } = stepInto(resolved(node, document), step)
      if (place === undefined) break
      offset = place
      node = value
    }
    return offset === undefined ? undefined : lineAt(offset)
  }
}

interface Step {
  readonly place?: number | undefined
  readonly value?: unknown
}

function stepInto(node: unknown, step: PropertyKey): Step {
  if (isSeq(node)) {
    const item = node.items[Number(step)]
    return { place: startOf(item), value: item }
  }
  if (!isMap(node)) return {}
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
  return pair ? { place: startOf(pair.key), value: pair.value } : {}
}

function resolved(node: unknown, document: Document): unknown {
  return isAlias(node) ? node.resolve(document) : node
}

function startOf(node: unknown): number | undefined {
  return (node as Partial<Node> | null | undefined)?.range?.[0]
}
