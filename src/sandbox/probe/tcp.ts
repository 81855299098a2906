import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { round, summarize, type Attempt, type Outage } from './outage.ts'

interface TcpAttempt extends Attempt {
  state: 'asked' | 'refused' | 'connected' | 'answered' | 'broken'
}

export interface TcpProbe {
  readonly address: string
  readonly everyMs: number
  /** Called at each answer. */
  readonly onAnswer: () => void
}

/** An answer that takes longer had to wait for a packet to be sent again, which is a second later at the soonest. */
export const inTimeMs = 500
/** A packet that was sent again a second later, and has an answer then. */
const retriedMs = 1_300

/** As of any probe, where what did not come in time is lost; and how long the slowest answer took that came at all. */
export interface TcpOutage extends Outage {
  readonly slowestMs: number
  /** Connections that came about and broke before the answer: what was underway when the address moved to a node that does not know it. */
  readonly broken: number
}

/**
 * A new connection every `everyMs`, none of which waits for those before it, and one HTTP request on each. Ends some time after
 * `stop`, when all have their answer or have waited long enough.
 */
export async function probeTcp(probe: TcpProbe, stop: AbortSignal): Promise<TcpOutage> {
  const attempts: TcpAttempt[] = []
  while (!stop.aborted) {
    const startMs = performance.now()
    attempts.push(request(probe))
    await sleep(Math.max(0, probe.everyMs - (performance.now() - startMs)))
  }
  const endMs = performance.now() + retriedMs
  while (performance.now() < endMs && attempts.some(isOpen)) await sleep(10)
  const first = attempts.findIndex(({ answeredMs }) => answeredMs !== undefined)
  const counted = attempts.slice(Math.max(0, first))
  const took = counted.map(({ sentMs, answeredMs = sentMs }) => answeredMs - sentMs)
  return {
    ...summarize(counted.map(inTime)),
    slowestMs: round(took.reduce((a, b) => Math.max(a, b), 0)),
    broken: counted.filter(({ state }) => state === 'broken').length,
  }
}

/** The attempt as one who waits no longer than `inTimeMs` sees it. */
export function inTime(attempt: Attempt): Attempt {
  const { sentMs, answeredMs = Infinity } = attempt
  return answeredMs - sentMs <= inTimeMs ? attempt : { sentMs }
}

function isOpen({ state }: TcpAttempt): boolean {
  return state === 'asked' || state === 'connected'
}

function request({ address, onAnswer }: TcpProbe): TcpAttempt {
  const attempt: TcpAttempt = { sentMs: performance.now(), state: 'asked' }
  const socket = connect({ port: 80, host: address, noDelay: true })
  socket.setTimeout(3_000, () => socket.destroy())
  socket.once('error', () => undefined) // Refused or reset: it has no answer, which is counted.
  socket.once('connect', () => {
    attempt.state = 'connected'
    socket.write('GET / HTTP/1.0\r\n\r\n')
  })
  socket.once('close', () => {
    if (attempt.state === 'asked') attempt.state = 'refused'
    if (attempt.state === 'connected') attempt.state = 'broken'
  })
  socket.once('data', () => {
    attempt.answeredMs = performance.now()
    attempt.state = 'answered'
    onAnswer()
    socket.destroy()
  })
  return attempt
}
