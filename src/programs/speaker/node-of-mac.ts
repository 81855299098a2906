import type { PlacementFacts } from '../../core/election/speaker-facts.ts'

/** Answers whose MAC it is, by what the speakers of the cluster say of their interfaces. */
export function nodeOfMac(
  speakers: ReadonlyMap<string, Pick<PlacementFacts, 'macs'>>,
): (mac: bigint) => string | undefined {
  let nodes: ReadonlyMap<bigint, string> | undefined
  return (mac) => {
    nodes ??= new Map([...speakers].flatMap(([node, { macs }]) => macs.map((each) => [each, node])))
    return nodes.get(mac)
  }
}
