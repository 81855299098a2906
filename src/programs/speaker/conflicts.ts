import { formatAddress } from '../../core/ip/address.ts'
import type { SeenConflict } from './messages.ts'

interface Standing {
  readonly told: SeenConflict
  readonly lastAt: number
}

/** A conflict that was not seen again for this long is over. */
const overAfterMs = 600_000
/** When a conflict was seen last is told as exactly as this, for each change of it is a write of the status. */
const tellEveryMs = 60_000
const mostKept = 16

/** Which devices claimed addresses that are announced here, lately. Points in time are wall-clock milliseconds. */
export class Conflicts {
  readonly #standing = new Map<string, Standing>()

  /** The one that began last comes first. */
  get seen(): readonly SeenConflict[] {
    return [...this.#standing.values()].map(({ told }) => told).toReversed()
  }

  /** Whether this was seen before and is not over since. */
  has(conflict: SeenConflict): boolean {
    const standing = this.#standing.get(keyOf(conflict))
    return standing !== undefined && !isOver(standing, conflict.at)
  }

  note(conflict: SeenConflict): void {
    this.forgetOld(conflict.at)
    const key = keyOf(conflict)
    const told = this.#standing.get(key)?.told
    const isToldWell = told !== undefined && conflict.at - told.at < tellEveryMs
    if (!told && this.#standing.size === mostKept) this.#forgetStalest()
    this.#standing.set(key, { told: isToldWell ? told : conflict, lastAt: conflict.at })
  }

  /** Forgets what is over; answers whether there was any. */
  forgetOld(nowMs: number): boolean {
    const over = [...this.#standing].filter(([, standing]) => isOver(standing, nowMs))
    for (const [key] of over) this.#standing.delete(key)
    return over.length > 0
  }

  #forgetStalest(): void {
    const [stalest] = [...this.#standing].toSorted(([, a], [, b]) => a.lastAt - b.lastAt)
    if (stalest) this.#standing.delete(stalest[0])
  }
}

function isOver({ lastAt }: Standing, nowMs: number): boolean {
  return nowMs - lastAt >= overAfterMs
}

function keyOf({ address, interface: name, mac }: SeenConflict): string {
  return `${formatAddress(address)} ${name} ${mac}`
}
