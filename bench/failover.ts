import { setTimeout as sleep } from 'node:timers/promises'
import type { ArpFindings } from '../src/sandbox/probe/arp.ts'
import type { Outage } from '../src/sandbox/probe/outage.ts'
import type { Sandbox } from '../src/sandbox/sandbox.ts'
import { startProbe } from './client.ts'
import type { BenchCluster } from './cluster.ts'
import { figuresOf, heading, inMs, row } from './figures.ts'

/** What two clients saw of one move: one with a warm neighbour entry, one that asks by ARP anew every 5 ms. */
export interface Move {
  readonly warm: Outage
  readonly anew: ArpFindings
}

/** How long an address is without an answer when its node or its speaker goes. Local policy, a Pod on each node. */
export async function benchFailover(cluster: BenchCluster, tries: number): Promise<void> {
  heading(`Moves of an address, ${tries} tries each: 1 kHz UDP through it, and ARP asked anew every 5 ms`)
  row('', 'gap median', 'gap max', 'lost median', 'lost max', 'ARP silence', 'ARP max', 'double')
  const address = (await cluster.addressOf('web')) ?? ''
  const { sandbox } = cluster
  const nothing = (): Promise<void> => sleep(500)
  printMoves('nothing happens', await repeat(tries, () => watchMove(sandbox, address, nothing)))
  printMoves(
    'cable of the announcing node pulled',
    await repeat(tries, () => cableMove(cluster, address, (node) => sandbox.pullCable(node))),
  )
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const moves = await repeat(tries, () => speakerMove(cluster, address, signal))
    printMoves(`${signal} of the announcing speaker`, moves)
  }
  printMoves(
    'all speakers restarted, one by one',
    await repeat(tries, () => rollingRestart(cluster, address)),
  )
}

export function printMoves(name: string, moves: readonly Move[]): void {
  const gap = figuresOf(moves.map(({ warm }) => warm.longestGapMs))
  const lost = figuresOf(moves.map(({ warm }) => warm.lost))
  const silence = figuresOf(moves.map(({ anew }) => anew.longestSilenceMs))
  const double = figuresOf(moves.map(({ anew }) => anew.doubleAnswers))
  row(
    name,
    inMs(gap.median),
    inMs(gap.max),
    String(lost.median),
    String(lost.max),
    inMs(silence.median),
    inMs(silence.max),
    String(double.max),
  )
}

export async function repeat<T>(tries: number, once: () => Promise<T>): Promise<readonly T[]> {
  const results: T[] = []
  for (let at = 0; at < tries; at++) results.push(await once())
  return results
}

/** Watches from both sides while something happens to the address. */
export async function watchMove(
  sandbox: Sandbox,
  address: string,
  happening: () => Promise<void>,
): Promise<Move> {
  const warm = startProbe<Outage>(sandbox.client.exec, 'udp', address, '7')
  const anew = startProbe<ArpFindings>(sandbox.client.exec, 'arp', address)
  await Promise.all([warm.nextLine(), anew.nextLine()])
  await sleep(300 + Math.random() * 50)
  await happening()
  await sleep(300)
  return { warm: await warm.stop(), anew: await anew.stop() }
}

async function cableMove(
  cluster: BenchCluster,
  address: string,
  pull: (node: string) => Promise<void>,
): Promise<Move> {
  await cluster.settled()
  const node = (await cluster.announcerOf(address)) ?? ''
  const move = await watchMove(cluster.sandbox, address, async () => {
    await pull(node)
    await movedOff(cluster, address, node)
  })
  await cluster.sandbox.plugCable(node)
  return move
}

async function speakerMove(cluster: BenchCluster, address: string, signal: NodeJS.Signals): Promise<Move> {
  await cluster.settled()
  const node = (await cluster.announcerOf(address)) ?? ''
  return watchMove(cluster.sandbox, address, async () => {
    cluster.sandbox.kill(`speaker/${node}`, signal)
    await movedOff(cluster, address, node)
  })
}

async function rollingRestart(cluster: BenchCluster, address: string): Promise<Move> {
  const { sandbox } = cluster
  const pidOf = (node: string): number | null | undefined =>
    sandbox.pids().nodes.find(({ name }) => name === node)?.speakerPid
  await cluster.settled()
  return watchMove(sandbox, address, async () => {
    for (const { name } of sandbox.nodes) {
      const before = pidOf(name)
      sandbox.kill(`speaker/${name}`, 'SIGTERM')
      await cluster.eventually('its speaker runs again', async () => {
        const now = pidOf(name)
        return now !== before && now !== null && now !== undefined
      })
      await cluster.settled()
    }
  })
}

async function movedOff(cluster: BenchCluster, address: string, node: string): Promise<void> {
  await cluster.eventually(`${address} has left ${node}`, async () => {
    const now = await cluster.announcerOf(address)
    return now !== undefined && now !== node
  })
}
