import { arpQuestion } from './arp.ts'
import { answersTo, type Question } from './ask.ts'
import { round } from './outage.ts'

export interface RoundTrips {
  readonly asked: number
  readonly answered: number
  readonly p50Us: number
  readonly p99Us: number
  readonly maxUs: number
}

/**
 * Asks one question after the other and spins for the answer, so that the prober's own wake-up is not in the figure.
 * Half a millisecond apart: the answerer sleeps between two, as it would on a quiet LAN.
 */
export function measureRoundTrips(name: string, address: string, count: number): RoundTrips {
  using question = arpQuestion(name, address)
  const trips: number[] = []
  for (let asked = 0; asked < count; asked++) {
    const trip = roundTrip(question)
    if (trip !== undefined) trips.push(trip * 1000)
    spinFor(0.5)
  }
  const sorted = trips.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
  return { asked: count, answered: trips.length, p50Us: at(0.5), p99Us: at(0.99), maxUs: at(1) }
}

function roundTrip(question: Question): number | undefined {
  answersTo(question)
  const sentMs = performance.now()
  question.socket.send(question.frame)
  while (performance.now() - sentMs < 50)
    if (answersTo(question).length > 0) return performance.now() - sentMs
  return undefined
}

function spinFor(ms: number): void {
  const untilMs = performance.now() + ms
  while (performance.now() < untilMs);
}
