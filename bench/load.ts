import { setTimeout as sleep } from 'node:timers/promises'
import { openPlayground } from '../src/sandbox/open-playground.ts'
import { longestGap, type Outage } from '../src/sandbox/probe/outage.ts'
import { Announcers, type Told } from './announcers.ts'
import { startProbe } from './client.ts'
import { BenchCluster } from './cluster.ts'
import { figuresOf, heading, inMs, inUs, row } from './figures.ts'
import { arpFlood, cpuHogs, noLoad, serviceChanges, type Load } from './loads.ts'
import { nativeProgram } from './native.ts'
import { publishMany } from './published.ts'
import {
  silencesIn,
  startWitness,
  takeoversIn,
  type Claim,
  type Question,
  type Silence,
  type Testimony,
} from './witness.ts'

const services = 12
const askApartMs = 5
/** So much longer than a dead interval that an answer is waited for which comes late. */
const patienceMs = 2_000
/** What a speaker may be silent for: three times what it promised. */
const missed = 3
/** A takeover is told of in a status a little later, and a load has its effect a little later. */
const settleMs = 3_000

/** What a load did to addresses that nobody touched, and to one whose node was cut off. */
interface Finding {
  readonly load: Load
  readonly came: string
  readonly takeovers: readonly Claim[]
  readonly told: Told
  readonly calm: Testimony
  readonly cut: Cut
}

interface Cut {
  readonly gapMs: number
  readonly arpGapMs: number
}

/** The loads by their names on the command line. */
export const loadNames = ['none', 'hogs', 'arp', 'services'] as const
export type LoadName = (typeof loadNames)[number]

const makers: Readonly<Record<LoadName, (cluster: BenchCluster) => Load>> = {
  none: () => noLoad,
  hogs: () => cpuHogs(2),
  arp: (cluster) => arpFlood(cluster, 50_000),
  services: (cluster) => serviceChanges(cluster, 2_000),
}

/** Whether a speaker that is kept from its work is taken for dead, and how late it answers, under each load alone. */
export async function benchLoad(minutes: number, names: readonly LoadName[]): Promise<void> {
  heading(`Three speakers and ${services} addresses under load, ${minutes} minutes of each`)
  if (nativeProgram('arp-witness') === undefined) return row('no C compiler here', 'this part needs one')
  await using playground = await openPlayground({ ground: 'embedded', nodes: 3 })
  await using cluster = await BenchCluster.on(playground)
  const addresses = await publishMany(cluster, services)
  await cluster.addPool('other', '10.250.0.0/16')
  const findings: Finding[] = []
  for (const name of names) {
    const load = makers[name](cluster)
    findings.push(await bear(cluster, { load, addresses, minutes }))
  }
  printElection(findings)
  printAnswers(findings, addresses)
  printUnasked(findings)
}

interface Trial {
  readonly load: Load
  readonly addresses: readonly string[]
  readonly minutes: number
}

async function bear(cluster: BenchCluster, { load, addresses, minutes }: Trial): Promise<Finding> {
  heading(load.name)
  await cluster.settled()
  const running = await load.start()
  await using announcers = await Announcers.on(cluster)
  const own = cluster.playground.nodes[0]?.address ?? ''
  const [asked = ''] = addresses
  const witness = await startWitness(cluster, {
    asked: [own, asked],
    apartMs: askApartMs,
    patienceMs,
  })
  await sleep(minutes * 60_000)
  await sleep(settleMs)
  const calm = await witness.stop()
  const { begun, missed } = announcers.told
  const told = { begun: [...begun], missed: [...missed] }
  const cut = await cutOff(cluster, asked)
  const came = await running.stop()
  if (came !== '') row('the load', came)
  return { load, came, takeovers: takeoversIn(calm.claims, announcers.holders), told, calm, cut }
}

/** One failover: the announcing node's cable is pulled while the load goes on. */
async function cutOff(cluster: BenchCluster, address: string): Promise<Cut> {
  const { playground } = cluster
  const node = await cluster.onlyAnnouncerOf(address)
  const warm = startProbe<Outage>(playground.client.exec, 'udp', address, '7', '--seconds', '600')
  await warm.nextLine()
  const witness = await startWitness(cluster, {
    asked: [address],
    apartMs: askApartMs,
    patienceMs: askApartMs,
  })
  await sleep(500)
  await playground.pullCable(node)
  await cluster.movedOff(address, node)
  await sleep(settleMs)
  const { questions } = await witness.stop()
  const { longestGapMs } = await warm.stop()
  await playground.plugCable(node)
  await cluster.settled()
  return { gapMs: longestGapMs, arpGapMs: longestGap(questions.map(attemptOf)) }
}

function attemptOf({ askedMs, tookUs }: Question): { sentMs: number; answeredMs?: number } {
  return tookUs === undefined ? { sentMs: askedMs } : { sentMs: askedMs, answeredMs: askedMs + tookUs / 1000 }
}

function printElection(findings: readonly Finding[]): void {
  heading('Takeovers that nobody asked for, and one failover (cable pulled) under each load')
  row('', 'on the wire', 'by status', 'peer missed', 'silence', 'too long', 'UDP gap', 'ARP gap')
  for (const { load, takeovers, told, calm, cut } of findings) {
    const counts = [takeovers, told.begun, told.missed].map(({ length }) => String(length))
    const silences = silencesIn(calm.beats)
    const longest = inMs(figuresOf(silences.map(({ ms }) => ms)).max)
    const tooLong = String(silences.filter(isTooLong).length)
    row(load.name, ...counts, longest, tooLong, inMs(cut.gapMs), inMs(cut.arpGapMs))
  }
}

function isTooLong({ ms, promisedMs }: Silence): boolean {
  return ms > promisedMs * missed
}

function printAnswers(findings: readonly Finding[], [asked]: readonly string[]): void {
  heading(`ARP answers, one question each ${askApartMs} ms to the speaker and to a kernel in turn`)
  row('', 'questions', 'p50', 'p99', 'max', 'unanswered')
  for (const { load, calm } of findings) {
    printTrips(
      `speaker, ${load.name}`,
      calm.questions.filter(({ address }) => address === asked),
    )
    printTrips(
      `kernel, ${load.name}`,
      calm.questions.filter(({ address }) => address !== asked),
    )
  }
}

function printTrips(name: string, questions: readonly Question[]): void {
  const trips = questions.flatMap(({ tookUs }) => tookUs ?? [])
  const { median, p99, max } = figuresOf(trips)
  const missing = String(questions.length - trips.length)
  row(name, String(questions.length), inUs(median), inUs(p99), inUs(max), missing)
}

function printUnasked(findings: readonly Finding[]): void {
  const moment = (ms: number): string => new Date(ms).toISOString()
  for (const { load, takeovers, told, calm } of findings) {
    const lines = [
      ...takeovers.map(({ address, mac, atMs }) => `${moment(atMs)} ${address} was taken over by ${mac}`),
      ...silencesIn(calm.beats)
        .filter(isTooLong)
        .map(
          (one) =>
            `${moment(one.sinceMs)} ${one.mac} was silent for ${inMs(one.ms)}, and had promised ${one.promisedMs} ms`,
        ),
      ...told.missed.map((words) => `missed for a while: ${words}`),
    ]
    if (lines.length > 0) heading(`Under ${load.name}`)
    for (const line of lines.toSorted()) process.stdout.write(`  ${line}\n`)
  }
}
