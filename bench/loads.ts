import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpus } from 'node:os'
import { signalTo } from '../src/sandbox/supervised-process.ts'
import { addBareService, allServices, forEach } from './bulk.ts'
import { runThere } from './client.ts'
import { servicesPath, type BenchCluster } from './cluster.ts'
import { addGuest } from './guest.ts'
import { requiredProgram } from './native.ts'
import { cpuSecondsOf } from './process-figures.ts'

/** Something that makes it hard for a cluster. */
export interface Load {
  readonly name: string
  start(): Promise<Running>
}

export interface Running {
  /** Ends it; answers in words what it really came to. */
  stop(): Promise<string>
}

/** How many events there were in each second. */
export function rateOf(count: number, ms: number): number {
  return ms > 0 ? (count * 1000) / ms : 0
}

export const noLoad: Load = {
  name: 'no load',
  start: () => Promise.resolve({ stop: () => Promise.resolve('') }),
}

/** Processes that never wait, each in a session of its own: where the kernel groups by session, it counts for itself. */
export function cpuHogs(perCore: number): Load {
  return { name: `${perCore} CPU hogs for each core`, start: () => Promise.resolve(startHogs(perCore)) }
}

function startHogs(perCore: number): Running {
  const startMs = performance.now()
  const hogs = Array.from({ length: perCore * cpus().length }, () => {
    const argv = ['--pdeathsig', 'KILL', 'sh', '-c', 'while :; do :; done']
    return spawn('setpriv', argv, { detached: true, stdio: 'ignore' })
  })
  return {
    stop: async () => {
      const used = hogs.reduce((sum, { pid = null }) => sum + cpuSecondsOf(pid), 0)
      const ms = performance.now() - startMs
      const ended = Promise.all(hogs.map((hog) => once(hog, 'exit')))
      for (const hog of hogs) signalTo(hog, 'SIGKILL')
      await ended
      return `${hogs.length} hogs had ${((used * 1000) / ms).toFixed(2)} cores of ${cpus().length}`
    },
  }
}

/** ARP between hosts that do not exist, to all, from a host of its own. */
export function arpFlood(cluster: BenchCluster, perSecond: number): Load {
  return {
    name: `${perSecond} foreign ARP frames/s`,
    start: () => startFlood(cluster, perSecond),
  }
}

async function startFlood(cluster: BenchCluster, perSecond: number): Promise<Running> {
  const guest = await addGuest(cluster.playground)
  const endsWithUs = ['setpriv', '--pdeathsig', 'KILL']
  const flood = [requiredProgram('arp-flood'), guest.interface, String(perSecond), cluster.network]
  const [command = '', ...args] = [...guest.exec, ...endsWithUs, ...flood]
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const words: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => words.push(chunk))
  const ended = once(child, 'close')
  const startMs = performance.now()
  const before = framesSeenBy(cluster)
  return {
    stop: async () => {
      const seen = framesSeenBy(cluster).map((frames, at) => frames - (before[at] ?? 0))
      const ms = performance.now() - startMs
      signalTo(child, 'SIGTERM')
      await ended
      await guest[Symbol.asyncDispose]()
      const { sent, seconds } = JSON.parse(String(Buffer.concat(words))) as { sent: number; seconds: number }
      const each = seen.map((frames) => rateOf(frames, ms).toFixed(0)).join(', ')
      return `${rateOf(sent, seconds * 1000).toFixed(0)} frames/s sent; the nodes received ${each} frames/s`
    },
  }
}

function framesSeenBy({ playground }: BenchCluster): readonly number[] {
  return playground.nodes.map(({ exec }) =>
    Number(runThere(exec, 'cat', '/sys/class/net/eth0/statistics/rx_packets')),
  )
}

/** Services that change all the time, and are watched by every speaker; they have no endpoints. */
export function serviceChanges(cluster: BenchCluster, perSecond: number, services = 200): Load {
  return {
    name: `${perSecond} Service changes/s`,
    start: async () => {
      const names = Array.from({ length: services }, (_, at) => `change-${at}`)
      const known = await allServices(cluster)
      await forEach(
        names.filter((name) => !known.has(name)),
        (name) => addBareService(cluster, name),
      )
      return changeServices(cluster, names, perSecond)
    },
  }
}

/** Sends so many at once at the most: the API server answers no sooner for more. */
const atOnce = 32
const everyMs = 5
const mostBehindMs = 100

function changeServices({ api }: BenchCluster, names: readonly string[], perSecond: number): Running {
  let changed = 0
  let refused = 0
  let underWay = 0
  let turn = 0
  const startMs = performance.now()
  let dueMs = startMs
  const change = async (): Promise<void> => {
    const path = `${servicesPath}/${names[turn % names.length]}`
    const annotations = { 'bench.example.com/turn': String(turn++) }
    underWay++
    await api.request('PATCH', path, { body: { metadata: { annotations } } }).then(
      () => changed++,
      () => refused++,
    )
    underWay--
  }
  const timer = setInterval(() => {
    const nowMs = performance.now()
    dueMs = Math.max(dueMs, nowMs - mostBehindMs)
    for (; dueMs <= nowMs && underWay < atOnce; dueMs += 1000 / perSecond) void change()
  }, everyMs)
  return {
    stop: async () => {
      clearInterval(timer)
      const ms = performance.now() - startMs
      const rate = rateOf(changed, ms).toFixed(0)
      while (underWay > 0) await new Promise((resolve) => setTimeout(resolve, everyMs))
      return `${rate} changes/s were answered${refused > 0 ? `, ${refused} refused` : ''}`
    },
  }
}
