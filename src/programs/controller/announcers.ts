import { isDeepStrictEqual } from 'node:util'
import type { Announcement, OtherAnswerer } from '../../core/allocation/answered-twice.ts'
import type { HeldBack } from '../../core/allocation/held-back.ts'
import type { SpeakerFacts } from '../../core/election/speaker-facts.ts'

/** What one speaker says. */
interface Word {
  readonly report: SpeakerFacts
  readonly announcements: ReadonlyMap<string, readonly Announcement[]>
  readonly heldBack: ReadonlyMap<string, HeldBack>
}

/** Who says that it announces which address, by the reports of the speakers that are there. */
export class Announcers {
  #words: ReadonlyMap<string, Word> = new Map()

  /** All that announce the address, by node. */
  of(key: string): readonly Announcement[] {
    return [...this.#words.values()].flatMap(({ announcements }) => announcements.get(key) ?? [])
  }

  /** Who holds the address back, by the first report that says so. */
  heldBackBy(key: string): HeldBack | undefined {
    return [...this.#words.values()].find(({ heldBack }) => heldBack.has(key))?.heldBack.get(key)
  }

  /** Takes the reports in; only those that are other ones than before are read. Answers the addresses about which they say something else. */
  read(reports: readonly SpeakerFacts[]): ReadonlySet<string> {
    const before = this.#words
    const sorted = reports.toSorted((a, b) => (a.node < b.node ? -1 : 1))
    this.#words = new Map(sorted.map((report) => [report.node, wordOf(report, before.get(report.node))]))
    const nodes = new Set([...before.keys(), ...this.#words.keys()])
    return new Set([...nodes].flatMap((node) => differences(before.get(node), this.#words.get(node))))
  }
}

function wordOf(report: SpeakerFacts, former: Word | undefined): Word {
  if (former?.report === report) return former
  const announcements = new Map<string, readonly Announcement[]>()
  for (const [address, announcement] of announcementsIn(report)) {
    announcements.set(address, [...(announcements.get(address) ?? []), announcement])
  }
  const { node } = report
  const heldBack = new Map(report.heldBack.map(({ address, ...why }) => [address, { node, ...why }]))
  return { report, announcements, heldBack }
}

function differences(before: Word | undefined, after: Word | undefined): readonly string[] {
  if (before === after) return []
  const words = [before, after].filter((word) => word !== undefined)
  const keys = words.flatMap(({ announcements, heldBack }) => [...announcements.keys(), ...heldBack.keys()])
  return [...new Set(keys)].filter((key) => !isDeepStrictEqual(saidOf(before, key), saidOf(after, key)))
}

function saidOf(word: Word | undefined, key: string): readonly unknown[] {
  return [word?.announcements.get(key), word?.heldBack.get(key)]
}

/** What a speaker says that it announces, each with who else it heard answer for it there. */
function* announcementsIn(report: SpeakerFacts): Iterable<[address: string, Announcement]> {
  const { node, announcing, conflicts } = report
  const others = new Map<string, OtherAnswerer[]>()
  for (const { address, interface: name, mac, node: whose, insists } of conflicts) {
    const key = `${address} ${name}`
    others.set(key, [...(others.get(key) ?? []), { mac, node: whose, insists }])
  }
  for (const { address, interface: name, isUnproven } of announcing) {
    yield [address, { node, interface: name, others: others.get(`${address} ${name}`) ?? [], isUnproven }]
  }
}
