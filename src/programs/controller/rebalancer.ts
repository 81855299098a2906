import { look, lookSoon, noteRollCall, unevennessOf, unseen } from '../../core/election/rebalancing.ts'
import type { Pooled, Scene } from '../../core/election/rebalancing.ts'
import type { Shift } from '../../core/election/rebalance.ts'
import type { RollCall } from '../../core/election/roll-call.ts'
import type { Pool } from '../../core/pool/pool.ts'

/** How uneven the nodes are, and what is moved for that; core decides, this remembers. */
export class Rebalancer {
  #state = unseen
  #automatic: ReadonlySet<string> = new Set()

  /** When to look again though nothing has happened. */
  get dueAt(): number {
    return this.#state.dueAt
  }

  poolsChanged(pools: readonly Pool[]): void {
    this.#automatic = new Set(
      pools.flatMap(({ name, announce }) => (announce.rebalance === 'Auto' ? name : [])),
    )
    this.noteChange()
  }

  /** An address, its placement, or who is there is another one than before. */
  noteChange(): void {
    this.#state = lookSoon(this.#state)
  }

  /** What a rebalance would move of the pool, in words; undefined while it would move nothing. */
  unevennessOf(pool: string): string | undefined {
    return unevennessOf(this.#state, pool)
  }

  /** Looks if it is time, for which all `addresses` are needed; answers what is to be moved now. */
  look(
    rollCall: RollCall,
    scene: Pick<Scene, 'placed' | 'elsewhere'>,
    addresses: () => readonly Pooled[],
    now: number,
  ): readonly Shift[] {
    this.#state = noteRollCall(this.#state, rollCall, now)
    if (now < this.dueAt) return []
    const all = { ...scene, rollCall, addresses: addresses(), automatic: this.#automatic }
    const [state, shifts] = look(this.#state, all, now)
    this.#state = state
    return shifts
  }
}
