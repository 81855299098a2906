import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ConditionWatch } from './condition-watch.ts'
import { openCluster, type Cluster } from './ground.ts'
import { networkOf, poolWith, service, workload } from './manifests.ts'
import type { SpeakerObject } from './objects.ts'
import { Operator } from './operator.ts'

const table = 'inet lanlord_test'
const waits = /^False Pending: .* waits until it forwards .*, since \S+ and until \S+ at the latest/
const announced = /^True Announced: /
const unproven = /no connection from node-\d to it had come about by then/

/*
 * No node can connect to the addresses that are `blocked`, as if its kube-proxy had not programmed them yet; what
 * clients send is forwarded all the same.
 */
describe('an address that is new', { timeout: 300_000 }, () => {
  let cluster: Cluster
  let operator: Operator
  const watches: ConditionWatch[] = []

  beforeAll(async () => {
    cluster = await openCluster(3, { dualStack: true })
    operator = new Operator(cluster)
    const six = (cluster.subnet6 ?? '').replace(/\/\d+$/, '')
    await operator.apply(
      workload(3),
      poolWith('lab', { addresses: [`${v4(200)}-${v4(229)}`, `${six}200-${six}229`] }),
      poolWith('plain', {
        addresses: [`${v4(230)}-${v4(239)}`],
        l2: { readiness: 'None' },
        autoAssign: false,
      }),
    )
    await operator.deployed()
    await operator.settled()
  })
  afterEach(() => watches.splice(0).forEach((watch) => watch[Symbol.dispose]()))
  afterAll(() => cluster?.close())

  const v4 = (number: number): string => `${networkOf(cluster)}.${number}`

  async function onAllNodes(rules: string): Promise<void> {
    await Promise.all(cluster.nodes.map(({ exec }) => operator.at(exec, 'nft', rules)))
  }

  async function block(...addresses: readonly string[]): Promise<void> {
    const rules = addresses.map((address) => {
      const family = address.includes(':') ? 'ip6' : 'ip'
      return `add rule ${table} out ${family} daddr ${address} drop`
    })
    const chain = `add chain ${table} out { type filter hook output priority -300; }`
    await onAllNodes([`add table ${table}`, chain, ...rules].join('; '))
  }

  const unblock = (): Promise<void> => onAllNodes(`delete table ${table}`)

  function watch(name: string): ConditionWatch {
    const made = new ConditionWatch(cluster, name)
    watches.push(made)
    return made
  }

  async function isUnproven(address: string): Promise<boolean | undefined> {
    const entries = (await operator.list<SpeakerObject>('speakers')).flatMap(
      (each) => each.status?.announcing ?? [],
    )
    return entries.find((each) => each.address === address)?.unproven
  }

  const of = (name: string, address: string, pool = 'lab'): string =>
    service(name, { annotations: { 'lanlord.dev/pool': pool, 'lanlord.dev/addresses': address } })

  it('is announced the moment its node forwards, and its Service says what it waits for', async () => {
    const [four, six] = [v4(210), `${(cluster.subnet6 ?? '').replace(/\/\d+$/, '')}210`]
    await block(four, six)
    const condition = watch('held')
    const both = of('held', `${four},${six}`).replace(
      'type: LoadBalancer',
      'type: LoadBalancer\n  ipFamilyPolicy: RequireDualStack',
    )
    await operator.apply(both)
    const words = await condition.until(waits)
    expect([four, six].some((address) => words.includes(`${address} is not announced yet: node-`))).toBe(true)
    const reached = [four, six].map((address) => operator.reaches(address))
    await unblock()
    await Promise.all(reached)
    const said = await condition.until(announced)
    expect(said).not.toMatch(unproven)
    expect([await isUnproven(four), await isUnproven(six)]).toEqual([undefined, undefined])
  })

  it('is announced at the bound though its node does not forward, and its Service says so', async () => {
    await block(v4(211))
    const condition = watch('late')
    await operator.apply(of('late', v4(211)))
    await condition.until(waits)
    expect(await condition.until(announced)).toMatch(unproven)
    expect(await isUnproven(v4(211))).toBe(true)
    await operator.reaches(v4(211))
    await unblock()
  })

  it('is announced at once when its pool says readiness: None', async () => {
    await block(v4(230))
    const condition = watch('plain')
    await operator.apply(of('plain', v4(230), 'plain'))
    await condition.until(announced)
    expect(condition.said.filter((each) => waits.test(each) || unproven.test(each))).toEqual([])
    await unblock()
  })

  it('is announced without a TCP port, too', async () => {
    const condition = watch('udp')
    await operator.apply(of('udp', v4(212)).replace(/.*protocol: TCP.*\n/, ''))
    expect(await condition.until(announced)).not.toMatch(unproven)
    const probe = await operator.probeUdp(v4(212))
    await probe.stop()
  })

  it('is new no more: the node that takes it over does not wait for anything', async () => {
    await operator.apply(of('moves', v4(213)))
    const from = await operator.announcerOf(v4(213))
    await operator.reaches(v4(213))
    // So long it would be new to all that saw it come.
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    await block(v4(213))
    const condition = watch('moves')
    await condition.until(announced)
    await cluster.pullCable(from)
    await operator.announcerOf(v4(213), from)
    await operator.reaches(v4(213))
    expect(await isUnproven(v4(213))).toBeUndefined()
    expect(condition.said.filter((each) => waits.test(each) || unproven.test(each))).toEqual([])
    await cluster.plugCable(from)
    await unblock()
  })
})
