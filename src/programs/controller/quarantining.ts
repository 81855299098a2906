import { isDeepStrictEqual } from 'node:util'
import {
  isSameSuspects,
  standingSuspects,
  suspectsAfter,
  suspectsDueAt,
} from '../../core/allocation/foreign-answers.ts'
import type { Suspects } from '../../core/allocation/foreign-answers.ts'
import type { Quarantined } from '../../core/allocation/memory.ts'
import { formatAddress } from '../../core/ip/address.ts'
import type { Address } from '../../core/ip/address.ts'
import type { SpeakerFacts } from '../../core/election/speaker-facts.ts'
import type { Change } from '../../platform/kubernetes/reflector.ts'
import type { Cluster } from './cluster.ts'
import type { SpeakerRecord } from './projections.ts'

/** What is quarantined from now on, and what is taken from those that hold it. */
export interface QuarantineNews {
  readonly entries: readonly Quarantined[]
  readonly withdrawn: readonly Address[]
}

/** Which addresses other devices answer for, by what the speakers say of that. */
export class Quarantining {
  readonly #cluster: Cluster
  #suspects: Suspects
  #isStale = true

  /** Takes up what stands in the status of the pools. */
  constructor(cluster: Cluster, standing: Iterable<Quarantined>, now: number) {
    this.#cluster = cluster
    this.#suspects = standingSuspects(standing, now)
  }

  /** Notes whether a speaker says something else of what others answer for, or of whether it can ask. */
  speakerChanged(change: Change<SpeakerRecord>): void {
    const isSame = change.kind === 'changed' && saysTheSame(change.object.facts, change.before.facts)
    this.#isStale ||= !isSame
  }

  /** When to look again though no speaker says anything else. */
  get dueAt(): number {
    return this.#isStale ? -Infinity : suspectsDueAt(this.#suspects)
  }

  /** The news, if there are any. `announcedBy` are the nodes that announce an address. */
  look(now: number, announcedBy: (key: string) => readonly string[]): QuarantineNews | undefined {
    if (now < this.dueAt) return undefined
    this.#isStale = false
    const speakers = [...this.#cluster.speakers.records.values()].map(({ facts }) => facts)
    const said = speakers.flatMap(({ foreign }) => foreign)
    const isAsked = speakers.some(({ ready }) => ready)
    const before = this.#suspects
    this.#suspects = suspectsAfter(before, said, isAsked, now)
    const withdrawn = speakers.flatMap(({ node, foreign }) => {
      const withheld = foreign.filter(({ isWithheld }) => isWithheld).map(({ address }) => address)
      return withheld.filter((address) => announcedBy(formatAddress(address)).every((each) => each === node))
    })
    if (isSameSuspects(before, this.#suspects) && withdrawn.length === 0) return undefined
    return { entries: [...this.#suspects.values()], withdrawn }
  }
}

function saysTheSame(a: SpeakerFacts, b: SpeakerFacts): boolean {
  return a.ready === b.ready && isDeepStrictEqual(a.foreign, b.foreign)
}
