/** One attempt of a probe: when it was sent and, if it was, when it was answered (ms on one clock). */
export interface Attempt {
  readonly sentMs: number
  answeredMs?: number
}

/** What a run of attempts says of the path: how many were lost, and the longest time without one that got through. */
export interface Outage {
  readonly sent: number
  readonly answered: number
  readonly lost: number
  /** From the last attempt that got through before the longest hole to the first one after it; 0 when nothing was lost. */
  readonly longestGapMs: number
  /** Median time from question to answer. */
  readonly medianMs: number
}

/** Attempts in the order they were sent. Unanswered ones at the end count as lost but end no gap. */
export function summarize(attempts: readonly Attempt[]): Outage {
  const answered = attempts.filter((attempt) => attempt.answeredMs !== undefined)
  const delays = answered
    .map((attempt) => (attempt.answeredMs ?? 0) - attempt.sentMs)
    .toSorted((a, b) => a - b)
  return {
    sent: attempts.length,
    answered: answered.length,
    lost: attempts.length - answered.length,
    longestGapMs: round(longestGap(attempts)),
    medianMs: round(delays[Math.floor(delays.length / 2)] ?? 0),
  }
}

/** From the last attempt that got through before the longest hole to the first one after it; 0 without a hole. */
export function longestGap(attempts: readonly Attempt[]): number {
  let longest = 0
  let lastMs: number | undefined
  let failing = false
  for (const attempt of attempts) {
    if (attempt.answeredMs === undefined) failing = true
    else {
      if (failing && lastMs !== undefined) longest = Math.max(longest, attempt.sentMs - lastMs)
      lastMs = attempt.sentMs
      failing = false
    }
  }
  return longest
}

/** The most attempts in a row that did not get through, though a later one did again. */
export function mostInARow(attempts: readonly Attempt[]): number {
  let most = 0
  let row = 0
  for (const { answeredMs } of attempts) {
    if (answeredMs === undefined) row++
    else {
      most = Math.max(most, row)
      row = 0
    }
  }
  return most
}

/** Milliseconds with a resolution of a microsecond: more would be noise. */
export function round(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
