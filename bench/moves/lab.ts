import type { Family } from '../../src/core/ip/address.ts'
import { openPlayground } from '../../src/sandbox/open-playground.ts'
import type { Playground } from '../../src/sandbox/playground.ts'
import type { SandboxOptions } from '../../src/sandbox/options.ts'
import { Undo } from '../../src/sandbox/undo.ts'
import { BenchCluster } from '../cluster.ts'
import { nativeProgram, startTalker } from '../native.ts'
import { announced } from '../published.ts'
import type { Datagrams } from './watch.ts'

/** A cluster of three nodes with a Pod on each, of both families, and a pool `lab`. */
export interface Lab {
  readonly cluster: BenchCluster
}

export function openLab(
  ground: Playground['ground'],
  options: Partial<SandboxOptions> = {},
): Promise<Lab & AsyncDisposable> {
  return make(async (undo) => {
    const playground = await openPlayground({ ground, nodes: 3, dualStack: true, ...options })
    undo.defer(() => playground.close())
    const cluster = await BenchCluster.on(playground)
    undo.defer(() => cluster[Symbol.asyncDispose]())
    const prefix6 = playground.subnet6?.replace(/\/\d+$/, '')
    const ranges6 = prefix6 === undefined ? [] : [`${prefix6}200-${prefix6}249`]
    await cluster.addPool('lab', `${cluster.network}.200-${cluster.network}.249`, ...ranges6)
    await cluster.addWorkload()
    return { cluster }
  })
}

/** What `making` makes, which is undone when it is disposed of, or at once when it does not come about. */
export async function make<T extends object>(
  making: (undo: Undo) => Promise<T>,
): Promise<T & AsyncDisposable> {
  const undo = new Undo()
  try {
    return { ...(await making(undo)), [Symbol.asyncDispose]: () => undo.run() }
  } catch (error) {
    await undo.run()
    throw error
  }
}

/** One published Service on a lab, and who watches it with how many datagrams. */
export interface Scene {
  readonly cluster: BenchCluster
  readonly service: string
  readonly address: string
  /** For a failure: a thousand a second, echoed by a Pod. */
  readonly calm: Datagrams
  /** For a move that is to lose nothing: ten thousand a second, echoed by a program of the node. */
  readonly dense: Datagrams
}

export interface SceneOptions {
  readonly family?: Family
  readonly policy?: 'Local' | 'Cluster'
}

const perSecond = 10_000
/** The workload's own echo; and one beside it, which is there on each node and in C. */
const ports = { pod: 7, node: 9 } as const

/** Publishes a Service of that name; it is gone when the scene is. */
export function openScene(
  { cluster }: Lab,
  service: string,
  { family = 'IPv4', policy = 'Local' }: SceneOptions = {},
): Promise<Scene & AsyncDisposable> {
  return make(async (undo) => {
    await cluster.addService(service, policy, 'web', family)
    undo.defer(() => cluster.removeService(service))
    const address = await announced(cluster, service)
    const beside = await startEchoes(cluster.playground, address)
    undo.defer(() => beside.end())
    const calm = { port: ports.pod, perSecond: 1_000, flows: 1 }
    return { cluster, service, address, calm, dense: { port: beside.port, perSecond, flows: 1 } }
  })
}

interface Echoes {
  readonly port: number
  readonly end: () => Promise<unknown>
}

/**
 * An echo on each node that does not wait for an interpreter: the stand-in for a Pod loses some of ten thousand datagrams
 * a second when the machine is busy. A real node does not take the address itself: there it is the Pod's.
 */
async function startEchoes(playground: Playground, address: string): Promise<Echoes> {
  const binary = nativeProgram('udp-probe')
  if (playground.ground === 'cluster' || binary === undefined)
    return { port: ports.pod, end: () => Promise.resolve() }
  const echoes = playground.nodes.map(({ exec }) =>
    startTalker(exec, binary, 'echo', address, String(ports.node)),
  )
  await Promise.all(echoes.map((each) => each.nextLine()))
  return { port: ports.node, end: () => Promise.all(echoes.map((each) => each.end())) }
}
