import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { proxyModes } from '../../../src/sandbox/kubernetes/options.ts'
import { openCluster, type Cluster } from '../ground.ts'
import { pool, service, workload } from '../manifests.ts'
import { Operator } from '../operator.ts'
import { gistOf, stepsOf } from './page.ts'
import { UserShell } from './user-shell.ts'

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

  /** The Pods that answer, in thirty tries. */
  async function whoAnswers(at: string): Promise<ReadonlySet<string>> {
    const pods = new Set<string>()
    for (let round = 0; round < 30; round++) pods.add(/pod: (\S+)/.exec(await operator.curl(at))?.[1] ?? '')
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
    expect((await whoAnswers(address)).size).toBe(3)
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
