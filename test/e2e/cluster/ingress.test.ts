import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCluster, type Cluster } from '../ground.ts'
import type { NodeObject } from '../objects.ts'
import { Operator } from '../operator.ts'
import { UserShell } from './user-shell.ts'
import { walkPage } from './walk-page.ts'

describe('nginx as an ingress', () => {
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

  walkPage('ingress.md', () => shell)

  /** What a client is told by the site of this colour, over TLS that it trusts for this one reason: the certificate. */
  const site = (colour: string, ...flags: readonly string[]): Promise<string> =>
    shell.run(`$CLIENT curl --silent --show-error --max-time 5 --cacert tls.crt ${flags.join(' ')} \
      --resolve "${colour}.example:443:$ADDRESS" https://${colour}.example/`)

  const bothAnswer = (): Promise<true> =>
    operator.eventually('both sites answer', async () => {
      const said = await Promise.all(['red', 'blue'].map((colour) => site(colour).catch(() => '')))
      return (said[0]?.startsWith('hello-red-') && said[1]?.startsWith('hello-blue-')) || undefined
    })

  const isReady = async (node: string): Promise<boolean> =>
    (await operator.get<NodeObject>('node', node)).status.conditions.some(
      ({ type, status }) => type === 'Ready' && status === 'True',
    )

  /** The nodes where a Pod of the ingress is. */
  const nginxNodes = async (): Promise<readonly string[]> =>
    (
      await operator.kubectl(
        'get',
        'pods',
        '--selector=app.kubernetes.io/name=ingress',
        '--output=jsonpath={.items[*].spec.nodeName}',
      )
    ).split(' ')

  it('it is known to each site who the client is', async () => {
    address = await operator.addressOf('ingress')
    expect(await site('red')).toContain(` ${cluster.client.address}\n`)
    expect(await site('blue')).toContain(` ${cluster.client.address}\n`)
  })

  it('its TLS is real: whoever does not know the certificate goes no further, and other names have none', async () => {
    await expect(site('red', '--cacert /etc/ssl/certs/ca-certificates.crt')).rejects.toThrow(/certificate/)
    await expect(site('green')).rejects.toThrow(/unrecognized name/)
  })

  it('its Pods are on two nodes, and one of these announces the address', async () => {
    const nodes = await nginxNodes()
    expect(new Set(nodes).size).toBe(2)
    expect(nodes).toContain(await operator.announcerOf(address))
  })

  it.each([1, 2])(
    'both sites answer again when the announcing node is powered off, and boots (%i)',
    async () => {
      const announcer = await operator.announcerOf(address)
      const asked = await operator.probeArp(address)
      await cluster.powerOff(announcer)
      const successor = await operator.announcerOf(address, announcer)
      await bothAnswer()
      await cluster.powerOn(announcer)
      await operator.eventually(`${announcer} is ready`, async () => (await isReady(announcer)) || undefined)
      await operator.settled()
      await operator.deployed('ingress')
      await bothAnswer()
      const { by, doubleAnswers } = await asked.stop()
      expect(await nginxNodes()).toContain(successor)
      expect(by.map(({ mac }) => mac)).toEqual([announcer, successor].map((node) => operator.macOf(node)))
      expect(doubleAnswers).toBe(0)
    },
  )
})
