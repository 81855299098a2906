import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CandidateDesk } from './candidate-desk.ts'
import { openCluster, type Cluster } from './ground.ts'
import { networkOf } from './manifests.ts'
import type { PoolObject, SpeakerObject } from './objects.ts'
import { Operator } from './operator.ts'

/** What is wrong with a pool or a Service, and what its operator reads there. ADDRESSES stands for both families. */
interface Row {
  readonly wrong: string
  readonly l2?: object
  readonly annotations?: Readonly<Record<string, string>>
  /** The condition Sound of the pool; absent where it has none. */
  readonly pool?: string
  /** Parts of the condition Announced of the Service. */
  readonly service: readonly string[]
  readonly isAnnounced: boolean
}

const racks = [{ matchLabels: { rack: 'nowhere' } }]
const nodes = 'node-1, node-2 and node-3'

const rows: readonly Row[] = [
  {
    wrong: 'a pattern that no interface matches',
    l2: { interfaces: ['eth9'] },
    pool: 'ChoosesNoInterface spec.l2.interfaces (eth9) match none of the interfaces of the nodes (eth0',
    service: [
      `no node may announce IPV4: ${nodes} have no interface that matches eth9; correct spec.l2.interfaces of AddressPool row`,
      `no node may announce IPV6: ${nodes} have no interface that matches eth9; correct spec.l2.interfaces of AddressPool row`,
    ],
    isAnnounced: false,
  },
  {
    wrong: 'a pattern that every interface matches, which is right',
    l2: { interfaces: ['*'] },
    service: ['IPV4 by node-', 'IPV6 by node-', ' on eth0'],
    isAnnounced: true,
  },
  {
    wrong: 'a selector that no node matches',
    l2: { nodeSelectors: racks },
    pool: 'ChoosesNoNode spec.l2.nodeSelectors match none of the nodes (node-1, node-2, node-3), so nobody announces its addresses; correct them, or label a node',
    service: [
      `no node may announce IPV4: ${nodes} are not chosen by the nodeSelectors of AddressPool row; correct spec.l2.nodeSelectors`,
      `no node may announce IPV6: ${nodes} are not chosen by the nodeSelectors of AddressPool row; correct spec.l2.nodeSelectors`,
    ],
    isAnnounced: false,
  },
  {
    wrong: 'preferred nodes of which there are none',
    l2: { preferredNodes: [{ weight: 1, selector: racks[0] }] },
    pool: 'PrefersNoNode spec.l2.preferredNodes match none of the nodes (node-1, node-2, node-3), so none is preferred; correct them, or label a node',
    service: ['IPV4 by node-', 'IPV6 by node-'],
    isAnnounced: true,
  },
  {
    wrong: 'a preferred node that does not exist',
    annotations: { 'lanlord.dev/preferred-node': 'mode-2' },
    service: ['asks for mode-2, which does not exist (did you mean node-2?)'],
    isAnnounced: true,
  },
]

