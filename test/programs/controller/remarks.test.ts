import { afterEach, expect, test } from 'vitest'
import { addressOf, eventually, events, Ground, own, said, services } from './ground.ts'

const opened: Ground[] = []

afterEach(async () => {
  for (const ground of opened.splice(0)) await ground[Symbol.asyncDispose]()
})

async function start(...flags: readonly string[]): Promise<Ground> {
  const ground = await Ground.start()
  opened.push(ground)
  await ground.pool('lab', ['10.77.0.200-10.77.0.209'])
  ground.controller('one', ...flags)
  return ground
}

interface EventSeen {
  readonly type: string
  readonly reason: string
  readonly note: string
  readonly regarding: { readonly name: string }
}

/** What was told of an object, each Event as its type and reason. */
async function toldOf(ground: Ground, name: string, path = events): Promise<readonly string[]> {
  const all = (await ground.list(path)) as unknown as readonly EventSeen[]
  return all.filter(({ regarding }) => regarding.name === name).map(({ type, reason }) => `${type} ${reason}`)
}

const allocated = 'lanlord.dev/Allocated'

async function saysOf(ground: Ground, name: string, words: string): Promise<void> {
  await eventually(`${name} says ${words}`, async () => {
    return said(await ground.request('GET', `${services}/${name}`), allocated) === words
  })
}

test('a misspelt annotation is remarked on in the condition and by one Event, and is no reason to write again', async () => {
  const ground = await start()
  await ground.service('web', { 'lanlord.dev/adress': '10.77.0.205' })
  const served = 'True Assigned 10.77.0.200 from AddressPool lab'
  await saysOf(
    ground,
    'web',
    `${served}; but nobody reads lanlord.dev/adress (did you mean lanlord.dev/addresses?)`,
  )
  await eventually('both Events', async () => (await toldOf(ground, 'web')).length === 2)
  expect(new Set(await toldOf(ground, 'web'))).toEqual(
    new Set(['Normal Assigned', 'Warning UnknownAnnotation']),
  )
  await ground.service('next')
  await saysOf(ground, 'next', 'True Assigned 10.77.0.201 from AddressPool lab')
  const before = (await ground.writes())['services/status']
  // Looked at again, it says the same; mended, it is written once more, and nothing is told.
  const path = `${services}/web`
  await ground.request('PATCH', path, { metadata: { labels: { team: 'shop' } } })
  await ground.request('PATCH', path, { metadata: { annotations: { 'lanlord.dev/adress': null } } })
  await saysOf(ground, 'web', served)
  expect((await ground.writes())['services/status']).toBe((before ?? 0) + 1)
  expect(await toldOf(ground, 'web')).toHaveLength(2)
})

test('MetalLB’s annotations are read when the controller is told to, and the first of two that differ counts', async () => {
  const ground = await start('--compatibility', 'metallb')
  await ground.pool('quiet', ['10.77.0.230-10.77.0.239'], { autoAssign: false })
  await ground.service('web', { 'metallb.universe.tf/address-pool': 'quiet' })
  await saysOf(ground, 'web', 'True Assigned 10.77.0.230 from AddressPool quiet')
  await ground.service('both', {
    'metallb.io/loadBalancerIPs': '10.77.0.205',
    'lanlord.dev/addresses': '10.77.0.206',
  })
  await saysOf(
    ground,
    'both',
    'True Assigned 10.77.0.206 from AddressPool lab; but lanlord.dev/addresses says 10.77.0.206, and metallb.io/loadBalancerIPs 10.77.0.205; the first counts, remove the other',
  )
  await eventually('the Event', async () =>
    (await toldOf(ground, 'both')).includes('Warning ContradictingAnnotations'),
  )
})

