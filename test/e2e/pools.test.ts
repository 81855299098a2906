import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCluster, type Cluster } from './ground.ts'
import { networkOf, poolOf, poolWith, service } from './manifests.ts'
import { Operator } from './operator.ts'
import { PoolDesk } from './pool-desk.ts'

let cluster: Cluster
let operator: Operator
let desk: PoolDesk

beforeAll(async () => {
  cluster = await openCluster(1)
  operator = new Operator(cluster)
  desk = new PoolDesk(operator)
})
afterAll(() => cluster?.close())

const at = (octet: number): string => `${networkOf(cluster)}.${octet}`
const range = (from: number, to: number): string => `${at(from)}-${at(to)}`
const remove = (...names: readonly string[]): Promise<string> =>
  operator.kubectl('delete', 'service', ...names)

const manifestOf = (name: string, pool?: string): string =>
  service(name, pool === undefined ? {} : { annotations: { 'lanlord.dev/pool': pool } })

describe('a quota', () => {
  const inShop = '--namespace=shop'

  beforeAll(async () => {
    await operator.kubectl('create', 'namespace', 'shop')
    const quota = { perNamespace: 2 }
    await operator.apply(poolWith('shops', { addresses: [range(200, 205)], namespaces: ['shop'], quota }))
    for (const name of ['a', 'b', 'c'])
      await operator.kubectl('create', 'service', 'loadbalancer', name, '--tcp=80', inShop)
  })
  afterAll(async () => {
    await operator.kubectl('delete', 'namespace', 'shop')
    await operator.kubectl('delete', 'pool', 'shops')
  })

  it('lets a namespace have as many addresses as it says, and tells the next Service what would help', async () => {
    await desk.has('b', at(201), inShop)
    const words = await desk.said('c', 'False QuotaExceeded', inShop)
    expect(words).toMatch(/namespace shop holds 2 .* may hold 2; .*raise the quota/)
  })

  it('counts only for those whom the pool is for', async () => {
    await operator.apply(manifestOf('outsider', 'shops'))
    expect(await desk.said('outsider', 'False NotAdmitted')).toContain('namespace default')
    await remove('outsider')
  })

  it('that is raised serves the one that waits at once', async () => {
    await desk.edit('shops', { quota: { perNamespace: 3 } })
    await desk.has('c', at(202), inShop)
  })

  it('that is lowered below what is held takes nothing away', async () => {
    await desk.edit('shops', { quota: { perNamespace: 1 } })
    await operator.kubectl('create', 'service', 'loadbalancer', 'd', '--tcp=80', inShop)
    await desk.said('d', 'False QuotaExceeded', inShop)
    for (const [name, octet] of [
      ['a', 200],
      ['b', 201],
      ['c', 202],
    ] as const)
      expect(await desk.addressNow(name, inShop)).toBe(at(octet))
  })
})

describe('a pool that is changed while Services hold addresses of it', () => {
  beforeAll(async () => {
    await operator.apply(poolOf('lab', range(210, 213)), manifestOf('one', 'lab'))
    await desk.has('one', at(210))
  })
  afterAll(async () => {
    await remove('one')
    await operator.kubectl('delete', 'pool', 'lab')
  })

  it('keeps what it excludes from now on for the Service that has it, and for nobody after that', async () => {
    await desk.edit('lab', { exclude: [range(210, 211)] })
    await operator.apply(manifestOf('two', 'lab'))
    await desk.has('two', at(212))
    expect(await desk.addressNow('one')).toBe(at(210))
    await remove('two')
  })

  it('gives out nothing new while it is disabled, and what it gave stays', async () => {
    await desk.edit('lab', { disabled: true })
    await operator.apply(manifestOf('two', 'lab'))
    await desk.said('two', 'False PoolDisabled')
    expect(await desk.addressNow('one')).toBe(at(210))
    await desk.edit('lab', { disabled: false, exclude: null })
    await operator.addressOf('two')
    await remove('two')
  })

  it('moves a Service whose address it no longer lists, and the Service says from where', async () => {
    await desk.edit('lab', { addresses: [range(212, 215)] })
    const words = await desk.said('one', 'True Assigned')
    const moved = await desk.said('one', `in place of ${at(210)}`)
    expect([words, moved].join()).toContain('from AddressPool lab')
    expect(await desk.addressNow('one')).not.toBe(at(210))
    await operator.eventually('the Service has its Event', async () => {
      const text = await operator.kubectl('describe', 'service', 'one')
      return text.includes(`in place of ${at(210)}`) || undefined
    })
  })

  it('that no longer admits the Service takes the address back, and gives it one when it does again', async () => {
    const address = await operator.addressOf('one')
    await desk.edit('lab', { namespaces: ['elsewhere'] })
    await desk.said('one', 'False NotAdmitted')
    expect(await desk.addressNow('one')).toBeUndefined()
    await desk.edit('lab', { namespaces: null })
    await desk.has('one', address)
  })
})

