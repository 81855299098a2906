import type { RollCall } from './roll-call.ts'

/*
 * For how long each speaker has been there. One that has just come back may go again, and what it was given would move
 * twice for nothing: so it is left alone for a while, and for twice as long each time that it comes back, until it has
 * stayed long enough to be believed.
 */

/** So long a speaker that has come is left alone, in milliseconds. */
export const settlingMs = 10_000
/** One that has been there for so long is believed again; no speaker is left alone for longer. */
export const calmMs = 600_000

/** One node's speaker: there, or not, since when, and how often it has come since it was calm last. */
export interface Stay {
  readonly isHere: boolean
  readonly since: number
  readonly comings: number
}

export type Stays = ReadonlyMap<string, Stay>

/** Who is there by now. `now` is monotonic milliseconds; a speaker that is forgotten by the roll call is so here. */
export function noteStays(before: Stays, rollCall: RollCall, now: number): Stays {
  return new Map(
    [...rollCall].map(([node, { state }]) => [node, stayOf(before.get(node), state === 'present', now)]),
  )
}

function stayOf(former: Stay | undefined, isHere: boolean, now: number): Stay {
  if (!former) return { isHere, since: now, comings: Number(isHere) }
  if (former.isHere === isHere) return former
  if (isHere) return { isHere, since: now, comings: former.comings + 1 }
  return { isHere, since: now, comings: now - former.since >= calmMs ? 0 : former.comings }
}

/** The speakers that have been there long enough to be given something, or to be asked to give. */
export function steadyIn(stays: Stays, now: number): ReadonlySet<string> {
  return new Set([...stays].flatMap(([node, stay]) => (stay.isHere && steadyAt(stay) <= now ? node : [])))
}

/** When the next of those that are there has been so for long enough; Infinity if none is left. */
export function steadyDueAt(stays: Stays, now: number): number {
  const coming = [...stays.values()].filter((stay) => stay.isHere && steadyAt(stay) > now)
  return Math.min(Infinity, ...coming.map(steadyAt))
}

function steadyAt({ since, comings }: Stay): number {
  return since + Math.min(calmMs, settlingMs * 2 ** (comings - 1))
}
