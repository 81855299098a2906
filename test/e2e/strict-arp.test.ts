import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Findings } from '../../src/sandbox/probe/ask.ts'
import { openCluster, type Cluster } from './ground.ts'
import { networkOf, pool, service, workload } from './manifests.ts'
import type { ConditionObject } from './objects.ts'
import { Operator } from './operator.ts'

/** Longer than it takes until an address that has just been announced was asked for twice. */
const askedTwiceMs = 6_000

interface SpeakerWithConflicts {
  readonly metadata: { readonly name: string }
  readonly status?: {
    readonly conflicts?: readonly {
      readonly address: string
      readonly mac: string
      readonly node?: string
    }[]
  }
}

/*
 * What kube-proxy in IPVS mode looks like to ARP: the addresses of all Services are bound on kube-ipvs0, on every node.
 * With strictARP it sets arp_ignore=1 and arp_announce=2 beside that. Here a bridge without ports stands in for it.
 */
describe('addresses of Services that are bound on kube-ipvs0 of every node', () => {
  let cluster: Cluster
  let operator: Operator
  let [strict, loose]: readonly string[] = []

  beforeAll(async () => {
    cluster = await openCluster(3)
    operator = new Operator(cluster)
    strict = `${networkOf(cluster)}.205`
    loose = `${networkOf(cluster)}.206`
    await bindEverywhere(strict, loose)
    await setStrictArp(true)
    await operator.apply(pool(cluster, 'lab', 200, 209), workload(3), at(strict, 'strict'))
    await operator.deployed()
  })
  afterAll(() => cluster?.close())

  function at(address: string | undefined, name: string): string {
    return service(name, { annotations: { 'lanlord.dev/addresses': address ?? '' } })
  }

  async function onEveryNode(script: string, nodes: readonly string[] = names()): Promise<void> {
    const chosen = cluster.nodes.filter(({ name }) => nodes.includes(name))
    await Promise.all(chosen.map(({ exec }) => operator.at(exec, 'sh', '-e', '-c', script)))
  }

  function bindEverywhere(...addresses: readonly string[]): Promise<void> {
    const link = 'ip link add kube-ipvs0 type bridge; ip link set kube-ipvs0 arp off'
    const bound = addresses.map((address) => `ip address add ${address}/32 dev kube-ipvs0`)
    return onEveryNode([link, ...bound].join('; '))
  }

  function setStrictArp(isStrict: boolean, nodes?: readonly string[]): Promise<void> {
    const settings = { arp_ignore: isStrict ? 1 : 0, arp_announce: isStrict ? 2 : 0 }
    const lines = Object.entries(settings).flatMap(([name, value]) =>
      ['all', 'eth0'].map((link) => `echo ${value} > /proc/sys/net/ipv4/conf/${link}/${name}`),
    )
    return onEveryNode(lines.join('; '), nodes)
  }

  const names = (): readonly string[] => cluster.nodes.map(({ name }) => name)
  const othersThan = (node: string): readonly string[] => names().filter((name) => name !== node)

  /** What a client hears that asks anew again and again. */
  async function heard(address: string, forMs: number): Promise<Findings> {
    const probe = await operator.probeArp(address)
    await new Promise((resolve) => setTimeout(resolve, forMs))
    return probe.stop()
  }

  async function announced(name: string): Promise<ConditionObject | undefined> {
    const { status } = await operator.service(name)
    return status?.conditions?.find(({ type }) => type === 'lanlord.dev/Announced')
  }

  /** Waits until every other node than the one that announces the address is named, and none that is left out. */
  function namesOthers(name: string, address: string, but: readonly string[] = []): Promise<ConditionObject> {
    return operator.eventually(`Service ${name} names the others`, async () => {
      const others = othersThan(await operator.announcerOf(address)).filter((each) => !but.includes(each))
      const condition = await announced(name)
      const named = names().filter((each) => condition?.message.includes(`${each} (${operator.macOf(each)})`))
      const isSaid = condition?.reason === 'AnsweredTwice' && named.join() === others.join()
      return isSaid && (await reported(address)) === others.join() ? condition : undefined
    })
  }

  /** Which node is reported to answer for the address beside its announcer, by any speaker. */
  async function reported(address: string): Promise<string> {
    const speakers = await operator.list<SpeakerWithConflicts>('speakers')
    const conflicts = speakers.flatMap(({ status }) => status?.conflicts ?? [])
    const answerers = new Set(conflicts.filter((each) => each.address === address).map(({ node }) => node))
    return names()
      .filter((name) => answerers.has(name))
      .join()
  }

  it('with strictARP only the announcing node answers, and nothing is reported', async () => {
    const address = await operator.addressOf('strict')
    expect(address).toBe(strict)
    const announcer = await operator.announcerOf(address)
    const findings = await heard(address, askedTwiceMs)
    expect(findings.doubleAnswers).toBe(0)
    expect(findings.by.map(({ mac }) => mac)).toEqual([operator.macOf(announcer)])
    const { reason, message } = (await announced('strict')) ?? {}
    expect(`${reason} ${message}`).toBe(`Announced ${address} by ${announcer} on eth0`)
    expect(await reported(address)).toBe('')
  })

  it('without it every node answers, and the Service says so, with the nodes and the mend', async () => {
    await setStrictArp(false)
    await operator.apply(at(loose, 'loose'))
    const address = await operator.addressOf('loose')
    const { status, message } = await namesOthers('loose', address)
    expect(status).toBe('True')
    expect(message).toContain(address)
    expect(message).toContain('strictARP: true')
    const findings = await heard(address, 500)
    expect(findings.doubleAnswers).toBeGreaterThan(0)
    expect(new Set(findings.by.map(({ mac }) => mac))).toEqual(
      new Set(names().map((name) => operator.macOf(name))),
    )
  })

  it('an Event says so, too', async () => {
    const described = await operator.eventually('an Event', async () => {
      const text = await operator.kubectl('describe', 'service', 'loose')
      return /Warning +AnsweredTwice/.test(text) ? text : undefined
    })
    expect(described).toContain((await announced('loose'))?.message)
  })

  it('once it is set on one node, that one is named no more; once it is set on all, the report is gone', async () => {
    const address = await operator.addressOf('loose')
    const [mended = ''] = othersThan(await operator.announcerOf(address))
    await setStrictArp(true, [mended])
    await namesOthers('loose', address, [mended])
    await setStrictArp(true)
    await operator.eventually('the report is gone', async () => {
      const condition = await announced('loose')
      return (condition?.reason === 'Announced' && (await reported(address)) === '') || undefined
    })
    const findings = await heard(address, 500)
    expect(findings.doubleAnswers).toBe(0)
  })
})
