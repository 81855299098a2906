import { connect } from 'node:net'
import { createInterface } from 'node:readline'

/**
 * For each address on standard input: connects to it until an HTTP answer comes, and prints when that was on the
 * machine's monotonic clock (ms), which every process here shares.
 */
export async function firstAnswers(
  onAnswer: (answer: { address: string; atMs: number }) => void,
): Promise<void> {
  for await (const address of createInterface({ input: process.stdin })) {
    while (!(await answers(address)));
    onAnswer({ address, atMs: monotonicMs() })
  }
}

/** The machine's monotonic clock, the same in every process and network namespace. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

async function answers(address: string): Promise<boolean> {
  const socket = connect(80, address)
  socket.setTimeout(3000, () => socket.destroy())
  socket.once('connect', () => socket.write(`GET / HTTP/1.0\r\nHost: ${address}\r\n\r\n`))
  const answered = await new Promise<boolean>((resolve) => {
    socket.once('data', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })
  socket.destroy()
  if (!answered) await new Promise((resolve) => setTimeout(resolve, 1))
  return answered
}
