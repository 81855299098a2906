import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCluster, type Cluster } from '../ground.ts'
import { Operator } from '../operator.ts'
import { UserShell } from './user-shell.ts'
import { walkPage } from './walk-page.ts'

const selector = '--selector=app.kubernetes.io/name=local'

describe('externalTrafficPolicy', () => {
  let cluster: Cluster
  let operator: Operator
  let shell: UserShell
  let address: string

  beforeAll(async () => {
    cluster = await openCluster(3)
    operator = new Operator(cluster)
    shell = new UserShell(cluster)
  })
  afterAll(async () => {
    shell?.[Symbol.dispose]()
    await cluster?.close()
  })

  const inLog = 'kubectl logs --selector app.kubernetes.io/name=local | grep as='
  walkPage('traffic-policy.md', () => shell, {
    [`${inLog}Local`]: async () => {
      expect(await clientsInLog('as=Local')).toEqual([cluster.client.address])
    },
    [`${inLog}Cluster`]: async () => {
      address = await operator.addressOf('local')
      const [seen] = await clientsInLog('as=Cluster')
      expect(ownAddressesOf(await operator.announcerOf(address))).toContain(seen)
    },
  })

  /** Who nginx says asked for this, by its access log. */
  async function clientsInLog(query: string): Promise<readonly string[]> {
    const log = await operator.kubectl('logs', selector, '--tail=-1')
    return log
      .split('\n')
      .filter((line) => line.includes(`"GET /?${query} `))
      .map((line) => line.split(' ')[0] ?? '')
  }

  /** A node's address on the LAN, and the one it has among its own Pods. */
  function ownAddressesOf(name: string): readonly string[] {
    const node = cluster.nodes.find((each) => each.name === name)
    return [node?.address ?? '', `10.244.${name.split('-')[1]}.1`]
  }

  const setPolicy = (policy: string): Promise<string> =>
    operator.kubectl('patch', 'service', 'local', `--patch={"spec":{"externalTrafficPolicy":"${policy}"}}`)

  const ask = (query: string, ...flags: readonly string[]): Promise<string> => {
    const curl = ['curl', '--silent', '--show-error', '--max-time', '2', ...flags]
    return operator.asClient(...curl, `http://${address}/?${query}`)
  }

  /** Asks until kube-proxy has taken the policy up: the log then names whom it should. */
  const seesAsClient = (query: string, isIt: (client: string) => boolean): Promise<true> =>
    operator.eventually(`the log names the right client for ${query}`, async () => {
      await ask(query).catch(() => undefined)
      return isIt((await clientsInLog(query)).at(-1) ?? '') || undefined
    })

  /** The nodes that have a Pod of it, once the Deployment has as many as it should. */
  async function nodesOfPods(): Promise<readonly string[]> {
    await operator.deployed('local')
    const names = await operator.kubectl(
      'get',
      'pods',
      selector,
      '--field-selector=status.phase=Running',
      '--output=jsonpath={.items[*].spec.nodeName}',
    )
    return names.split(' ')
  }

  it('Cluster: the access log shows an address of the node that announces, whichever Pod answers', async () => {
    const before = await operator.announcerOf(address)
    for (let round = 0; round < 12; round++) await ask('round=Cluster', '--retry', '3', '--retry-all-errors')
    const announcers = [before, await operator.announcerOf(address)]
    const seen = await clientsInLog('round=Cluster')
    expect(seen.length).toBeGreaterThanOrEqual(12)
    expect(announcers.flatMap(ownAddressesOf)).toEqual(expect.arrayContaining([...new Set(seen)]))
  })

  it("Local: the access log shows the client's own address", async () => {
    await setPolicy('Local')
    await seesAsClient('round=Local', (client) => client === cluster.client.address)
  })

  it('Local: no node without a Pod is ever elected, whatever happens to those that have one', async () => {
    await operator.kubectl('cordon', 'node-3')
    await operator.kubectl('scale', 'deployment', 'local', '--replicas=0')
    await operator.kubectl('wait', '--for=delete', 'pod', selector, '--timeout=60s')
    await operator.kubectl('scale', 'deployment', 'local', '--replicas=2')
    const nodes = await nodesOfPods()
    expect(nodes.toSorted()).toEqual(['node-1', 'node-2'])
    await operator.kubectl('uncordon', 'node-3')
    await seesAsClient('round=few', (client) => client === cluster.client.address)

    const asked = await operator.probeArp(address)
    for (let round = 0; round < 4; round++) {
      const announcer = await operator.announcerOf(address)
      await cluster.pullCable(announcer)
      await operator.announcerOf(address, announcer)
      await cluster.plugCable(announcer)
      await operator.settled()
    }
    const { by } = await asked.stop()
    const answered = by.map(({ mac }) => cluster.nodes.find((node) => node.mac === mac)?.name)
    expect(new Set(answered)).toEqual(new Set(nodes))
  })

  it('Local: without a Pod nobody answers, and the Service says why', async () => {
    await operator.kubectl('scale', 'deployment', 'local', '--replicas=0')
    await operator.eventually('the Service says that it has no endpoints', async () => {
      const { status } = await operator.service('local')
      return status?.conditions?.some(({ reason }) => reason === 'NoEndpoints') || undefined
    })
    await expect(ask('round=none')).rejects.toThrow()
    await operator.kubectl('scale', 'deployment', 'local', '--replicas=1')
    const [only] = await nodesOfPods()
    await operator.reaches(address)
    expect(await operator.announcerOf(address)).toBe(only)
  })
})
