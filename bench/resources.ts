import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openPlayground } from '../src/sandbox/open-playground.ts'
import type { PeersFindings } from '../src/sandbox/probe/peers.ts'
import type { SpeakerWords } from './announcers.ts'
import { forEach } from './bulk.ts'
import { runThere, startProbe } from './client.ts'
import { BenchCluster, servicesPath } from './cluster.ts'
import { heading, row } from './figures.ts'
import { until } from '../src/sandbox/until.ts'
import { addGuest } from './guest.ts'
import { rateOf } from './loads.ts'
import { cpuSecondsOf, proportionalBytesOf, residentBytesOf } from './process-figures.ts'
import { requestsIn, requestsSince } from './request-counts.ts'

const announcer = 'node-1'
const onlooker = 'node-2'
const real = 3
const sizes = [10, 1_000, 5_000]
const segments = [3, 20, 100]
/** Each size and segment is looked at for so long at the most. */
const lookMs = 30_000
/** Garbage is collected, and statuses are written, a while after what they came from. */
const settleMs = 10_000
/** For thousands of Services to be served by the stand-ins of kube-proxy, all on one machine. */
const patienceMs = 600_000

/** What one speaker takes with so many addresses of its own and so many speakers on the segment, and what idleness asks. */
export async function benchResources(minutes: number): Promise<void> {
  await using playground = await openPlayground({ ground: 'embedded', nodes: real })
  await using cluster = await BenchCluster.on(playground)
  await addPool(cluster)
  await cluster.addWorkload()
  const ms = Math.min(lookMs, minutes * 60_000)
  for (const [at, size] of sizes.entries()) {
    await grow(cluster, sizes[at - 1] ?? 0, size)
    if (at === 0) await benchIdle(cluster, minutes)
    heading(`${size} addresses, all announced by ${announcer}; ${ms / 1000} s each`)
    row('', 'RSS', 'PSS', 'CPU', 'packets/s', 'bytes/s', 'other RSS', 'other CPU')
    for (const speakers of segments) await among(cluster, speakers, ms)
  }
}

/** Of the one node, so that it announces all of them. */
async function addPool({ api }: BenchCluster): Promise<void> {
  const l2 = { nodeSelectors: [{ matchLabels: { 'kubernetes.io/hostname': announcer } }] }
  await api.request('POST', '/apis/lanlord.dev/v1beta1/addresspools', {
    body: {
      apiVersion: 'lanlord.dev/v1beta1',
      kind: 'AddressPool',
      metadata: { name: 'wide' },
      spec: { addresses: ['10.250.0.0/16'], l2 },
    },
  })
}

async function grow(cluster: BenchCluster, from: number, to: number): Promise<void> {
  const names = Array.from({ length: to - from }, (_, at) => `own-${from + at}`)
  await forEach(names, async (name) => {
    const ports = [{ port: 80, targetPort: 8080 }]
    const type = { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false }
    await cluster.api.request('POST', servicesPath, {
      body: {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name },
        spec: { ...type, selector: { app: 'web' }, ports },
      },
    })
  })
  const isWhole = async (): Promise<boolean> =>
    (await speakerOf(cluster, announcer)).status?.announcing?.length === to
  const describe = (): string => `${announcer} announces ${to} addresses`
  await until(isWhole, { describe, timeoutMs: patienceMs, everyMs: 1_000 })
  await sleep(settleMs)
}

async function speakerOf({ api }: BenchCluster, node: string): Promise<SpeakerWords> {
  return api.request('GET', `/apis/lanlord.dev/v1beta1/speakers/${node}`)
}

/** Looks at the two speakers while there are so many on the segment; those that are not real are played. */
async function among(cluster: BenchCluster, speakers: number, ms: number): Promise<void> {
  await using guest = await addGuest(cluster.playground)
  const keyFile = join(cluster.playground.directory, 'heartbeat-key', 'current')
  const played = speakers - real
  const probe =
    played > 0 && startProbe<PeersFindings>(guest.exec, 'peers', String(played), '--key-file', keyFile)
  await cluster.eventually(`each speaker hears ${speakers - 1} others`, async () => {
    const both = await Promise.all([announcer, onlooker].map((node) => speakerOf(cluster, node)))
    return both.every(({ status }) => status?.peers?.length === speakers - 1)
  })
  await sleep(settleMs)
  await look(cluster, `${speakers} speakers`, ms)
  if (probe) await probe.stop()
}

async function look(cluster: BenchCluster, name: string, ms: number): Promise<void> {
  const { nodes } = await cluster.playground.pids()
  const pidOf = (node: string): number | null => nodes.find((each) => each.name === node)?.speakerPid ?? null
  const [own, other] = [pidOf(announcer), pidOf(onlooker)]
  const before = { own: cpuSecondsOf(own), other: cpuSecondsOf(other), sent: sentBy(cluster) }
  const startMs = performance.now()
  await sleep(ms)
  const tookMs = performance.now() - startMs
  const sent = sentBy(cluster)
  row(
    name,
    inMb(residentBytesOf(own)),
    inMb(proportionalBytesOf(own)),
    inPercent(cpuSecondsOf(own) - before.own, tookMs),
    rateOf(sent.packets - before.sent.packets, tookMs).toFixed(0),
    rateOf(sent.bytes - before.sent.bytes, tookMs).toFixed(0),
    inMb(residentBytesOf(other)),
    inPercent(cpuSecondsOf(other) - before.other, tookMs),
  )
}

/** What left the announcing node's interface: with its kernel's own frames, of which there are next to none. */
function sentBy({ playground }: BenchCluster): { readonly packets: number; readonly bytes: number } {
  const exec = playground.nodes.find(({ name }) => name === announcer)?.exec ?? []
  const folder = '/sys/class/net/eth0/statistics'
  const text = runThere(exec, 'cat', `${folder}/tx_packets`, `${folder}/tx_bytes`)
  const [packets = 0, bytes = 0] = text.trim().split('\n').map(Number)
  return { packets, bytes }
}

/** What is asked of the API server while nothing happens. */
async function benchIdle(cluster: BenchCluster, minutes: number): Promise<void> {
  heading(
    `Requests to the API server in ${minutes} minutes in which nothing happens, with ${sizes[0]} addresses`,
  )
  const before = await requestsIn(cluster)
  await sleep(minutes * 60_000)
  const lines = requestsSince(before, await requestsIn(cluster), 'lanlord-')
  for (const client of ['lanlord-controller', 'lanlord-speaker']) {
    const own = lines.filter(({ userAgent }) => userAgent === client)
    for (const { verb, resource, count } of own) row(`${client}: ${verb} ${resource}`, String(count))
    if (own.length === 0) row(client, 'none')
  }
  const writes = lines.filter(isWrite).filter(({ resource }) => !resource.startsWith('leases'))
  row('writes but those of the Lease', String(writes.reduce((sum, { count }) => sum + count, 0)))
}

function isWrite({ verb }: { readonly verb: string }): boolean {
  return !['get', 'list', 'watch'].includes(verb)
}

function inMb(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MB`
}

function inPercent(seconds: number, ofMs: number): string {
  return `${((seconds * 100_000) / ofMs).toFixed(1)} %`
}
