import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ConditionWatch } from './condition-watch.ts'
import { openCluster, patienceMs, type Cluster } from './ground.ts'
import { networkOf, poolOf, service, workload } from './manifests.ts'
import type { ConditionObject } from './objects.ts'
import { Operator } from './operator.ts'

/** Longer than a round of questions, those that confirm what is found, and the time that is left to mend it. */
const testedMs = patienceMs + 60_000
/** As long as whoever hears nothing needs to ask for everything, three times. */
const roundMs = 30_000
const table = 'netdev lanlord-test'

interface SpeakerWithFindings {
  readonly metadata: { readonly name: string }
  readonly status?: {
    readonly announcing?: readonly { readonly address: string; readonly since: string }[]
    readonly conflicts?: readonly { readonly address: string }[]
    readonly selfTest?: readonly {
      readonly address: string
      readonly node: string
      readonly result: string
      readonly others: readonly { readonly mac: string }[]
    }[]
  }
}

/*
 * Filters on the interface of a node, where they let heartbeats pass: what a node announces then looks well to all speakers
 * that only listen. The client machine is a device that has an address which it should not have.
 */
describe('an address whose announcer is not answered', { timeout: 300_000 }, () => {
  let cluster: Cluster
  let operator: Operator
  let mac = ''
  const filtered = new Set<string>()
  const bound = new Set<string>()

  beforeAll(async () => {
    cluster = await openCluster(3, { dualStack: true })
    operator = new Operator(cluster)
    mac = (await operator.asClient('cat', '/sys/class/net/eth0/address')).trim()
    await operator.apply(poolOf('lab', `${v4(200)}-${v4(209)}`, `${v6(200)}-${v6(209)}`), workload(3))
    await operator.deployed()
    await operator.settled()
    await operator.apply(...['muted', 'stolen', 'shared'].map(dualStack))
  })
  afterEach(async () => {
    for (const node of filtered) await unfilter(node)
    for (const address of bound) await unbind(address)
    for (const name of ['muted', 'stolen', 'shared'])
      await conditionOf(name, ({ reason }) => reason === 'Announced')
  })
  afterAll(() => cluster?.close())

  const v4 = (number: number): string => `${networkOf(cluster)}.${number}`
  const v6 = (number: number): string => `${(cluster.subnet6 ?? '').replace(/\/\d+$/, '')}${number}`

  function dualStack(name: string): string {
    const families = 'ipFamilyPolicy: RequireDualStack\n  ipFamilies: [IPv4, IPv6]'
    return service(name).replace('type: LoadBalancer', `type: LoadBalancer\n  ${families}`)
  }

  function addressesOf(name: string): Promise<readonly string[]> {
    return operator.eventually(`Service ${name} has two addresses`, async () => {
      const ips = ((await operator.service(name)).status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip)
      return ips.length === 2 ? ips : undefined
    })
  }

  const execOf = (node: string): readonly string[] =>
    cluster.nodes.find(({ name }) => name === node)?.exec ?? []

  /** From now on these frames come no further than the interface of the node. */
  async function filter(
    node: string,
    way: 'egress' | 'ingress',
    ...frames: readonly string[]
  ): Promise<void> {
    const chain = `add chain ${table} it { type filter hook ${way} device "eth0" priority 0; }`
    const rules = frames.map((each) => `add rule ${table} it ${each} drop`)
    filtered.add(node)
    await operator.at(execOf(node), 'nft', [`add table ${table}`, chain, ...rules].join('; '))
  }

  async function unfilter(node: string): Promise<void> {
    filtered.delete(node)
    await operator.at(execOf(node), 'nft', `delete table ${table}`)
  }

  /** What says that the address is at the MAC of its sender. */
  function answersFor(address: string): string {
    if (!address.includes(':')) return `arp saddr ip ${address}`
    return `icmpv6 type nd-neighbor-advert @th,64,128 0x${hexOf(address)}`
  }

  function hexOf(address: string): string {
    const [first = [], last = []] = address.split('::').map((part) => part.split(':').filter(Boolean))
    const middle = Array.from({ length: 8 - first.length - last.length }, () => '0')
    return [...first, ...middle, ...last].map((group) => group.padStart(4, '0')).join('')
  }

  async function bind(address: string): Promise<void> {
    bound.add(address)
    const ending = address.includes(':') ? ['/128', 'nodad'] : ['/32']
    const [length = '', ...flags] = ending
    await operator.asClient('ip', 'address', 'add', `${address}${length}`, 'dev', 'eth0', ...flags)
  }

  async function unbind(address: string): Promise<void> {
    bound.delete(address)
    const length = address.includes(':') ? '/128' : '/32'
    await operator.asClient('ip', 'address', 'del', `${address}${length}`, 'dev', 'eth0')
  }

  function conditionOf(name: string, isIt: (it: ConditionObject) => boolean): Promise<ConditionObject> {
    return operator.eventually(
      `the condition Announced of Service ${name}`,
      async () => {
        const { status } = await operator.service(name)
        return status?.conditions?.find((each) => each.type === 'lanlord.dev/Announced' && isIt(each))
      },
      testedMs,
    )
  }

  function movesFrom(node: string, address: string): Promise<string> {
    const moved = async (): Promise<string | undefined> => {
      const names = await announcersOf(address)
      return names.length === 1 && names[0] !== node ? names[0] : undefined
    }
    return operator.eventually(`${address} moves away from ${node}`, moved, testedMs)
  }

  async function announcersOf(address: string): Promise<readonly string[]> {
    const speakers = await operator.list<SpeakerWithFindings>('speakers')
    return speakers
      .filter(({ status }) => status?.announcing?.some((each) => each.address === address))
      .map(({ metadata }) => metadata.name)
  }

  /** Of all speakers, without what changes while all is well. */
  async function standing(): Promise<readonly string[]> {
    const speakers = await operator.list<SpeakerWithFindings>('speakers')
    return speakers.flatMap(({ metadata, status }) => [
      ...(status?.announcing ?? []).map(({ address, since }) => `${metadata.name} ${address} ${since}`),
      ...(status?.selfTest ?? []).map(({ address, result }) => `${metadata.name} finds ${address} ${result}`),
    ])
  }

  function warning(name: string, pattern: RegExp): Promise<string> {
    return operator.eventually(`an Event on Service ${name} that says ${String(pattern)}`, async () => {
      return pattern.exec(await operator.kubectl('describe', 'service', name))?.[0]
    })
  }

  it('because its frames do not get out of its node: that is told, and another node gets it', async () => {
    const addresses = await addressesOf('muted')
    const [first = ''] = addresses
    const node = await operator.announcerOf(first)
    await filter(node, 'egress', ...addresses.map(answersFor))
    const { status, message } = await conditionOf('muted', ({ reason }) => reason === 'Unanswered')
    expect(status).toBe('False')
    expect(message).toContain(`but nobody answers for it`)
    expect(message).toContain(node)
    for (const address of addresses) await movesFrom(node, address)
    const told = await conditionOf('muted', ({ reason }) => reason === 'Announced')
    expect(told.status).toBe('True')
    await warning('muted', /Warning +Unanswered/)
    for (const address of addresses) await operator.reaches(address)
  })

  it('but another device is: that is told with its MAC, and another node gets the address', async () => {
    const addresses = await addressesOf('stolen')
    const [first = ''] = addresses
    const node = await operator.announcerOf(first)
    await filter(node, 'egress', ...addresses.map(answersFor))
    for (const address of addresses) await bind(address)
    const isIt = ({ reason }: ConditionObject): boolean => reason === 'AnsweredElsewhere'
    const { status, message } = await conditionOf('stolen', isIt)
    expect(status).toBe('False')
    expect(message).toContain(`${mac}, no node of this cluster, answers for it in its place`)
    for (const address of addresses) await movesFrom(node, address)
    const after = await conditionOf('stolen', ({ reason }) => reason === 'AnsweredTwice')
    expect(after.message).toContain(mac)
  })

  it('is told to be answered twice, also where the announcer itself does not hear the other device', async () => {
    const [address = ''] = await addressesOf('shared')
    const node = await operator.announcerOf(address)
    await filter(node, 'ingress', `ether saddr ${mac}`)
    await bind(address)
    const { status, message } = await conditionOf('shared', ({ reason }) => reason === 'AnsweredTwice')
    expect(status).toBe('True')
    expect(message).toContain(mac)
    const speakers = await operator.list<SpeakerWithFindings>('speakers')
    const own = speakers.find(({ metadata }) => metadata.name === node)?.status
    expect(own?.conflicts).toEqual([])
    expect(own?.announcing?.map((each) => each.address)).toContain(address)
  })

  it('in the ears of one that hears no answers at all: nobody believes it, and nothing moves', async () => {
    const [deaf = ''] = cluster.nodes.map(({ name }) => name)
    const before = await standing()
    const conditions = ['muted', 'stolen', 'shared'].map((name) => new ConditionWatch(cluster, name))
    await filter(
      deaf,
      'ingress',
      'arp operation reply arp daddr ip 0.0.0.0',
      'icmpv6 type nd-neighbor-advert',
    )
    await new Promise((resolve) => setTimeout(resolve, roundMs))
    for (const each of conditions) each[Symbol.dispose]()
    const said = conditions.flatMap((each) => each.said)
    expect(said.length).toBeGreaterThanOrEqual(conditions.length)
    expect(said.filter((each) => !each.startsWith('True Announced'))).toEqual([])
    expect(await standing()).toEqual(before)
  })
})
