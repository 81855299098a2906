import { setTimeout as sleep } from 'node:timers/promises'
import { openPlayground } from '../src/sandbox/open-playground.ts'
import { longestGap, type Outage } from '../src/sandbox/probe/outage.ts'
import { Announcers, type Told } from './announcers.ts'
import { startProbe } from './client.ts'
import { BenchCluster } from './cluster.ts'
import { figuresOf, heading, inMs, inUs, row } from './figures.ts'
import { arpFlood, cpuHogs, noLoad, serviceChanges, type Load } from './loads.ts'
import { compileNative, type Native } from './native.ts'
import { startWitness, takeoversIn, type Claim, type Question, type Testimony } from './witness.ts'

const services = 12
const askApartMs = 5
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

/** Whether a speaker that is kept from its work is taken for dead, and how late it answers, under each load alone. */
export async function benchLoad(minutes: number): Promise<void> {
  heading(`Three speakers and ${services} addresses under load, ${minutes} minutes of each`)
  using native = compileNative('arp-flood', 'arp-witness')
  if (!native) return row('no C compiler here', 'this part needs one')
  await using playground = await openPlayground({ ground: 'embedded', nodes: 3 })
  await using cluster = await BenchCluster.on(playground)
  const addresses = await publish(cluster)
  const loads = [noLoad, cpuHogs(2), arpFlood(cluster, native, 50_000), serviceChanges(cluster, 2_000)]
  const findings: Finding[] = []
  for (const load of loads) findings.push(await bear(cluster, native, { load, addresses, minutes }))
  printElection(findings)
  printAnswers(findings, addresses)
  printUnasked(findings)
}

async function publish(cluster: BenchCluster): Promise<readonly string[]> {
  await cluster.addPool('lab', `${cluster.network}.200-${cluster.network}.249`)
  await cluster.addPool('other', '10.250.0.0/16')
  await cluster.addWorkload()
  const names = Array.from({ length: services }, (_, at) => `web-${at}`)
  for (const name of names) await cluster.addService(name, 'Local')
  const addresses: string[] = []
  for (const name of names) {
    await cluster.eventually(`${name} is announced`, async () => {
      const address = await cluster.addressOf(name)
      return address !== undefined && (await cluster.announcerOf(address)) !== undefined
    })
    addresses.push((await cluster.addressOf(name)) ?? '')
  }
  return addresses
}

interface Trial {
  readonly load: Load
  readonly addresses: readonly string[]
  readonly minutes: number
}

async function bear(
  cluster: BenchCluster,
  native: Native,
  { load, addresses, minutes }: Trial,
): Promise<Finding> {
  heading(load.name)
  await cluster.settled()
  const running = await load.start()
  await using announcers = await Announcers.on(cluster)
  const own = cluster.playground.nodes[0]?.address ?? ''
  const [asked = ''] = addresses
  const witness = await startWitness(cluster, native, { asked: [own, asked], apartMs: askApartMs })
  await sleep(minutes * 60_000)
  const calm = await witness.stop()
  await sleep(settleMs)
  const { begun, missed } = announcers.told
  const told = { begun: [...begun], missed: [...missed] }
  const cut = await cutOff(cluster, native, asked)
  const came = await running.stop()
  if (came !== '') row('the load', came)
  return { load, came, takeovers: takeoversIn(calm.claims, announcers.holders), told, calm, cut }
}

/** One failover: the announcing node's cable is pulled while the load goes on. */
async function cutOff(cluster: BenchCluster, native: Native, address: string): Promise<Cut> {
  const { playground } = cluster
  const node = await cluster.onlyAnnouncerOf(address)
  const warm = startProbe<Outage>(playground.client.exec, 'udp', address, '7', '--seconds', '600')
  await warm.nextLine()
  const witness = await startWitness(cluster, native, { asked: [address], apartMs: askApartMs })
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
  row('', 'on the wire', 'by status', 'peer missed', 'UDP gap', 'ARP gap')
  for (const { load, takeovers, told, cut } of findings) {
    const counts = [takeovers, told.begun, told.missed].map(({ length }) => String(length))
    row(load.name, ...counts, inMs(cut.gapMs), inMs(cut.arpGapMs))
  }
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
  for (const { load, takeovers, told } of findings) {
    for (const { address, mac, atMs } of takeovers)
      row(`${load.name}: ${address} was taken over`, `by ${mac}`, ` at ${new Date(atMs).toISOString()}`)
    for (const words of [...new Set(told.missed)]) row(`${load.name}: missed for a while`, words)
  }
}