describe('a pool that is deleted', () => {
  it('goes at once when nobody holds an address of it', async () => {
    await operator.apply(poolOf('unused', range(220, 221)))
    await desk.condition('unused', 'Ready', 'Accepted')
    await operator.kubectl('delete', 'pool', 'unused', '--timeout=5s')
    await desk.gone('unused')
  })

  it('stays while Services hold addresses of it, says so, and gives out nothing new', async () => {
    await operator.apply(poolOf('old', range(220, 223)))
    for (const name of ['web', 'api']) await operator.apply(manifestOf(name))
    await desk.has('web', at(220))
    await desk.has('api', at(221))
    await desk.becomes('old', 'is marked', ({ metadata }) => metadata.finalizers?.length === 1)
    await desk.delete('old')
    const { status, message } = await desk.condition('old', 'Ready', 'Leaving')
    expect(status).toBe('False')
    expect(message).toContain('2 of its addresses are still held, by default/api, default/web')
    await operator.apply(manifestOf('late'))
    expect(await desk.said('late', 'False PoolDisabled')).toContain('it is being deleted')
    expect([await desk.addressNow('web'), await desk.addressNow('api')]).toEqual([at(220), at(221)])
  })

  it('is not forgotten by another controller', async () => {
    await desk.replaceController()
    await desk.condition('old', 'Ready', 'Leaving')
    expect([await desk.addressNow('web'), await desk.addressNow('api')]).toEqual([at(220), at(221)])
  })

  it('hands its Services over to a pool with the same addresses, which serves those that wait, and is gone', async () => {
    await operator.apply(poolOf('new', range(220, 223)))
    await desk.condition('new', 'Ready', 'Accepted')
    await desk.gone('old')
    await desk.said('web', `${at(220)} from AddressPool new`)
    await desk.said('late', `${at(222)} from AddressPool new`)
    expect(await desk.addressNow('api')).toBe(at(221))
    const { status } = await desk.becomes('new', 'has three', (each) => each.status?.ipv4?.allocated === 3)
    expect(status?.ipv4?.available).toBe(1)
  })

  it('goes with the last Service that holds an address of it', async () => {
    await remove('late')
    await desk.becomes('new', 'is marked', ({ metadata }) => metadata.finalizers?.length === 1)
    await desk.delete('new')
    await desk.condition('new', 'Ready', 'Leaving')
    await remove('web')
    await desk.becomes('new', 'has one left', (each) => each.status?.ipv4?.allocated === 1)
    await remove('api')
    await desk.gone('new')
  })

  it('while no controller runs goes when one does again, if its Services went meanwhile', async () => {
    await operator.apply(poolOf('brief', range(220, 223)), manifestOf('web', 'brief'))
    await desk.has('web', at(220))
    await desk.becomes('brief', 'is marked', ({ metadata }) => metadata.finalizers?.length === 1)
    await desk.replaceController(async () => {
      await operator.kubectl('delete', 'service', 'web', '--wait=false')
      await desk.delete('brief')
    })
    await desk.gone('brief')
  })
})

describe('a pool that holds addresses which somebody else has', () => {
  it('says whose they are in its condition Sound and in an Event, and works all the same', async () => {
    const [node] = cluster.nodes
    await operator.apply(poolOf('careless', node?.address ?? '', at(230)))
    const { status, message } = await desk.condition('careless', 'Sound', 'NodeAddress')
    expect(status).toBe('False')
    expect(message).toContain(`${node?.address} is the own address of node ${node?.name}`)
    await desk.condition('careless', 'Ready', 'Accepted')
    await operator.eventually('the pool has its Event', async () => {
      const text = await operator.kubectl('describe', 'pool', 'careless')
      return /Warning\s+NodeAddress/.test(text) || undefined
    })
  })

  it('says nothing any more when they are excluded', async () => {
    await desk.edit('careless', { exclude: [cluster.nodes[0]?.address] })
    await desk.becomes('careless', 'is sound', ({ status }) =>
      (status?.conditions ?? []).every(({ type }) => type !== 'Sound'),
    )
    await operator.kubectl('delete', 'pool', 'careless')
  })
})
