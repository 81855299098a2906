import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../../../src/sandbox/lan/command.ts'
import { openPlayground } from '../../../src/sandbox/open-playground.ts'
import { ClusterView } from './cluster-view.ts'
import type { PodObject } from './cluster-view.ts'

let view: ClusterView

beforeAll(async () => {
  view = await ClusterView.of(await openPlayground({ ground: 'cluster', nodes: 2, lanlord: false }))
  await view.runWorkload()
})

afterAll(() => view?.[Symbol.asyncDispose]())

async function onNode(name: string, ...argv: readonly string[]): Promise<string> {
  const node = view.cluster.nodes.find((one) => one.name === name)
  return run([...(node?.exec ?? []), ...argv])
}

async function podOn(node: string): Promise<PodObject> {
  const pod = (await view.pods()).find(({ spec }) => spec.nodeName === node)
  if (!pod) throw new Error(`no Pod on ${node}`)
  return pod
}

async function restartsOn(node: string): Promise<number> {
  return (await podOn(node)).status.containerStatuses?.[0]?.restartCount ?? 0
}

/** Asks the Pod of `to` from the node `from`. */
async function reachesPod(from: string, to: string): Promise<boolean> {
  const address = (await podOn(to)).status.podIPs?.[0]?.ip ?? ''
  const answer = await onNode(from, 'curl', '-s', '--max-time', '1', `http://${address}:8080`).catch(() => '')
  return answer.startsWith('pod: ')
}

describe('a node of a real cluster', () => {
  test('is Ready, and its Pods are reached from the other nodes over the LAN', async () => {
    expect(await view.readyNodes()).toEqual(['node-1', 'node-2'])
    expect(await reachesPod('node-1', 'node-2')).toBe(true)
    expect(await onNode('node-1', 'ip', 'route', 'get', '10.244.2.1')).toContain('dev eth0')
  })

  test('answers ARP as Linux does by default: for every address that it has', async () => {
    const settings = ['arp_ignore', 'arp_announce'].map((name) => `/proc/sys/net/ipv4/conf/eth0/${name}`)
    expect(await onNode('node-1', 'cat', ...settings)).toBe('0\n0\n')
  })

  test('that loses power is NotReady soon, and nothing of it runs; booted, it is Ready and its Pods run again', async () => {
    await view.cluster.powerOff('node-2')
    await expect(onNode('node-2', 'ss', '-Hltn')).resolves.toBe('')
    expect(await onNode('node-2', 'ip', 'link', 'show', 'eth0')).toContain('NO-CARRIER')
    await view.eventually('node-2 is not Ready', async () => (await view.readyNodes()).join() === 'node-1')
    await view.cluster.powerOn('node-2')
    await view.eventually('node-2 is Ready', async () => (await view.readyNodes()).length === 2)
    await view.eventually('its Pod runs again', () => reachesPod('node-1', 'node-2'))
  })

  test('that is frozen is NotReady soon, and goes on where it stood when it is thawed', async () => {
    const restarts = await restartsOn('node-2')
    await view.cluster.freeze('node-2')
    expect(await reachesPod('node-1', 'node-2')).toBe(false)
    await view.eventually('node-2 is not Ready', async () => (await view.readyNodes()).join() === 'node-1')
    await view.cluster.thaw('node-2')
    await view.eventually('node-2 is Ready', async () => (await view.readyNodes()).length === 2)
    expect(await restartsOn('node-2')).toBe(restarts)
  })

  test('that loses its cable keeps its way to the API server, and gets its routes back with its link', async () => {
    await view.cluster.pullCable('node-2')
    expect(await reachesPod('node-1', 'node-2')).toBe(false)
    expect(await onNode('node-2', 'curl', '-sk', '--max-time', '2', apiUrl())).toContain('gitVersion')
    await view.cluster.plugCable('node-2')
    await view.cluster.setLink('node-2', 'down')
    await view.cluster.setLink('node-2', 'up')
    await view.eventually('Pods are reached again', () => reachesPod('node-2', 'node-1'))
  })

  test('that is cut off from the API server still has the LAN', async () => {
    await view.cluster.cutApi('node-2')
    await expect(onNode('node-2', 'curl', '-sk', '--max-time', '1', apiUrl())).rejects.toThrow()
    expect(await reachesPod('node-1', 'node-2')).toBe(true)
    await view.cluster.mendApi('node-2')
    expect(await onNode('node-2', 'curl', '-sk', '--max-time', '2', apiUrl())).toContain('gitVersion')
  })

  test('has its container started again about a second after it was killed', async () => {
    const restarts = await restartsOn('node-1')
    let killed = 0
    await view.eventually('it was started again five times', async () => {
      if ((await restartsOn('node-1')) < restarts + killed) return false
      if (killed === 5) return true
      killed++
      await onNode('node-1', 'sh', '-c', killWeb)
      return false
    })
  })

  test('goes on without the API server, which comes back with its state', async () => {
    await view.cluster.stopApi()
    await expect(view.readyNodes()).rejects.toThrow()
    expect((await view.cluster.pids()).apiServerPid).toBeNull()
    await view.cluster.startApi()
    expect((await view.pods()).length).toBe(2)
    await view.eventually('both nodes are Ready', async () => (await view.readyNodes()).length === 2)
  })
})

function apiUrl(): string {
  return `https://${view.cluster.subnet.replace('10.77.', '10.78.').replace('.0/24', '.2')}:6443/version`
}

/** The web program on this node's network is in a network namespace of its own: only its cgroup tells whose it is. */
const killWeb = `for pid in $(pgrep -x web); do grep -q "$(ip netns identify $$)/kubepods" /proc/$pid/cgroup && kill -9 $pid; done; true`
