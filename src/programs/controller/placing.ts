import { isDeepStrictEqual } from 'node:util'
import type { SpeakerSpec } from '../../core/api/speaker-spec.ts'
import type { Announcement } from '../../core/allocation/answered-twice.ts'
import type { HeldBack } from '../../core/allocation/held-back.ts'
import { follow, followDueAt } from '../../core/election/follow.ts'
import type { Differences, Sighting } from '../../core/election/follow.ts'
import { callRoll, nodesIn, rollCallDueAt } from '../../core/election/roll-call.ts'
import type { RollCall } from '../../core/election/roll-call.ts'
import type { SpeakerFacts } from '../../core/election/speaker-facts.ts'
import { placeChanged, placeShifted, takeUp } from '../../core/election/standing-placement.ts'
import type { Moves, StandingPlacement } from '../../core/election/standing-placement.ts'
import { compareAddresses } from '../../core/ip/address.ts'
import { Announcers } from './announcers.ts'
import type { Cluster } from './cluster.ts'
import { Doubts } from './doubts.ts'
import type { LeasedAddress, LeasedChanges } from './lan-view.ts'
import { Rebalancer } from './rebalancer.ts'

/** The nodes whose speakers are there, and those whose speakers are away for a moment. */
interface Attendance {
  readonly present: ReadonlySet<string>
  readonly away: ReadonlySet<string>
}

/** Which node should announce which address, and which one does; core decides, this remembers. */
export class Placing {
  readonly #cluster: Cluster
  readonly #placement: StandingPlacement
  readonly #announcers = new Announcers()
  readonly rebalancer = new Rebalancer()
  /** What speakers doubt of each other's addresses. */
  readonly doubts = new Doubts()
  readonly #leased = new Map<string, LeasedAddress>()
  #rollCall: RollCall = new Map()
  #attendance: Attendance | undefined
  /** The addresses that others announce than should. */
  readonly #elsewhere = new Set<string>()
  #differences: Differences = new Map()
  readonly #stale = new Set<string>()

