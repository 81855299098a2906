import { isIPv6 } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Playground } from '../../src/sandbox/playground.ts'
import type { Findings } from '../../src/sandbox/probe/ask.ts'
import type { Outage } from '../../src/sandbox/probe/outage.ts'
import type { TcpOutage } from '../../src/sandbox/probe/tcp.ts'
import { startProbe } from '../client.ts'
import { nativeProgram, startTalker } from '../native.ts'
import type { Count, Seen, Sight } from './seen.ts'

/** What the UDP probe in C finds beside what every probe does. */
export interface UdpOutage extends Outage {
  /** Of the lost ones, those in the longest gap. */
  readonly lostInGap?: number
  /** From the first lost one to the last. */
  readonly failingMs?: number
  /** The longest time for which the probe itself stood still. */
  readonly stallMs?: number
}

/** The datagrams of a client with a warm neighbour entry: where to, how many a second, from how many ports in turn. */
export interface Datagrams {
  readonly port: number
  readonly perSecond: number
  readonly flows: number
}

/** What all clients saw of an address while something happened to it. */
export interface Watched {
  readonly udp: UdpOutage
  readonly tcp: TcpOutage
  /** Of one that asks anew, by ARP or neighbour solicitation, every 5 ms. */
  readonly anew: Findings
  readonly seen: Seen
}

const tcpEveryMs = 10
const anewEveryMs = 5
const longEnough = ['--seconds', '600']

/** Watches from three sides while something happens to the address. */
export async function watch(
  { client }: Pick<Playground, 'client'>,
  address: string,
  datagrams: Datagrams,
  happening: () => Promise<unknown>,
): Promise<Watched> {
  const question = isIPv6(address) ? 'ndp' : 'arp'
  const everyMs = (ms: number): string[] => ['--every-ms', String(ms), ...longEnough]
  const udp = startUdp(client.exec, address, datagrams)
  const tcp = startProbe<TcpOutage>(client.exec, 'tcp', address, ...everyMs(tcpEveryMs))
  const anew = startProbe<Findings>(client.exec, question, address, ...everyMs(anewEveryMs))
  await Promise.all([udp.nextLine(), tcp.nextLine(), anew.nextLine()])
  await sleep(300 + Math.random() * 50)
  await happening()
  await sleep(300)
  const [ofUdp, ofTcp, ofAnew] = await Promise.all([udp.stop(), tcp.stop(), anew.stop()])
  const found = { udp: ofUdp, tcp: ofTcp, anew: ofAnew }
  return { ...found, seen: seenIn(found, datagrams, question) }
}

interface Running {
  nextLine(): Promise<string>
  stop(): Promise<UdpOutage>
}

/** The probe in C where there is a compiler; else one that is good for a thousand a second from one port. */
function startUdp(exec: readonly string[], address: string, { port, perSecond, flows }: Datagrams): Running {
  const binary = nativeProgram('udp-probe')
  if (binary === undefined) return startProbe<UdpOutage>(exec, 'udp', address, String(port), ...longEnough)
  const talker = startTalker(exec, binary, 'ask', address, String(port), String(perSecond), String(flows))
  return {
    nextLine: () => talker.nextLine(),
    stop: async () => JSON.parse((await talker.end()).at(-1) ?? '') as UdpOutage,
  }
}

function seenIn(
  { udp, tcp, anew }: Omit<Watched, 'seen'>,
  { perSecond }: Datagrams,
  question: 'arp' | 'ndp',
): Seen {
  const rate = nativeProgram('udp-probe') === undefined ? 1000 : perSecond
  const byUdp = sightOf(`UDP, each ${1000 / rate} ms`, udp)
  const byTcp = sightOf(`TCP, a new connection each ${tcpEveryMs} ms`, tcp)
  const asked = question === 'arp' ? 'ARP' : 'neighbour solicitation'
  const byAnew: Sight = {
    by: `${asked}, anew each ${anewEveryMs} ms`,
    gapMs: anew.longestSilenceMs,
    lost: anew.unanswered,
    sent: anew.asked,
  }
  return { sights: [byUdp, byTcp, byAnew], counts: countsOf(udp, tcp, anew) }
}

function countsOf(udp: UdpOutage, tcp: TcpOutage, anew: Findings): readonly Count[] {
  const stall: readonly Count[] =
    udp.stallMs === undefined
      ? []
      : [{ what: 'the UDP probe itself stood still', value: udp.stallMs, unit: 'ms' }]
  return [
    { what: 'slowest TCP request', value: tcp.slowestMs, unit: 'ms' },
    { what: 'TCP connections that broke when half done', value: tcp.broken },
    { what: 'questions with two answers', value: anew.doubleAnswers },
    ...stall,
  ]
}

function sightOf(by: string, { longestGapMs: gapMs, lost, sent }: Outage): Sight {
  return { by, gapMs, lost, sent }
}
