// When an announcement is repeated.
//
// A receiver may miss a frame, or ignore it: Linux keeps a neighbour entry for a second (locktime) after it
// last changed, and other stacks are less careful still. So an announcement is repeated at
//
//     0     100 ms     500 ms     1.1 s     2.5 s     then once a minute
//
// which leaves two repetitions on the far side of that second, and goes on for ever for those that were
// unplugged meanwhile. The repetitions of all addresses that were taken over together fall together, so the
// first frame of each comes before the second of any; the refreshes are spread out over half a minute
// instead, since nobody waits for them.

const repeatAfterMs = [100, 400, 600, 1_400] as const
const refreshMs = 60_000

/**
 * How long after announcement number `round` (the first is 0) the next one is due. `spread` in [0, 1) is the
 * address' own place in the first minute.
 */
export function repeatDelayMs(round: number, spread: number): number {
  const repeat = repeatAfterMs[round]
  if (repeat !== undefined) return repeat
  return round === repeatAfterMs.length ? refreshMs * (0.5 + spread / 2) : refreshMs
}
