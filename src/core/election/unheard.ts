import type { SpeakerFacts, SpeakerFinding } from './speaker-facts.ts'

/*
 * What speakers find out about each other's addresses, and what is made of it. One that says that nobody answers for an
 * address may be wrong: it may be deaf, or the way between the two may be broken. So it is believed when two say so, or the
 * only one who could. And the address is given to another node only when that has not mended by itself, nor because its
 * announcer, who reads it too, announced it again; only where another node can be expected to do better; and seldom: the
 * node is a last resort for the address for ten minutes, twice as long the next time, and so on, and the address goes
 * nowhere else meanwhile.
 */

/** Nobody who should answers for an address, or somebody else does, too: what is believed of it. */
export interface Unheard {
  /** The node that announces it. */
  readonly node: string
  readonly result: SpeakerFinding['result']
  /** The nodes that say so, in order. */
  readonly witnesses: readonly string[]
  readonly others: SpeakerFinding['others']
}

/** As many have to say so, where there are as many. */
const witnessesNeeded = 2

/** What is believed of what the present speakers say, by address. */
export function unheardIn(reports: readonly SpeakerFacts[]): ReadonlyMap<string, Unheard> {
  const accused = new Map(reports.map((report) => [report.node, report]))
  const testimonies = new Map<string, Testimony[]>()
  for (const { node: witness, findings } of reports) {
    for (const finding of findings) {
      const report = accused.get(finding.node)
      if (report === undefined || !isOfAccount(report, finding, witness)) continue
      testimonies.set(finding.address, [...(testimonies.get(finding.address) ?? []), { witness, finding }])
    }
  }
  return new Map(
    [...testimonies].flatMap(([key, said]) => {
      const believed = believe(said, accused)
      return believed === undefined ? [] : [[key, believed] as const]
    }),
  )
}

interface Testimony {
  readonly witness: string
  readonly finding: SpeakerFinding
}

/** It announces the address still, and hears the one who accuses it: else there is more amiss between the two. */
function isOfAccount(
  { announcing, peers, node }: SpeakerFacts,
  { address }: SpeakerFinding,
  witness: string,
): boolean {
  return witness !== node && peers.includes(witness) && announcing.some((each) => each.address === address)
}

/** That two answer may be told by anyone; that the announcer does not, by enough of those who could know. */
function believe(
  said: readonly Testimony[],
  accused: ReadonlyMap<string, SpeakerFacts>,
): Unheard | undefined {
  const silent = said.filter(({ finding }) => finding.result !== 'AnsweredTwice')
  for (const { finding } of silent) {
    const { node } = finding
    const alike = silent.filter((each) => each.finding.node === node)
    const report = accused.get(node) as SpeakerFacts
    const able = report.peers.filter((peer) => accused.has(peer))
    if (witnessesOf(alike).length < Math.min(witnessesNeeded, able.length)) continue
    const isElsewhere = alike.some((each) => each.finding.others.length > 0)
    return unheardOf(node, isElsewhere ? 'AnsweredElsewhere' : 'Unanswered', alike)
  }
  const twice = said.filter(({ finding }) => finding.result === 'AnsweredTwice')
  const [first] = twice
  if (first === undefined) return undefined
  const { node } = first.finding
  const alike = twice.filter((each) => each.finding.node === node)
  return unheardOf(node, 'AnsweredTwice', alike)
}

function unheardOf(node: string, result: Unheard['result'], alike: readonly Testimony[]): Unheard {
  const others = alike.flatMap(({ finding }) => finding.others)
  const byMac = new Map(others.map((other) => [other.mac, other]))
  const sorted = [...byMac.values()].toSorted((a, b) => (a.mac < b.mac ? -1 : 1))
  return { node, result, witnesses: witnessesOf(alike), others: sorted }
}

function witnessesOf(said: readonly Testimony[]): readonly string[] {
  return [...new Set(said.map(({ witness }) => witness))].toSorted()
}
