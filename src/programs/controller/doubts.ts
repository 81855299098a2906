import { isDeepStrictEqual } from 'node:util'
import type { Candidate } from '../../core/election/candidates.ts'
import {
  avoidedFor,
  detoursAfter,
  detoursDueAt,
  noDetours,
  withDetours,
} from '../../core/election/detours.ts'
import type { Detours, DetourView } from '../../core/election/detours.ts'
import type { SpeakerFacts } from '../../core/election/speaker-facts.ts'
import { unheardIn } from '../../core/election/unheard.ts'
import type { Unheard } from '../../core/election/unheard.ts'

/** A node that is avoided for an address from now on. */
export interface Avoided {
  readonly address: string
  readonly node: string
}

/** Whose answers the LAN does not hear, by what speakers say of each other, and which nodes are avoided for that; core decides, this remembers. */
export class Doubts {
  #unheard: ReadonlyMap<string, Unheard> = new Map()
  #detours: Detours = noDetours
  #avoided: ReadonlyMap<string, readonly string[]> = new Map()
  #now = -Infinity
  readonly #begun: Avoided[] = []

  /** How many addresses are not answered for by those that announce them. */
  get count(): number {
    return [...this.#unheard.values()].filter(({ result }) => result !== 'AnsweredTwice').length
  }

  /** When to look again though nobody says anything else. */
  get dueAt(): number {
    return detoursDueAt(this.#detours, this.#now)
  }

  /** What is believed of the address. */
  of(key: string): Unheard | undefined {
    return this.#unheard.get(key)
  }

  /** The candidates for the address with those that are avoided behind all others. */
  candidatesFor(key: string, candidates: readonly Candidate[]): readonly Candidate[] {
    return withDetours(candidates, this.#avoided.get(key) ?? [])
  }

  /** Takes the reports in; answers the addresses about which anything is another thing than before. */
  look(
    reports: readonly SpeakerFacts[],
    view: Omit<DetourView, 'unheard'>,
    now: number,
  ): ReadonlySet<string> {
    const [unheard, avoided] = [this.#unheard, this.#avoided]
    this.#now = now
    this.#unheard = unheardIn(reports)
    this.#detours = detoursAfter(this.#detours, { ...view, unheard: this.#unheard }, now)
    const keys = [...this.#detours.standing.keys()]
    this.#avoided = new Map(keys.map((key) => [key, avoidedFor(this.#detours, key, now)]))
    for (const [address, nodes] of this.#avoided) {
      const before = avoided.get(address) ?? []
      this.#begun.push(...nodes.filter((node) => !before.includes(node)).map((node) => ({ address, node })))
    }
    return new Set([...differences(unheard, this.#unheard), ...differences(avoided, this.#avoided)])
  }

  /** The nodes that are avoided since this was asked last. */
  takeBegun(): readonly Avoided[] {
    return this.#begun.splice(0)
  }
}

function differences<T>(a: ReadonlyMap<string, T>, b: ReadonlyMap<string, T>): readonly string[] {
  const keys = new Set([...a.keys(), ...b.keys()])
  return [...keys].filter((key) => !isDeepStrictEqual(a.get(key), b.get(key)))
}
