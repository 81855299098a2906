import { describe, expect, test } from 'vitest'
import { run } from '../../../src/sandbox/lan/command.ts'
import { openPlayground } from '../../../src/sandbox/open-playground.ts'
import { proxyModes } from '../../../src/sandbox/kubernetes/options.ts'
import { ClusterView } from './cluster-view.ts'

describe('kube-proxy of a real cluster', () => {
  test.each(proxyModes)(
    'in mode %s forwards what a node receives for a LoadBalancer address',
    async (proxyMode) => {
      await using view = await ClusterView.of(
        await openPlayground({ ground: 'cluster', nodes: 2, lanlord: false, proxyMode }),
      )
      const [first] = view.cluster.nodes
      const address = view.cluster.subnet.replace('.0/24', '.200')
      await view.eventually(`kube-proxy says that it is in mode ${proxyMode}`, async () => {
        const ask = ['curl', '-s', 'http://127.0.0.1:10249/proxyMode']
        return (await run([...(first?.exec ?? []), ...ask])) === proxyMode
      })
      await view.runWorkload()
      await view.expose('web', [address])
      await view.asClient('ip', 'route', 'add', `${address}/32`, 'via', first?.address ?? '')
      await view.eventually('both Pods answer', async () => {
        const answers = await Promise.all(
          Array.from({ length: 12 }, () =>
            view.asClient('curl', '-s', '--max-time', '1', `http://${address}`),
          ),
        )
        return new Set(answers.map((answer) => /^pod: .*/.exec(answer)?.[0])).size === 2
      })
    },
  )

  test('forwards IPv6 as well on a dual-stack cluster, where nodes, Pods and Services have both families', async () => {
    await using view = await ClusterView.of(
      await openPlayground({ ground: 'cluster', nodes: 2, lanlord: false, dualStack: true }),
    )
    await view.runWorkload()
    const pods = await view.readyPods()
    const families = [...pods.values()].map(({ status }) => status.podIPs?.map(({ ip }) => ip.includes(':')))
    expect(families).toEqual([
      [false, true],
      [false, true],
    ])
    const address = 'fd77::1:200'
    await view.expose('web', [address], { ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv6'] })
    const via = await firstNodeIpv6(view)
    await view.asClient('ip', 'route', 'add', `${address}/128`, 'via', via)
    await view.eventually('it answers', async () => {
      return (await view.asClient('curl', '-s', '--max-time', '1', `http://[${address}]`)).startsWith('pod: ')
    })
  })
})

async function firstNodeIpv6({ cluster }: ClusterView): Promise<string> {
  const show = await run([
    ...(cluster.nodes[0]?.exec ?? []),
    'ip',
    '-6',
    '-o',
    'address',
    'show',
    'dev',
    'eth0',
  ])
  return /inet6 (fd77[0-9a-f:]+)/.exec(show)?.[1] ?? ''
}
