import { readFileSync } from 'node:fs'
import { openPlayground } from '../src/sandbox/open-playground.ts'
import type { GroundName, Pids } from '../src/sandbox/playground.ts'
import { BenchCluster } from './cluster.ts'
import { heading, row } from './figures.ts'

/** Resident memory of controller and speakers while they serve this many Services. */
export async function benchMemory(ground: GroundName, services: number): Promise<void> {
  heading(`Resident memory with ${services} Services on 3 nodes`)
  await using playground = await openPlayground({ ground, nodes: 3 })
  await using cluster = await BenchCluster.on(playground)
  printMemory('before the first Service', await playground.pids())
  await cluster.addPool('wide', '10.250.0.0/20')
  const startMs = performance.now()
  for (let at = 0; at < services; at += 20) {
    const batch = Array.from({ length: Math.min(20, services - at) }, (_, one) => `bulk-${at + one}`)
    await Promise.all(batch.map((name) => cluster.addService(name, 'Cluster')))
  }
  await cluster.eventually(
    'every Service has an address',
    async () => (await cluster.addressed()) === services,
  )
  row('all have addresses after', `${((performance.now() - startMs) / 1000).toFixed(1)} s`)
  printMemory(`with ${services} Services`, await playground.pids())
}

function printMemory(name: string, pids: Pids): void {
  const speakers = pids.nodes.map(({ speakerPid }) => residentMb(speakerPid))
  row(name, `controller ${residentMb(pids.controllerPid)} MB`, `  speakers ${speakers.join(', ')} MB`)
}

function residentMb(pid: number | null): string {
  const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  return (kilobytes / 1024).toFixed(0)
}