describe('what is wrong about announcing is said where its operator looks:', { timeout: 120_000 }, () => {
  let cluster: Cluster
  let operator: Operator
  let desk: CandidateDesk
  let before: readonly unknown[] = []

  beforeAll(async () => {
    cluster = await openCluster(3, { dualStack: true })
    operator = new Operator(cluster)
    desk = new CandidateDesk(operator)
    await operator.settled()
    await desk.pool('others', range(220), {})
    await open('bystander', 'others', {})
    for (const address of range(220)) await desk.isSaidOf(address, (await standing(address)).node)
    before = await Promise.all(range(220).map(standing))
  })
  afterEach(async () => {
    await desk.gone('row')
    await operator.kubectl('delete', 'pool', 'row', '--ignore-not-found')
  })
  afterAll(() => cluster?.close())

  /** The address of either family with this number. */
  const range = (number: number): readonly string[] => [
    `${networkOf(cluster)}.${number}`,
    `${(cluster.subnet6 ?? '').replace(/\/\d+$/, '')}${number}`,
  ]

  /** A Service that requires both families, with an endpoint on node-3. */
  async function open(
    name: string,
    pool: string,
    annotations: Readonly<Record<string, string>>,
  ): Promise<void> {
    const dual = { ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv4', 'IPv6'] }
    await desk.service(name, dual, { 'lanlord.dev/pool': pool, ...annotations })
    await desk.endpoints(name, { nodeName: 'node-3' })
  }

  /** Who announces the address, once somebody does, and since when. */
  function standing(address: string) {
    return operator.eventually(`${address} is announced`, async () => {
      const found = await desk.announcerOf(address)
      return found.node === 'nobody' ? undefined : found
    })
  }

  async function soundOf(name: string): Promise<string> {
    const { status } = await operator.get<PoolObject>('pool', name)
    const sound = status?.conditions?.find(({ type }) => type === 'Sound')
    return sound === undefined ? '' : `${sound.reason} ${sound.message}`
  }

  it.each(rows.map((row) => [row.wrong, row] as const))('%s', async (_, row) => {
    await desk.pool('row', range(200), row.l2 ?? {})
    await open('row', 'row', row.annotations ?? {})
    const [ipv4 = '', ipv6 = ''] = range(200)
    for (const part of row.service) {
      await desk.says('row', part.replace('IPV4', ipv4).replace('IPV6', ipv6))
    }
    for (const address of [ipv4, ipv6]) {
      if (row.isAnnounced) await standing(address)
      else await desk.isSaidOf(address, 'nobody')
    }
    let sound = ''
    await operator.eventually(
      () => `AddressPool row says ${row.pool ?? 'nothing'}, and not "${sound}"`,
      async () => {
        sound = await soundOf('row')
        return sound.startsWith(row.pool ?? '') && (row.pool !== undefined || sound === '') ? true : undefined
      },
    )
  })

  it.each([
    ['the one', 'fe80::1%eth0'],
    ['each of two', 'fe80::1%eth0,10.0.0.1%eth0'],
  ])('a Service that asks for an address with a zone, in %s address', async (_, asked) => {
    await desk.pool('row', range(200), {})
    await open('row', 'row', { 'lanlord.dev/addresses': asked })
    const condition = await operator.eventually('it is refused', async () => {
      const { status } = await operator.service('row')
      const found = status?.conditions?.find(({ type }) => type === 'lanlord.dev/Allocated')
      return found?.reason === 'InvalidRequest' ? found : undefined
    })
    expect(condition.message).toContain('fe80::1%eth0')
    expect(condition.message).toContain('has a zone; write it without "%eth0"')
  })

  it('an interface without any address is used all the same, and the Speaker shows that it has none', async () => {
    const node = cluster.nodes[1]
    const at = (...words: readonly string[]): Promise<string> => operator.at(node?.exec ?? [], ...words)
    await at('ip', 'link', 'add', 'lab0', 'type', 'veth', 'peer', 'name', 'veth9')
    await at('sysctl', '-qw', 'net.ipv6.conf.lab0.disable_ipv6=1')
    await at('ip', 'link', 'set', 'lab0', 'up')
    await desk.pool('row', range(200), { interfaces: ['lab0'] })
    await open('row', 'row', {})
    await shows('lab0', { link: 'Down', addresses: [] })
    await at('ip', 'link', 'set', 'veth9', 'up')
    await shows('lab0', { link: 'Up', addresses: [], segment: 'lab0' })
    for (const address of range(200)) await desk.says('row', `${address} by node-2 on lab0`)
    await at('ip', 'link', 'del', 'lab0')
    await desk.says('row', 'have no interface that matches lab0')
    await operator.eventually('the Speaker does not show it', async () => {
      const { status } = await operator.get<SpeakerObject>('speaker', 'node-2')
      return status?.interfaces?.every(({ name }) => name !== 'lab0') || undefined
    })
  })

  it('an interface that is not used is shown with the reason', async () => {
    const node = cluster.nodes[1]
    const at = (...words: readonly string[]): Promise<string> => operator.at(node?.exec ?? [], ...words)
    await at('ip', 'link', 'add', 'labbr', 'type', 'bridge')
    await at('ip', 'link', 'add', 'lab0', 'type', 'veth', 'peer', 'name', 'veth9')
    await at('ip', 'link', 'set', 'lab0', 'master', 'labbr')
    const message = 'It is a port of labbr, which speaks in its place.'
    await operator.eventually('the Speaker shows it', async () => {
      const { status } = await operator.get<SpeakerObject>('speaker', 'node-2')
      const found = status?.unusedInterfaces?.find(({ name }) => name === 'lab0')
      return (found?.reason === 'HasMaster' && found.message === message) || undefined
    })
    await at('ip', 'link', 'del', 'lab0')
    await at('ip', 'link', 'del', 'labbr')
  })

  it('all the time an address beside these was announced without a break', async () => {
    expect(await Promise.all(range(220).map(standing))).toEqual(before)
  })

  function shows(name: string, expected: object): Promise<unknown> {
    let last = ''
    return operator.eventually(
      () => `the Speaker shows ${name} as ${JSON.stringify(expected)}, and not as ${last}`,
      async () => {
        const { status } = await operator.get<SpeakerObject>('speaker', 'node-2')
        const found = status?.interfaces?.find((each) => each.name === name)
        last = JSON.stringify(found)
        const wanted = Object.entries(expected).map(([key, value]) => `"${key}":${JSON.stringify(value)}`)
        return (found !== undefined && wanted.every((part) => last.includes(part))) || undefined
      },
    )
  }
})
