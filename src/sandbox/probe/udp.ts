import { createSocket } from 'node:dgram'
import { summarize, type Attempt, type Outage } from './outage.ts'

export interface UdpProbe {
  readonly address: string
  readonly port: number
  readonly everyMs: number
  /** Called at each answer. */
  readonly onAnswer: () => void
}

/** Sends a numbered datagram every `everyMs` until `stop` is aborted, then waits for stragglers and sums up. */
export async function probeUdp(probe: UdpProbe, stop: AbortSignal): Promise<Outage> {
  const socket = createSocket(probe.address.includes(':') ? 'udp6' : 'udp4')
  const attempts: Attempt[] = []
  socket.on('message', (message) => noteAnswer(attempts, message.readUInt32BE(0), probe.onAnswer))
  socket.on('error', () => undefined) // An ICMP error is an unanswered attempt, which is counted anyway.
  await new Promise<void>((resolve) => {
    socket.connect(probe.port, probe.address, () => resolve())
  })
  await sendUntil(stop, probe.everyMs, () => {
    const message = Buffer.alloc(16)
    message.writeUInt32BE(attempts.length)
    attempts.push({ sentMs: performance.now() })
    socket.send(message, () => undefined)
  })
  await new Promise((resolve) => setTimeout(resolve, 300))
  socket.close()
  return summarize(sinceFirstAnswer(attempts))
}

function noteAnswer(attempts: readonly Attempt[], number: number, onAnswer: () => void): void {
  const attempt = attempts[number]
  if (!attempt || attempt.answeredMs !== undefined) return
  attempt.answeredMs = performance.now()
  onAnswer()
}

function sinceFirstAnswer(attempts: readonly Attempt[]): readonly Attempt[] {
  const first = attempts.findIndex((attempt) => attempt.answeredMs !== undefined)
  return first < 0 ? attempts : attempts.slice(first)
}

/** What is sent at once after a late timer: more would overflow a receiver's buffer, and count as lost what no network lost. */
const mostAtOnce = 20

/** Keeps the rate over a timer that is a little late; one that stood still for longer sends no more than a client does. */
async function sendUntil(stop: AbortSignal, everyMs: number, send: () => void): Promise<void> {
  let dueMs = performance.now()
  await new Promise<void>((resolve) => {
    const timer = setInterval(
      () => {
        const nowMs = performance.now()
        dueMs = Math.max(dueMs, nowMs - mostAtOnce * everyMs)
        for (; dueMs <= nowMs; dueMs += everyMs) send()
      },
      Math.max(1, everyMs),
    )
    stop.addEventListener('abort', () => {
      clearInterval(timer)
      resolve()
    })
  })
}
