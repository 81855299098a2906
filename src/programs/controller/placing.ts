import type { SpeakerSpec } from '../../core/api/speaker.ts'
import type { Announcement, OtherAnswerer } from '../../core/allocation/answered-twice.ts'
import { compare, followDueAt, settled } from '../../core/election/follow.ts'
import type { Differences } from '../../core/election/follow.ts'
import { newestPlaced, place } from '../../core/election/placement.ts'
import type { Placed } from '../../core/election/placement.ts'
import { callRoll, nodesIn, rollCallDueAt } from '../../core/election/roll-call.ts'
import type { RollCall } from '../../core/election/roll-call.ts'
import type { SpeakerFacts } from '../../core/election/speaker-facts.ts'
import type { Cluster } from './cluster.ts'
import type { LeasedAddress } from './lan-view.ts'

type Report = SpeakerFacts | undefined

/** Which node should announce which address, and which one does; core decides, this remembers. */
export class Placing {
  readonly #cluster: Cluster
  #placed: ReadonlyMap<string, Placed>
  #revision: number
  #rollCall: RollCall = new Map()
  #differences: Differences = new Map()
  #announcers: ReadonlyMap<string, readonly Announcement[]> = new Map()
  #leased: ReadonlyMap<string, LeasedAddress> = new Map()
  /** What the announcers were made from: the present speakers' reports. */
  #reports: readonly Report[] = []
  readonly #stale = new Set<string>()

  /** Takes up the placement that stands in the Speakers' specs. */
  constructor(cluster: Cluster) {
    this.#cluster = cluster
    const specs = [...cluster.speakers.records.values()].map(({ facts }) => facts)
    const placed = newestPlaced(
      specs.flatMap(({ node, spec }) => {
        return spec.addresses.map(({ address, revision }) => [address, { node, revision }] as const)
      }),
    )
    const revisions = [
      ...specs.map(({ spec }) => spec.revision),
      ...[...placed.values()].map((each) => each.revision),
    ]
    this.#placed = placed
    this.#revision = Math.max(0, ...revisions)
    for (const { node } of specs) this.#stale.add(node)
  }

  /** Who was there when this was updated last. */
  get rollCall(): RollCall {
    return this.#rollCall
  }

  placedOn(key: string): string | undefined {
    return this.#placed.get(key)?.node
  }

  leased(key: string): LeasedAddress | undefined {
    return this.#leased.get(key)
  }

  /** The present speakers that say they announce the address. */
  announcedBy(key: string): readonly Announcement[] {
    return this.#announcers.get(key) ?? []
  }

