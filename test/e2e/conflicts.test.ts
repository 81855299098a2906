import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCluster, patienceMs, type Cluster } from './ground.ts'
import { networkOf, poolOf, service, workload } from './manifests.ts'
import type { ConditionObject, PoolObject } from './objects.ts'
import { Operator } from './operator.ts'

/** Longer than it takes until a device that says nothing is found on an address that is announced, or is known to be gone. */
const askedSinceMs = patienceMs + 90_000

/** A Service that wants addresses of the pool: of both families if it asks for none. */
function of(pool: string, name: string, asksFor?: string): string {
  const asks = asksFor === undefined ? {} : { 'lanlord.dev/addresses': asksFor }
  const manifest = service(name, { annotations: { 'lanlord.dev/pool': pool, ...asks } })
  const families = 'ipFamilyPolicy: RequireDualStack\n  ipFamilies: [IPv4, IPv6]'
  return asksFor === undefined
    ? manifest.replace('type: LoadBalancer', `type: LoadBalancer\n  ${families}`)
    : manifest
}

/*
 * The client machine is the device that has addresses which it should not have: it binds them on its LAN interface, and
 * its kernel answers ARP and NDP for them as any other device does.
 */
describe('another device on the LAN that has an address of a pool', { timeout: 300_000 }, () => {
  let cluster: Cluster
  let operator: Operator
  let mac = ''

  beforeAll(async () => {
    cluster = await openCluster(2, { dualStack: true })
    operator = new Operator(cluster)
    mac = (await operator.asClient('cat', '/sys/class/net/eth0/address')).trim()
    await operator.apply(workload(2))
    await operator.deployed()
    await operator.settled()
  })
  afterAll(() => cluster?.close())

  /** The address of the subnet with this number at its end; the same number stands for both families. */
  const v4 = (number: number): string => `${networkOf(cluster)}.${number}`
  const v6 = (number: number): string => `${(cluster.subnet6 ?? '').replace(/\/\d+$/, '')}${number}`
  const ranges = (from: number, to: number): readonly string[] => [
    `${v4(from)}-${v4(to)}`,
    `${v6(from)}-${v6(to)}`,
  ]

  const bind = (...addresses: readonly string[]): Promise<unknown> => change('add', addresses)
  const unbind = (...addresses: readonly string[]): Promise<unknown> => change('del', addresses)

  async function change(what: 'add' | 'del', addresses: readonly string[]): Promise<void> {
    for (const address of addresses) {
      const ending = address.includes(':') ? ['/128', 'nodad'] : ['/32']
      const [length = '', ...flags] = what === 'add' ? ending : ending.slice(0, 1)
      await operator.asClient('ip', 'address', what, `${address}${length}`, 'dev', 'eth0', ...flags)
    }
  }

  async function addressesOf(name: string): Promise<readonly string[]> {
    const { status } = await operator.service(name)
    return (status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip)
  }

  function has(name: string, ...addresses: readonly string[]): Promise<unknown> {
    return operator.eventually(
      `Service ${name} has ${addresses.join()}`,
      async () => ((await addressesOf(name)).join() === addresses.join() ? true : undefined),
      askedSinceMs,
    )
  }

  /** Waits until these and no others are quarantined in the pool, for the MAC of the device. */
  function quarantines(pool: string, ...addresses: readonly string[]): Promise<PoolObject> {
    const wanted = addresses.map((address) => `${address} ${mac}`).join()
    return operator.eventually(
      `AddressPool ${pool} quarantines ${addresses.join() || 'nothing'}`,
      async () => {
        const found = await operator.get<PoolObject>('addresspool', pool)
        const told = (found.status?.quarantine ?? []).map((each) => `${each.address} ${each.mac}`)
        return told.join() === wanted ? found : undefined
      },
      askedSinceMs,
    )
  }

  function conditionOf(name: string, type: string, isIt: (it: ConditionObject) => boolean) {
    return operator.eventually(
      `the condition ${type} of Service ${name}`,
      async () => {
        const { status } = await operator.service(name)
        return status?.conditions?.find((each) => each.type === `lanlord.dev/${type}` && isIt(each))
      },
      askedSinceMs,
    )
  }

  function eventOn(kind: string, name: string, pattern: RegExp): Promise<string> {
    return operator.eventually(`an Event on ${kind} ${name} that says ${String(pattern)}`, async () => {
      const text = await operator.kubectl('describe', kind, name)
      return pattern.exec(text)?.[0]
    })
  }

  it('which would be given next: nobody is given it, and the status of the pool says whose it is', async () => {
    await bind(v4(200), v6(200))
    await operator.apply(poolOf('lab', ...ranges(200, 209)))
    const { status } = await quarantines('lab', v4(200), v6(200))
    expect(Date.now() - Date.parse(status?.quarantine?.[0]?.seen ?? '')).toBeLessThan(askedSinceMs)
    await operator.apply(of('lab', 'web'))
    await has('web', v4(201), v6(201))
    const pool = await operator.get<PoolObject>('addresspool', 'lab')
    expect(pool.status?.ipv4).toMatchObject({ total: 10, allocated: 1, quarantined: 1, available: 8 })
    expect(pool.status?.probe?.[0]).toBe(v4(202))
    await eventOn('addresspool', 'lab', new RegExp(`Warning +AddressConflict.*${mac}`))
  })

  it('which nobody has asked for when it is given: the Service gets another one before it was ever announced', async () => {
    await bind(v4(210), v6(210))
    await operator.apply(poolOf('fresh', ...ranges(210, 219)), of('fresh', 'quick'))
    await has('quick', v4(211), v6(211))
    await quarantines('fresh', v4(210), v6(210))
    const { message } = await conditionOf('quick', 'Allocated', ({ reason }) => reason === 'Assigned')
    expect(message).toContain(mac)
    for (const address of [v4(211), v6(211)]) await operator.announcerOf(address)
  })

  it('which a Service asks for: it is refused, with the MAC', async () => {
    await operator.apply(of('fresh', 'asking', v4(210)))
    const isRefused = ({ reason }: ConditionObject): boolean => reason === 'AddressConflict'
    const { message } = await conditionOf('asking', 'Allocated', isRefused)
    expect(message).toContain(`${v4(210)} is answered by another device (${mac})`)
    expect(await addressesOf('asking')).toEqual([])
  })

  it('which is announced: it is kept and defended, and the Service says so', async () => {
    await operator.reaches(v4(201))
    await bind(v4(201), v6(201))
    const isTold = ({ reason, message }: ConditionObject): boolean =>
      reason === 'AnsweredTwice' && [v4(201), v6(201)].every((address) => message.includes(address))
    const bothTold = (each: ConditionObject): boolean => isTold(each) && each.message.split(mac).length === 3
    const { status } = await conditionOf('web', 'Announced', bothTold)
    expect(status).toBe('True')
    await has('web', v4(201), v6(201))
    const announcer = await operator.announcerOf(v4(201))
    const probe = await operator.probeArp(v4(201))
    await new Promise((resolve) => setTimeout(resolve, 500))
    const { by } = await probe.stop()
    expect(by.map((each) => each.mac)).toEqual([operator.macOf(announcer)])
  })

  it('which it claims again and again: that is told, and the address is kept', async () => {
    const claiming = operator.asClient('arping', '-q', '-U', '-c', '45', '-I', 'eth0', v4(201))
    const insists = ({ message }: ConditionObject): boolean => message.includes('again and again')
    const { status, message } = await conditionOf('web', 'Announced', insists)
    expect(status).toBe('True')
    expect(message).toContain(`${mac}, no node of this cluster, claims it again and again`)
    await eventOn('service', 'web', /Warning +AnsweredTwice.*again and again/)
    await claiming
    await has('web', v4(201), v6(201))
  })

  it('which it gives back: it is given again, also to the Service that waits for it', async () => {
    await unbind(v4(201), v6(201), v4(200), v6(200), v4(210), v6(210))
    await quarantines('lab')
    await quarantines('fresh')
    await has('asking', v4(210))
    await operator.apply(of('lab', 'next'))
    await has('next', v4(200), v6(200))
    await conditionOf('web', 'Announced', ({ reason }) => reason === 'Announced')
    for (const address of [v4(200), v4(201), v4(210), v6(200)]) await operator.reaches(address)
  })
})
