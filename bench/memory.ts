import { openPlayground } from '../src/sandbox/open-playground.ts'
import type { GroundName, Pids } from '../src/sandbox/playground.ts'
import { addBareService, forEach } from './bulk.ts'
import { BenchCluster } from './cluster.ts'
import { heading, row } from './figures.ts'
import { residentBytesOf } from './process-figures.ts'

interface Resident {
  readonly controller: number
  readonly speakers: readonly number[]
}

/**
 * Resident memory of controller and speakers while they serve this many Services, and what one more takes. The first
 * fifth is left out of that: with it, a process becomes warm.
 */
export async function benchMemory(ground: GroundName, services: number): Promise<void> {
  heading(`Resident memory with ${services} Services on 3 nodes`)
  await using playground = await openPlayground({ ground, nodes: 3 })
  await using cluster = await BenchCluster.on(playground)
  await cluster.addPool('wide', '10.250.0.0/16')
  print('before the first Service', residentOf(await playground.pids()))
  const first = await grownTo(cluster, 0, Math.ceil(services / 5))
  const all = await grownTo(cluster, Math.ceil(services / 5), services)
  const many = services - Math.ceil(services / 5)
  const perService = (after: number, before: number): string =>
    `${((after - before) / many / 1024).toFixed(1)} KB`
  const speakers = all.speakers.map((after, at) => perService(after, first.speakers[at] ?? NaN))
  row(
    'each Service of the last four fifths',
    `controller ${perService(all.controller, first.controller)}`,
    `  speakers ${speakers.join(', ')}`,
  )
}

async function grownTo(cluster: BenchCluster, from: number, to: number): Promise<Resident> {
  const startMs = performance.now()
  const names = Array.from({ length: to - from }, (_, at) => `bulk-${from + at}`)
  await forEach(names, (name) => addBareService(cluster, name))
  await cluster.eventually(
    'every Service has an address',
    async () => (await cluster.allocatedOf('wide')) === to,
  )
  row(`${names.length} more have addresses after`, `${((performance.now() - startMs) / 1000).toFixed(1)} s`)
  const resident = residentOf(await cluster.playground.pids())
  print(`with ${to} Services`, resident)
  return resident
}

function residentOf({ controllerPid, nodes }: Pids): Resident {
  return {
    controller: residentBytesOf(controllerPid),
    speakers: nodes.map(({ speakerPid }) => residentBytesOf(speakerPid)),
  }
}

function print(name: string, { controller, speakers }: Resident): void {
  const inMb = (bytes: number): string => (bytes / 2 ** 20).toFixed(0)
  row(name, `controller ${inMb(controller)} MB`, `  speakers ${speakers.map(inMb).join(', ')} MB`)
}
