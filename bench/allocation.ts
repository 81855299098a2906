import { setTimeout as sleep } from 'node:timers/promises'
import { openPlayground } from '../src/sandbox/open-playground.ts'
import type { GroundName } from '../src/sandbox/playground.ts'
import { until } from '../src/sandbox/until.ts'
import { Arrivals } from './arrivals.ts'
import { addBareService, allServices, forEach, patchAll } from './bulk.ts'
import { BenchCluster } from './cluster.ts'
import { watchAddress } from './creation.ts'
import { figuresOf, heading, inMs, row } from './figures.ts'
import { cpuSecondsOf, forgetPeak, peakBytesOf } from './process-figures.ts'
import { between, writesIn, type Writes } from './request-counts.ts'

const tries = 10
const quietMs = 1_500

/** What so many Services cost: given addresses all at once, through a restart, and to one more that comes then. */
export async function benchAllocation(ground: GroundName, services: number): Promise<void> {
  await using playground = await openPlayground({ ground, nodes: 3 })
  await using cluster = await BenchCluster.on(playground)
  const names = Array.from({ length: services }, (_, at) => `bulk-${at}`)
  await cluster.addPool('few', '10.251.0.0/24')
  const empty = await oneMore(cluster, 'empty')
  await cluster.removePool('few')
  heading(`${services} Services wait for a pool, which is then created`)
  await forEach(names, (name) => addBareService(cluster, name))
  await quiet(cluster)
  await benchPool(cluster, names)
  heading(`The controller is started again with ${services} held`)
  await benchRestart(cluster)
  heading(`One more Service, ${tries} times: created to address`)
  const full = await oneMore(cluster, 'full')
  row('', 'on empty', `among ${services}`, 'times')
  compare('one after the other', empty.calm, full.calm)
  compare('half a second after another was deleted', empty.afterDeletion, full.afterDeletion)
}

async function benchPool(cluster: BenchCluster, names: readonly string[]): Promise<void> {
  await using arrivals = await Arrivals.on(cluster)
  const waiting = await allServices(cluster)
  const bare = await measure(cluster, () => patchAll(cluster, waiting))
  await quiet(cluster)
  const { controllerPid } = await cluster.playground.pids()
  forgetPeak(controllerPid)
  const before = { cpu: cpuSecondsOf(controllerPid), writes: await writesIn(cluster) }
  const given = await measure(cluster, async () => {
    await cluster.addPool('wide', '10.128.0.0/10')
    await arrivals.all(names.length)
  })
  await quiet(cluster)
  row('', 'seconds', 'controller', 'API server', 'speakers')
  printCosts('until all have addresses', given)
  printCosts('as many bare PATCHes of a status', bare)
  row('rate, of that of bare PATCHes', (bare.seconds / given.seconds).toFixed(2))
  row('CPU of the controller with its Events', inSeconds(cpuSecondsOf(controllerPid) - before.cpu))
  row('its peak of resident memory', `${(peakBytesOf(controllerPid) / 2 ** 20).toFixed(0)} MB`)
  printWrites(between(before.writes, await writesIn(cluster)))
}

/** How long something took, and the CPU time that went into it meanwhile. */
interface Costs {
  readonly seconds: number
  readonly controller: number
  readonly api: number
  readonly speakers: number
}

async function measure({ playground }: BenchCluster, work: () => Promise<void>): Promise<Costs> {
  const { controllerPid, apiServerPid, nodes } = await playground.pids()
  const pids = {
    controller: [controllerPid],
    api: [apiServerPid],
    speakers: nodes.map((one) => one.speakerPid),
  }
  const now = (of: keyof typeof pids): number =>
    pids[of].reduce<number>((sum, pid) => sum + cpuSecondsOf(pid), 0)
  const before = { controller: now('controller'), api: now('api'), speakers: now('speakers') }
  const startMs = performance.now()
  await work()
  return {
    seconds: (performance.now() - startMs) / 1000,
    controller: now('controller') - before.controller,
    api: now('api') - before.api,
    speakers: now('speakers') - before.speakers,
  }
}

function printCosts(name: string, { seconds, controller, api, speakers }: Costs): void {
  row(name, inSeconds(seconds), inSeconds(controller), inSeconds(api), inSeconds(speakers))
}

/** What was created while nobody led has its address as soon as somebody does again. */
async function benchRestart(cluster: BenchCluster): Promise<void> {
  const before = await writesIn(cluster)
  const { controllerPid } = await cluster.playground.pids()
  const given = await watchAddress(cluster.api, 'meanwhile')
  const startMs = performance.now()
  await cluster.playground.kill('controller', 'SIGTERM')
  await addBareService(cluster, 'meanwhile')
  await given()
  row('ended to the address of a new Service', inSeconds((performance.now() - startMs) / 1000))
  await quiet(cluster)
  const { controllerPid: now } = await cluster.playground.pids()
  if (now === controllerPid) throw new Error('the controller was not started again')
  printWrites(between(before, await writesIn(cluster)))
}

interface OneMore {
  readonly calm: readonly number[]
  readonly afterDeletion: readonly number[]
}

/** Times from the creation of one Service to its address; the Services are gone afterwards. */
async function oneMore(cluster: BenchCluster, prefix: string): Promise<OneMore> {
  const calm: number[] = []
  const afterDeletion: number[] = []
  for (let at = 0; at < tries; at++) {
    calm.push(await createdToAddress(cluster, `${prefix}-${at}`))
    await sleep(quietMs)
  }
  for (let at = 0; at < tries; at++) {
    await cluster.removeService(`${prefix}-${at}`)
    await sleep(500)
    afterDeletion.push(await createdToAddress(cluster, `${prefix}-again-${at}`))
    await sleep(quietMs)
  }
  await forEach(
    Array.from({ length: tries }, (_, at) => `${prefix}-again-${at}`),
    (name) => cluster.removeService(name),
  )
  return { calm, afterDeletion }
}

async function createdToAddress(cluster: BenchCluster, name: string): Promise<number> {
  const given = await watchAddress(cluster.api, name)
  const startMs = performance.now()
  await addBareService(cluster, name)
  await given()
  return performance.now() - startMs
}

/** Waits until nothing was written for a while: the Events come behind the rest. */
async function quiet(cluster: BenchCluster): Promise<void> {
  let before: Writes | undefined
  const isQuiet = async (): Promise<boolean> => {
    const now = await writesIn(cluster)
    const written = before && Object.values(between(before, now))
    before = now
    return written?.every((count) => count === 0) ?? false
  }
  const describe = (): string => 'waiting until nothing is written any more'
  await until(isQuiet, { describe, timeoutMs: 900_000, everyMs: quietMs })
}

function printWrites(writes: Writes): void {
  for (const [kind, count] of Object.entries(writes)) row(`writes: ${kind}`, String(count))
}

function compare(name: string, before: readonly number[], after: readonly number[]): void {
  const [empty, full] = [figuresOf(before).median, figuresOf(after).median]
  row(name, inMs(empty), inMs(full), (full / empty).toFixed(2))
}

function inSeconds(seconds: number): string {
  return `${seconds.toFixed(2)} s`
}