test('without that they are not', async () => {
  const ground = await start()
  await ground.pool('quiet', ['10.77.0.230-10.77.0.239'], { autoAssign: false })
  await ground.service('web', {
    'metallb.universe.tf/address-pool': 'quiet',
    'kube-vip.io/loadbalancerIPs': '10.77.0.205',
  })
  await saysOf(ground, 'web', 'True Assigned 10.77.0.200 from AddressPool lab')
})

test('a pool that gives out what nodes and routers have says so, and no longer once that is excluded', async () => {
  const ground = await start()
  await ground.node('n1')
  await ground.says('n1', {
    interfaces: [
      { name: 'eth0', mac: '02:00:00:00:00:01', addresses: ['10.77.1.5/24'], gateways: ['10.77.1.1'] },
    ],
  })
  await ground.pool('wide', ['10.77.1.0/28'])
  const path = `${own}/addresspools/wide`
  const sound = async (): Promise<string> => said(await ground.request('GET', path), 'Sound')
  await eventually('it is not sound', async () => (await sound()).startsWith('False NodeAddress'))
  expect(await sound()).toBe(
    'False NodeAddress 10.77.1.5 is the own address of node n1 on eth0; add it to spec.exclude; 10.77.1.0 stands for the whole of a subnet of the nodes; add it to spec.exclude; 10.77.1.1 is a router that node n1 reaches through eth0; add it to spec.exclude',
  )
  const poolEvents = '/apis/events.k8s.io/v1/namespaces/default/events'
  await eventually('three Events', async () => (await toldOf(ground, 'wide', poolEvents)).length === 3)
  await ground.request('PATCH', path, { spec: { exclude: ['10.77.1.0/30', '10.77.1.5'] } })
  await eventually('it is sound', async () => (await sound()) === 'nothing')
})

test('a pool that chooses no node, or no interface of one, says so until that is mended', async () => {
  const ground = await start()
  await ground.node('n1')
  const interfaces = [{ name: 'eth0', mac: '02:00:00:00:00:01', addresses: ['10.77.1.5/24'] }]
  await ground.says('n1', { interfaces })
  await ground.pool('rack', ['10.77.1.0/28'])
  const path = `${own}/addresspools/rack`
  const exclude = ['10.77.1.0', '10.77.1.5']
  const l2 = { nodeSelectors: [{ matchLabels: { rack: 'a' } }], interfaces: ['eth1'] }
  await ground.request('PATCH', path, { spec: { exclude, l2 } })
  const soundness = (words: string): Promise<unknown> =>
    eventually(words, async () => said(await ground.request('GET', path), 'Sound').startsWith(words))
  await soundness('False ChoosesNoNode spec.l2.nodeSelectors match none of the nodes (n1)')
  await ground.request('PATCH', '/api/v1/nodes/n1', { metadata: { labels: { rack: 'a' } } })
  await soundness(
    'False ChoosesNoInterface spec.l2.interfaces (eth1) match none of the interfaces of the nodes (eth0)',
  )
  const second = { ...interfaces[0], name: 'eth1', addresses: [] }
  await ground.says('n1', { interfaces: [...interfaces, second] })
  await soundness('nothing')
})

test('a Service that changes its type gives its address back, and is given one when it changes back', async () => {
  const ground = await start()
  await ground.service('web')
  await saysOf(ground, 'web', 'True Assigned 10.77.0.200 from AddressPool lab')
  const path = `${services}/web`
  for (const spec of [
    { type: 'ClusterIP' },
    { type: 'NodePort' },
    { type: 'ExternalName', externalName: 'x.test' },
  ]) {
    await ground.request('PATCH', path, { spec })
    await eventually(`nothing as ${spec.type}`, async () => {
      const service = await ground.request('GET', path)
      return said(service, allocated) === 'nothing' && addressOf(service) === undefined
    })
    await ground.request('PATCH', path, { spec: { type: 'LoadBalancer', externalName: null } })
    await saysOf(ground, 'web', 'True Assigned 10.77.0.200 from AddressPool lab')
  }
})