  /** When to update again though nothing has happened. */
  get dueAt(): number {
    return Math.min(rollCallDueAt(this.#rollCall), followDueAt(this.#differences))
  }

  /** Places everything anew; answers the addresses whose announcement or placement is another one than before. */
  update(leased: readonly LeasedAddress[], now: number): ReadonlySet<string> {
    const before = { placed: this.#placed, announcers: this.#announcers, leased: this.#leased }
    this.#leased = new Map(leased.map((each) => [each.key, each]))
    this.#rollCall = callRoll(this.#rollCall, this.#attendants(), now)
    this.#readReports()
    const current = this.#follow(now)
    const live = nodesIn(this.#rollCall, 'present')
    const away = nodesIn(this.#rollCall, 'away')
    const view = { addresses: leased, live, away, current, revision: this.#revision, rebalance: false }
    const { placed, revision } = place(view)
    this.#placed = placed
    this.#revision = revision
    this.#noteStale(before.placed, before.leased)
    return this.#changedSince(before.placed, before.announcers)
  }

  /** Somebody wrote the node's Speaker, or it is new: what should stand there must be compared with it. */
  speakerChanged(node: string): void {
    this.#stale.add(node)
  }

  /** The nodes whose Speaker may have to be written, since this was asked last. */
  takeStale(): readonly string[] {
    const stale = [...this.#stale]
    this.#stale.clear()
    return stale
  }

  /** What should stand in the spec of the node's Speaker, with the revision that it has if nothing changed. */
  specFor(node: string): SpeakerSpec {
    const mine = [...this.#leased.values()].filter(({ key }) => this.placedOn(key) === node)
    const addresses = mine.map(({ key, pool, services }) => {
      const { revision } = this.#placed.get(key) as Placed
      return { address: key, revision, pool, services }
    })
    return { revision: this.#revision, addresses }
  }

  #attendants(): Parameters<typeof callRoll>[1] {
    const speakers = [...this.#cluster.speakers.records.values()].map(({ facts }) => facts)
    return speakers.flatMap(({ node, ready, peers }) => {
      const known = this.#cluster.nodes.get(node)
      return known ? { node, ready, peers, nodeReady: known.facts.ready } : []
    })
  }

  /** Who announces what; nothing is done when every report is the one that was read before. */
  #readReports(): void {
    const present = [...nodesIn(this.#rollCall, 'present')].toSorted()
    const reports = present.map((node) => this.#cluster.speakers.get(node)?.facts)
    if (reports.length === this.#reports.length && reports.every((each, at) => each === this.#reports[at]))
      return
    this.#reports = reports
    const announcers = new Map<string, Announcement[]>()
    for (const report of reports) {
      for (const [address, announcement] of announcementsIn(report)) {
        const known = announcers.get(address)
        if (known) known.push(announcement)
        else announcers.set(address, [announcement])
      }
    }
    this.#announcers = announcers
  }

  /** The placement as it was, but where another node has been announcing for a while: there it follows. */
  #follow(now: number): ReadonlyMap<string, Placed> {
    const elsewhere = [...this.#leased.values()].filter(({ key }) => {
      const placedOn = this.placedOn(key)
      return this.announcedBy(key).some(({ node }) => node !== placedOn)
    })
    const sightings = elsewhere.map(({ key, candidates }) => {
      const able = new Set(candidates.filter(({ lastResort }) => !lastResort).map(({ node }) => node))
      const nodes = new Set(this.announcedBy(key).map(({ node }) => node))
      return { key, placedOn: this.placedOn(key), announcedBy: [...nodes].filter((node) => able.has(node)) }
    })
    this.#differences = compare(this.#differences, sightings, now)
    const followed = settled(this.#differences, now)
    if (followed.size === 0) return this.#placed
    const current = new Map(this.#placed)
    for (const [key, node] of followed) current.set(key, { node, revision: ++this.#revision })
    return current
  }

  #noteStale(placed: ReadonlyMap<string, Placed>, leased: ReadonlyMap<string, LeasedAddress>): void {
    for (const [key, { node }] of placed) if (this.#placed.get(key)?.node !== node) this.#stale.add(node)
    for (const [key, after] of this.#placed) {
      if (placed.get(key) !== after || leased.get(key) !== this.#leased.get(key)) this.#stale.add(after.node)
    }
  }

  #changedSince(
    placed: ReadonlyMap<string, Placed>,
    announcers: ReadonlyMap<string, readonly Announcement[]>,
  ): ReadonlySet<string> {
    const isSame = (key: string): boolean => {
      if (placed.get(key) !== this.#placed.get(key)) return false
      return (
        announcers === this.#announcers || textOf(announcers.get(key)) === textOf(this.#announcers.get(key))
      )
    }
    return new Set([...this.#leased.keys()].filter((key) => !isSame(key)))
  }
}

/** What a speaker says that it announces, each with who else it heard answer for it there. */
function* announcementsIn(report: Report): Iterable<[address: string, Announcement]> {
  if (!report) return
  const { node, announcing, conflicts } = report
  const others = new Map<string, OtherAnswerer[]>()
  for (const { address, interface: name, mac, node: whose } of conflicts) {
    const key = `${address} ${name}`
    others.set(key, [...(others.get(key) ?? []), { mac, node: whose }])
  }
  for (const { address, interface: name } of announcing) {
    yield [address, { node, interface: name, others: others.get(`${address} ${name}`) ?? [] }]
  }
}

function textOf(list: readonly Announcement[] = []): string {
  return list
    .map(({ node, interface: name, others }) => [node, name, JSON.stringify(others)].join(' '))
    .join()
}
