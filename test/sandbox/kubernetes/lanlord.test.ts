import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPlayground } from '../../../src/sandbox/open-playground.ts'
import type { KillableProcess, Pids } from '../../../src/sandbox/playground.ts'
import { isAlive } from '../sandbox-process.ts'
import { ClusterView } from './cluster-view.ts'

let view: ClusterView

beforeAll(async () => {
  view = await ClusterView.of(await openPlayground({ ground: 'cluster', nodes: 2 }))
})

afterAll(() => view?.[Symbol.asyncDispose]())

function pidOf(name: KillableProcess, { controllerPid, nodes }: Pids): number | null {
  if (name === 'controller') return controllerPid
  return nodes.find((node) => `speaker/${node.name}` === name)?.speakerPid ?? null
}

describe('Lanlord, installed by its chart on a real cluster', () => {
  test('runs a speaker on each node and a controller that leads, each a process of this machine', async () => {
    const { apiServerPid, controllerPid, nodes } = await view.cluster.pids()
    const pids = [apiServerPid, controllerPid, ...nodes.map(({ speakerPid }) => speakerPid)]
    expect(pids.map(isAlive)).toEqual([true, true, true, true])
    expect(new Set(pids).size).toBe(4)
  })

  test.each(['controller', 'speaker/node-1'] as const)('has %s back after it was killed', async (name) => {
    const before = await view.cluster.pids()
    await view.cluster.kill(name)
    await view.eventually(`there is another ${name}`, async () => {
      const now = pidOf(name, await view.cluster.pids())
      return now !== null && now !== pidOf(name, before)
    })
    expect(isAlive(pidOf(name, before))).toBe(false)
    const after = await view.cluster.pids()
    expect(pidOf('speaker/node-2', after)).toBe(pidOf('speaker/node-2', before))
  })

  test('has a controller that leads also while the API server is away', async () => {
    const { controllerPid } = await view.cluster.pids()
    await view.cluster.stopApi()
    expect(await view.cluster.pids()).toMatchObject({ controllerPid, apiServerPid: null })
    await view.cluster.startApi()
  })
})
