import type { RoundTrips } from '../src/sandbox/probe/round-trips.ts'
import type { Exec } from '../src/sandbox/lan/command.ts'
import { startBeside, startProbe } from './client.ts'
import type { BenchCluster } from './cluster.ts'
import { figuresOf, heading, inUs, row } from './figures.ts'
import { nativeProgram } from './native.ts'

const rounds = 3

/** How long a client waits for an answer to ARP: from the speaker, from the kernel for its own address, from C. */
export async function benchArp(cluster: BenchCluster): Promise<void> {
  heading(`ARP answer times, ${rounds} interleaved rounds of 2,000 questions (median of the rounds)`)
  const address = (await cluster.addressOf('web')) ?? ''
  const announcer = cluster.playground.nodes.find(({ name }) => name === 'node-1')
  if (!announcer) throw new Error('the LAN has no node-1')
  const yardstick = `${cluster.network}.250`
  await using native = startNative(announcer.exec, yardstick)
  const answerers: Readonly<Record<string, string>> = {
    'kernel, its own address': announcer.address,
    'lanlord speaker': address,
    ...(native.runs ? { 'C responder': yardstick } : {}),
  }
  const seen = new Map<string, RoundTrips[]>()
  for (let round = 0; round < rounds; round++) {
    for (const [name, asked] of Object.entries(answerers)) {
      seen.set(name, [...(seen.get(name) ?? []), await roundTrips(cluster.playground.client.exec, asked)])
    }
  }
  row('', 'p50', 'p99', 'max', 'unanswered')
  for (const [name, trips] of seen) print(name, trips)
  if (!native.runs) row('C responder', 'no C compiler here')
}

async function roundTrips(exec: Exec, address: string): Promise<RoundTrips> {
  const probe = startProbe<RoundTrips>(exec, 'round-trips', address)
  return JSON.parse(await probe.nextLine()) as RoundTrips
}

function print(name: string, trips: readonly RoundTrips[]): void {
  const median = (of: (trip: RoundTrips) => number): number => figuresOf(trips.map(of)).median
  const missing = trips.reduce((sum, trip) => sum + trip.asked - trip.answered, 0)
  const p50 = median((trip) => trip.p50Us)
  const p99 = median((trip) => trip.p99Us)
  row(name, inUs(p50), inUs(p99), inUs(Math.max(...trips.map((trip) => trip.maxUs))), String(missing))
}

interface NativeResponder extends AsyncDisposable {
  readonly runs: boolean
}

/** Compiles and starts the C responder, where there is a compiler. */
function startNative(exec: Exec, address: string): NativeResponder {
  const program = nativeProgram('arp-responder')
  if (program === undefined) return { runs: false, [Symbol.asyncDispose]: () => Promise.resolve() }
  return { runs: true, [Symbol.asyncDispose]: startBeside(exec, program, 'eth0', address) }
}