  /** Takes up the placement that stands in the Speakers' specs. */
  constructor(cluster: Cluster) {
    this.#cluster = cluster
    const specs = [...cluster.speakers.records.values()].map(({ facts }) => facts)
    const standing = specs.flatMap(({ node, spec }) => {
      return spec.addresses.map(({ address, revision, preferredNode }) => {
        return [address, { node, revision, preferredNode }] as const
      })
    })
    const latest = [
      ...specs.map(({ spec }) => spec.revision),
      ...standing.map(([, { revision }]) => revision),
    ]
    this.#placement = takeUp(
      standing,
      latest.reduce((a, b) => Math.max(a, b), 0),
    )
    for (const { node } of specs) this.#stale.add(node)
  }

  /** Who was there when this was updated last. */
  get rollCall(): RollCall {
    return this.#rollCall
  }

  /** Whether the speaker of the node is there to be given addresses. */
  isPresent(node: string): boolean {
    return this.#rollCall.get(node)?.state === 'present'
  }

  placedOn(key: string): string | undefined {
    return this.#placement.placed.get(key)?.node
  }

  leased(key: string): LeasedAddress | undefined {
    return this.#leased.get(key)
  }

  /** The present speakers that say they announce the address. */
  announcedBy(key: string): readonly Announcement[] {
    return this.#announcers.of(key)
  }

  /** The present speaker that holds the address back, for it is new. */
  heldBackBy(key: string): HeldBack | undefined {
    return this.#announcers.heldBackBy(key)
  }

  /** When to update again though nothing has happened. */
  get dueAt(): number {
    const dueAt = Math.min(rollCallDueAt(this.#rollCall), followDueAt(this.#differences), this.doubts.dueAt)
    return Math.min(dueAt, this.rebalancer.dueAt)
  }

  /**
   * Takes in what changed about the addresses that are held, and places what has to be placed; answers the addresses
   * about which anything is another thing than before: what is known of them, their placement, or who announces them.
   */
  update({ changed, gone }: LeasedChanges, now: number): ReadonlySet<string> {
    for (const { key } of gone) this.#leased.delete(key)
    for (const each of changed) this.#leased.set(each.key, each)
    this.#rollCall = callRoll(this.#rollCall, this.#attendants(), now)
    const hasOthers = this.#noteAttendance()
    const news = new Set([...changed, ...gone].map(({ key }) => key))
    const reports = this.#reports()
    for (const key of this.#announcers.read(reports)) news.add(key)
    for (const key of this.#doubt(reports, now)) news.add(key)
    this.#watchElsewhere(news)
    const sightings = [...this.#elsewhere].map((key) => this.#sighting(key))
    const [differences, followed] = follow(this.#differences, sightings, now)
    this.#differences = differences
    const placed = this.#place([...news, ...followed.keys()], followed, hasOthers)
    if (hasOthers || news.size > 0 || placed.size > 0) this.rebalancer.noteChange()
    const moves = new Map([...this.#rebalance(now), ...placed])
    this.#watchElsewhere(moves.keys())
    this.#noteStale(changed, moves)
    const wishing = hasOthers ? this.#wishingElsewhere() : []
    return new Set([...news, ...moves.keys(), ...wishing].filter((key) => this.#leased.has(key)))
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
    const { placed, shares, revision } = this.#placement
    const mine = [...(shares.get(node) ?? [])].flatMap((key) => this.#leased.get(key) ?? [])
    const addresses = mine
      .toSorted((a, b) => compareAddresses(a.address, b.address))
      .map(({ key, pool, services }) => {
        const { revision: own = 0, preferredNode } = placed.get(key) ?? {}
        const asked = preferredNode === undefined ? {} : { preferredNode }
        return { address: key, revision: own, pool, services, ...asked }
      })
    return { revision, addresses }
  }

  /** Whether others are there than before. */
  #noteAttendance(): boolean {
    const attendance = { present: nodesIn(this.#rollCall, 'present'), away: nodesIn(this.#rollCall, 'away') }
    const hasOthers = !isDeepStrictEqual(this.#attendance, attendance)
    this.#attendance = attendance
    return hasOthers
  }

  #attendants(): Parameters<typeof callRoll>[1] {
    const speakers = [...this.#cluster.speakers.records.values()].map(({ facts }) => facts)
    return speakers.flatMap(({ node, ready, peers }) => {
      const known = this.#cluster.nodes.get(node)
      return known ? { node, ready, peers, nodeReady: known.facts.ready } : []
    })
  }

  /** Of the speakers that are present. */
  #reports(): readonly SpeakerFacts[] {
    const present = [...nodesIn(this.#rollCall, 'present')]
    return present.flatMap((node) => this.#cluster.speakers.get(node)?.facts ?? [])
  }

  #doubt(reports: readonly SpeakerFacts[], now: number): ReadonlySet<string> {
    const view = {
      candidatesOf: (key: string) => this.#leased.get(key)?.candidates ?? [],
      isPresent: (node: string) => this.isPresent(node),
    }
    return this.doubts.look(reports, view, now)
  }

  /** As it is to be placed. */
  #placeable(key: string): LeasedAddress | undefined {
    const leased = this.#leased.get(key)
    return leased && { ...leased, candidates: this.doubts.candidatesFor(key, leased.candidates) }
  }

  /** Notes which of the addresses are announced by others than should. */
  #watchElsewhere(keys: Iterable<string>): void {
    for (const key of keys) {
      const placedOn = this.placedOn(key)
      const isElsewhere = this.#leased.has(key) && this.announcedBy(key).some(({ node }) => node !== placedOn)
      if (isElsewhere) this.#elsewhere.add(key)
      else this.#elsewhere.delete(key)
    }
  }

  /** Whose words say why they are not where they are asked for: that depends on who is there. */
  #wishingElsewhere(): readonly string[] {
    const all = [...this.#leased.values()]
    return all.filter(({ key, wish }) => wish && wish.node !== this.placedOn(key)).map(({ key }) => key)
  }

  #sighting(key: string): Sighting {
    const { candidates } = this.#placeable(key) as LeasedAddress
    const placedOn = this.placedOn(key)
    const isThere = placedOn !== undefined && this.isPresent(placedOn)
    const announcedBy = new Set(this.announcedBy(key).map(({ node }) => node))
    return { key, placedOn, isThere, isUnread: this.#isUnread(key), candidates, announcedBy }
  }

  /** Whether the speaker that it is placed on says that it has read an older spec than the one that says so. */
  #isUnread(key: string): boolean {
    const { node = '', revision = 0 } = this.#placement.placed.get(key) ?? {}
    const { observedRevision = Infinity } = this.#cluster.speakers.get(node)?.facts ?? {}
    return observedRevision < revision
  }

  /** Places these addresses, or all of them if other speakers are there than before. */
  #place(keys: readonly string[], followed: ReadonlyMap<string, string>, hasOthers: boolean): Moves {
    const { present, away } = this.#attendance as Attendance
    const wanted = new Set(hasOthers ? [...this.#placement.placed.keys(), ...this.#leased.keys()] : keys)
    const changed = [...wanted].flatMap((key) => this.#placeable(key) ?? [])
    return placeChanged(this.#placement, {
      changed: changed.toSorted((a, b) => compareAddresses(a.address, b.address)),
      gone: [...wanted].filter((key) => !this.#leased.has(key)),
      followed,
      live: present,
      away,
    })
  }

  #rebalance(now: number): Moves {
    const scene = { placed: this.#placement.placed, elsewhere: this.#elsewhere }
    const addresses = (): readonly LeasedAddress[] => {
      return [...this.#leased.keys()].flatMap((key) => this.#placeable(key) ?? [])
    }
    return placeShifted(this.#placement, this.rebalancer.look(this.#rollCall, scene, addresses, now))
  }

  /** The Speakers in which something of this stands, or should. */
  #noteStale(changed: readonly LeasedAddress[], moves: Moves): void {
    const nodes = [
      ...[...moves.values()].map((former) => former?.node),
      ...[...moves.keys()].map((key) => this.placedOn(key)),
      ...changed.map(({ key }) => this.placedOn(key)),
    ]
    for (const node of nodes) if (node !== undefined) this.#stale.add(node)
  }
}
