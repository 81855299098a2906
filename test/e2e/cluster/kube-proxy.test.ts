import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { proxyModes } from '../../../src/sandbox/kubernetes/options.ts'
import { until } from '../../../src/sandbox/until.ts'
import { openCluster, type Cluster } from '../ground.ts'
import { pool, service, workload } from '../manifests.ts'
import { Operator } from '../operator.ts'
import { gistOf, stepsOf } from './page.ts'
import { UserShell } from './user-shell.ts'

interface Pods {
  readonly items: readonly { readonly metadata: { readonly name: string } }[]
}

/** What the node's packet filter says about one address. */
const rules = {
  nftables: ['nft', 'list', 'table', 'ip', 'kube-proxy'],
  iptables: ['iptables-save', '--table', 'nat'],
} as const

describe.each(proxyModes)('kube-proxy in %s mode', (mode) => {
  let cluster: Cluster
  let operator: Operator
  let address: string

  beforeAll(async () => {
    cluster = await openCluster(3, { proxyMode: mode })
    operator = new Operator(cluster)
    await operator.apply(
      pool(cluster, 'lab', 200, 209),
      workload(3),
      service('web'),
      service('local', { policy: 'Local' }),
    )
    await operator.deployed()
    address = await operator.addressOf('web')
  })
  afterAll(() => cluster?.close())

  /** Asks until so many different Pods have answered: the last of them may be news that kube-proxy sits on for a second. */
  async function answeredBy(count: number, at: string): Promise<ReadonlySet<string>> {
    const pods = new Set<string>()
    const heardAll = async (): Promise<boolean> => {
      pods.add(/pod: (\S+)/.exec(await operator.curl(at))?.[1] ?? '')
      return pods.size >= count
    }
    await until(heardAll, {
      describe: () => `only ${[...pods].join()} answered`,
      timeoutMs: 30_000,
      everyMs: 20,
    })
    return pods
  }

  it('it runs in this mode on every node, and says so as docs/kube-proxy.md shows', async () => {
    using shell = new UserShell(cluster)
    const [step] = stepsOf('kube-proxy.md')
    for (const { exec } of cluster.nodes) {
      const said = await shell.run(`NODE='${exec.join(' ')}'\n${step?.commands}`)
      expect(gistOf(said)).toBe(gistOf(step?.shown?.replace('nftables', mode) ?? ''))
    }
  })

  it('its rules know the address that Lanlord gave the Service', async () => {
    await operator.reaches(address)
    for (const { exec } of cluster.nodes) expect(await operator.at(exec, ...rules[mode])).toContain(address)
  })

  it('with policy Cluster, Pods on every node answer', async () => {
    const { items } = JSON.parse(
      await operator.kubectl('get', 'pods', '--selector=app=web', '-o', 'json'),
    ) as Pods
    const names = items.map(({ metadata }) => metadata.name)
    expect([...(await answeredBy(3, address))].toSorted()).toEqual(names.toSorted())
  })

  it("with policy Local, the announcing node's Pod answers, and it sees the client's own address", async () => {
    const local = await operator.addressOf('local')
    await operator.reaches(local)
    for (let round = 0; round < 5; round++) {
      const [before, told, after] = [
        await operator.announcerOf(local),
        await operator.curl(local),
        await operator.announcerOf(local),
      ]
      expect(told).toContain(`client: ${cluster.client.address}\n`)
      expect([before, after]).toContain(/node: (\S+)/.exec(told)?.[1])
    }
  })

  it('the client reaches the address again when the cable of the announcing node is pulled', async () => {
    const local = await operator.addressOf('local')
    const announcer = await operator.announcerOf(local)
    await cluster.pullCable(announcer)
    const successor = await operator.announcerOf(local, announcer)
    expect(await operator.reaches(local)).toContain(`node: ${successor}\n`)
    await cluster.plugCable(announcer)
    await operator.settled()
  })
})
