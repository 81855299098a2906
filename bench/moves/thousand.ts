import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchCluster } from '../cluster.ts'
import { servicesPath } from '../cluster.ts'
import { forEach } from '../bulk.ts'
import { row } from '../figures.ts'
import { nativeProgram, startTalker } from '../native.ts'
import { make, openLab } from './lab.ts'
import type { Row, Setting } from './rows.ts'
import type { Seen } from './seen.ts'
import { parseHeard, takeoverIn, type Takeover } from './takeover.ts'

/** A thousand Services, and their addresses. */
interface Crowd {
  readonly cluster: BenchCluster
  readonly addresses: ReadonlySet<string>
  readonly capture: string
}

const howMany = 1_000
/** Until the others are back, the placement follows, and all is written. */
const settlingMs = 4_000

export const thousand: readonly Row<Crowd>[] = [
  { name: 'thousand', what: `a node that announces ${howMany} addresses cut off`, once: cutOff },
]

/** The capture is in C: read by an interpreter, a burst of frames has no times of its own. */
export async function openCrowd({ ground }: Setting): Promise<(Crowd & AsyncDisposable) | undefined> {
  const capture = nativeProgram('arp-watch')
  if (capture === undefined) row('thousand', 'no C compiler here')
  if (capture === undefined) return undefined
  return make(async (undo) => {
    const lab = await openLab(ground)
    undo.defer(async () => lab[Symbol.asyncDispose]())
    const { cluster } = lab
    await cluster.addPool('many', '10.199.0.0/20')
    const names = Array.from({ length: howMany }, (_, at) => `many-${at}`)
    await forEach(names, (name) => addServed(cluster, name))
    const addresses = new Set<string>()
    await forEach(names, async (name) => void addresses.add(await leased(cluster, name)))
    return { cluster, addresses, capture }
  })
}

/** The Service's address, once it has one. */
async function leased(cluster: BenchCluster, service: string): Promise<string> {
  let address: string | undefined
  await cluster.eventually(`${service} has an address`, async () => {
    address = await cluster.addressOf(service)
    return address !== undefined
  })
  return address ?? ''
}

/** With endpoints, else nobody would announce it; without ports of the nodes, of which there are too few. */
async function addServed({ api }: BenchCluster, name: string): Promise<void> {
  const ports = [{ port: 80, targetPort: 8080 }]
  const spec = { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, selector: { app: 'web' }, ports }
  const body = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, annotations: { 'lanlord.dev/pool': 'many' } },
    spec,
  }
  await api.request('POST', servicesPath, { body })
}

/** Each time it is the node after the one of the time before. */
let turn = 0

async function cutOff(crowd: Crowd): Promise<Seen> {
  const { playground } = crowd.cluster
  const node = playground.nodes[turn++ % playground.nodes.length]
  if (node === undefined) throw new Error('the LAN has no nodes')
  await gatherAt(crowd, node.name)
  const taken = await captured(crowd, node)
  await playground.plugCable(node.name)
  await crowd.cluster.settled()
  const counts = [
    { what: 'addresses that a successor announced', value: taken.count },
    { what: 'from the first of them to the last', value: taken.spreadMs, unit: 'ms' },
    { what: 'the same within the share of one successor', value: taken.shareMs, unit: 'ms' },
    { what: 'from the cut to the last', value: taken.fromCutMs, unit: 'ms' },
  ] as const
  return { sights: [], counts }
}

/** The speakers of all other nodes are told to end: they hand over to the one that is left, and come back with nothing. */
async function gatherAt({ cluster, addresses }: Crowd, node: string): Promise<void> {
  const { nodes } = cluster.playground
  await cluster.settled()
  const others = nodes.map(({ name }) => name).filter((name) => name !== node)
  await Promise.all(others.map((name) => cluster.playground.kill(`speaker/${name}`, 'SIGTERM')))
  await cluster.eventually(`${node} announces all`, async () => {
    const there = await cluster.announcedBy(node)
    return [...addresses].every((address) => there.has(address))
  })
  await sleep(settlingMs)
  await cluster.settled()
}

async function captured(
  { cluster, addresses, capture }: Crowd,
  node: { readonly name: string; readonly mac: string },
): Promise<Takeover> {
  const talker = startTalker(cluster.playground.client.exec, capture, 'eth0')
  await talker.nextLine()
  const cutUs = Date.now() * 1000
  await cluster.playground.pullCable(node.name)
  await sleep(2_000)
  const heard = (await talker.end()).flatMap((line) => parseHeard(line) ?? [])
  return takeoverIn(heard, { addresses, formerMac: node.mac, cutUs })
}
