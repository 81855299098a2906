import { chanceOf } from './chance.ts'
import type { FaultKind } from './faults.ts'
import { endKinds, faultKinds, plannedKinds, rollEveryMs } from './faults.ts'

/** Something that befalls the cluster, and how long it is left alone then. */
export interface Act {
  readonly kind: FaultKind
  readonly seed: number
  readonly restMs: number
}

/** One story: what the cluster is like, and what befalls it. Told again it goes the same way. */
export interface History {
  readonly seed: number
  readonly nodes: number
  readonly loss: number
  readonly hasController: boolean
  readonly acts: readonly Act[]
}

const breakingKinds = faultKinds.filter((kind) => !endKinds.includes(kind) && !plannedKinds.includes(kind))

/**
 * The history of a seed. Half of them let things be put right after each fault, so that the next one befalls a cluster
 * that has settled; in the others faults come upon one another.
 */
export function historyOf(seed: number): History {
  const chance = chanceOf(seed)
  const nodes = 2 + chance.below(4)
  const isGentle = chance.happens(0.5)
  const loss = isGentle ? 0 : chance.pick([0, 0, 0, 0.01, 0.05])
  const hasController = isGentle || chance.happens(0.7)
  const acts: Act[] = []
  for (let left = 3 + chance.below(6); left > 0; left--) {
    acts.push(
      actOf(
        isGentle ? kindOf([breakingKinds, plannedKinds]) : kindOf([breakingKinds, plannedKinds, endKinds]),
      ),
    )
    if (isGentle) acts.push({ kind: 'mend', seed: chance.below(2 ** 31), restMs: 2_200 })
  }
  return { seed, nodes, loss, hasController, acts }

  function kindOf(groups: readonly (readonly FaultKind[])[]): FaultKind {
    return chance.pick(chance.pick(groups))
  }

  function actOf(kind: FaultKind): Act {
    const restMs = !isGentle && chance.happens(0.3) ? chance.between(0, 300) : chance.between(700, 1_800)
    const leastMs = kind === 'rolling' && isGentle ? nodes * rollEveryMs + 500 : 0
    return { kind, seed: chance.below(2 ** 31), restMs: Math.max(restMs, leastMs) }
  }
}
