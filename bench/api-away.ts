import { setTimeout as sleep } from 'node:timers/promises'
import { openPlayground } from '../src/sandbox/open-playground.ts'
import type { Turn } from '../src/sandbox/probe/answers.ts'
import { startProbe } from './client.ts'
import { BenchCluster } from './cluster.ts'
import { heading, row } from './figures.ts'
import { silenceOf, tellTurns } from './timeline.ts'
import { publishMany } from './published.ts'

const services = 8

/** What is done while the API server is away, each after so much of the time. */
interface Deed {
  readonly share: number
  readonly words: string
  readonly doIt: (cluster: BenchCluster) => Promise<void>
}

const deeds: readonly Deed[] = [
  { share: 0, words: 'the API server goes away', doIt: ({ playground }) => playground.stopApi() },
  {
    share: 0.15,
    words: 'node-1 loses its power',
    doIt: ({ playground }) => playground.powerOff('node-1'),
  },
  {
    share: 0.3,
    words: 'node-2, whose cable was out since before, has it back; its speaker ran all the while',
    doIt: ({ playground }) => playground.plugCable('node-2'),
  },
  {
    share: 0.45,
    words: 'node-1 has power again; its speaker starts anew',
    doIt: ({ playground }) => playground.powerOn('node-1'),
  },
  {
    share: 0.6,
    words: 'the speaker of node-3 is told to end (SIGTERM), and started again after a second',
    doIt: ({ playground }) => playground.kill('speaker/node-3', 'SIGTERM'),
  },
  {
    share: 0.7,
    words: 'the speaker of node-4 is killed (SIGKILL), and started again after a second',
    doIt: ({ playground }) => playground.kill('speaker/node-4', 'SIGKILL'),
  },
  {
    share: 0.85,
    words: 'the speaker of node-2, the last that was not started anew, is told to end and started again',
    doIt: ({ playground }) => playground.kill('speaker/node-2', 'SIGTERM'),
  },
  { share: 1, words: 'the API server is back', doIt: ({ playground }) => playground.startApi() },
]

/** Which address is answered by whom while the API server is away and everything else goes on happening. */
export async function benchApiAway(minutes: number): Promise<void> {
  heading(`The API server away for ${minutes} minutes; ${services} addresses, 4 nodes`)
  await using playground = await openPlayground({ ground: 'embedded', nodes: 4 })
  await using cluster = await BenchCluster.on(playground)
  const addresses = await publishMany(cluster, services)
  await playground.pullCable('node-2')
  for (const address of addresses) await cluster.movedOff(address, 'node-2')
  const turns: Turn[] = []
  const probe = startProbe(playground.client.exec, 'answers', ...addresses)
  const reading = readTurns(() => probe.nextLine(), turns)
  await sleep(2_000)
  const startMs = Date.now()
  const done = await doAll(cluster, startMs, minutes * 60_000)
  await cluster.settled()
  for (const address of addresses) await cluster.onlyAnnouncerOf(address)
  await sleep(2_000)
  const endMs = Date.now()
  probe.child.kill('SIGINT')
  await reading
  const nodeOf = new Map(playground.nodes.map(({ mac, name }) => [mac, name]))
  for (const line of tellTurns({ turns, done, startMs, nodeOf })) process.stdout.write(`  ${line}\n`)
  printSilence(turns, addresses, { startMs, endMs })
}

async function readTurns(nextLine: () => Promise<string>, turns: Turn[]): Promise<void> {
  for (let line = await nextLine(); line !== 'undefined'; line = await nextLine())
    turns.push(JSON.parse(line) as Turn)
}

async function doAll(
  cluster: BenchCluster,
  startMs: number,
  lastsMs: number,
): Promise<readonly { atMs: number; words: string }[]> {
  const done: { atMs: number; words: string }[] = []
  for (const { share, words, doIt } of deeds) {
    await sleep(Math.max(0, startMs + share * lastsMs - Date.now()))
    done.push({ atMs: Date.now(), words })
    await doIt(cluster)
  }
  return done
}

function printSilence(
  turns: readonly Turn[],
  addresses: readonly string[],
  span: { readonly startMs: number; readonly endMs: number },
): void {
  row('seconds without an answer', 'ARP', 'UDP')
  for (const address of addresses) {
    const own = turns.filter((turn) => turn.address === address)
    const seconds = (kind: 'arp' | 'udp'): string => (silenceOf(own, kind, span) / 1000).toFixed(1)
    row(address, seconds('arp'), seconds('udp'))
  }
}
