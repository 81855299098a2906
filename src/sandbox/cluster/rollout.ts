/** One ReplicaSet of a Deployment: what it is asked to run and what of it can take traffic. */
export interface Generation {
  readonly name: string
  readonly replicas: number
  readonly available: number
}

export interface Rollout {
  readonly desired: number
  readonly maxSurge: number
  readonly maxUnavailable: number
  readonly current: Generation
  /** Former generations, oldest first. */
  readonly former: readonly Generation[]
}

/** The replicas that each ReplicaSet should be asked for now, by name. Called again whenever something changes, it ends with all of them in the current one. */
export function planRollout(rollout: Rollout): ReadonlyMap<string, number> {
  const plan = new Map([[rollout.current.name, grown(rollout)]])
  let spare = spareOf(rollout)
  for (const generation of rollout.former) {
    const unavailable = Math.max(0, generation.replicas - generation.available)
    const available = Math.min(generation.replicas - unavailable, spare)
    spare -= available
    plan.set(generation.name, generation.replicas - unavailable - available)
  }
  return plan
}

function grown({ desired, maxSurge, current, former }: Rollout): number {
  if (current.replicas >= desired) return desired
  const total = current.replicas + sum(former.map((each) => each.replicas))
  const room = Math.max(0, desired + maxSurge - total)
  return Math.min(desired, current.replicas + room)
}

/** How many available Pods of former generations may go now. */
function spareOf({ desired, maxUnavailable, current, former }: Rollout): number {
  const available = current.available + sum(former.map((each) => each.available))
  return Math.max(0, available - (desired - maxUnavailable))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

/** Reads maxSurge or maxUnavailable: a count, or a percentage of the desired replicas. */
export function portionOf(value: number | string | undefined, desired: number, round: 'up' | 'down'): number {
  if (typeof value === 'number') return value
  const part = (Number.parseFloat(value ?? '25%') / 100) * desired
  return Number.isFinite(part) ? (round === 'up' ? Math.ceil(part) : Math.floor(part)) : 0
}
