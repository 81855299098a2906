import { keyOf, type Key } from '../election/key.ts'
import { firstTryBoundMs } from './first-try.ts'
import type { FirstTry } from './first-try.ts'

/** An address that is new in one way or in both. */
export interface Newcomer {
  readonly first: FirstTry
  /** The placement has just given it to this node, and to no other before. */
  readonly isNewlyPlaced: boolean
  /** Until just now no node could announce it. */
  readonly isNewlyServed: boolean
}

/** What there is now: what this node is to announce, what is in use anywhere, and what some node may announce. */
export interface Standing {
  readonly tries: readonly FirstTry[]
  readonly inUse: Iterable<string>
  readonly served: Iterable<Key>
}

/**
 * Tells the addresses that are new to this node. What is known for longer than a try takes is not new, nor is what the
 * first look finds: it may have been public for long. Each is new once only, until it is gone and comes again; a
 * Service's status may be heard of before the placement of its address.
 */
export class Newcomers {
  #inUse = new Since<string>()
  #served = new Since<Key>()
  #placed: ReadonlySet<string> = new Set()
  /** Since when each of those was served that were told as newly served, or were not new. */
  #told: ReadonlyMap<string, number> = new Map()

  note({ tries, inUse, served }: Standing, now: number): readonly Newcomer[] {
    this.#inUse.note(inUse, now)
    this.#served.note(served, now)
    const newcomers = tries.map((first) => this.#newcomer(first, now - firstTryBoundMs))
    this.#placed = new Set(tries.filter(({ isPlaced }) => isPlaced).map(({ text }) => text))
    this.#told = new Map(tries.flatMap((first) => this.#servedSince(first)))
    return newcomers.filter(({ isNewlyPlaced, isNewlyServed }) => isNewlyPlaced || isNewlyServed)
  }

  #newcomer(first: FirstTry, newSince: number): Newcomer {
    const isFresh = first.isPlaced && !this.#placed.has(first.text)
    const isNewlyPlaced = isFresh && this.#inUse.of(first.text) > newSince
    const isNewlyServed = this.#servedSince(first).some(
      ([text, since]) => since > newSince && this.#told.get(text) !== since,
    )
    return { first, isNewlyPlaced, isNewlyServed }
  }

  #servedSince({ text, address, isServed }: FirstTry): readonly [string, number][] {
    return isServed ? [[text, this.#served.of(keyOf(address))]] : []
  }
}

/** Since when each thing of a kind is there without a break; what the first look finds is there since ever. */
class Since<T> {
  #known: ReadonlyMap<T, number> | undefined

  note(present: Iterable<T>, now: number): void {
    const known = this.#known
    const fallback = known ? now : -Infinity
    this.#known = new Map([...present].map((each) => [each, known?.get(each) ?? fallback]))
  }

  of(thing: T): number {
    return this.#known?.get(thing) ?? -Infinity
  }
}
