import { afterEach, beforeEach, expect, test } from 'vitest'
import { eventually, Ground, own, said, services } from './ground.ts'

const address = '10.0.0.200'
const nodes = ['n1', 'n2', 'n3']
const wish = 'lanlord.dev/preferred-node'
let ground: Ground

beforeEach(async () => {
  ground = await Ground.start()
  await ground.node('n1', ['n2', 'n3'])
  await ground.node('n2', ['n1', 'n3'])
  await ground.node('n3', ['n1', 'n2'])
  await ground.request('PATCH', '/api/v1/nodes/n2', { metadata: { labels: { disk: 'ssd' } } })
})
afterEach(() => ground[Symbol.asyncDispose]())

async function where(): Promise<readonly string[]> {
  const speakers = await ground.list(`${own}/speakers`)
  const having = speakers.filter(({ spec }) => spec?.addresses?.some((each) => each.address === address))
  return having.map(({ metadata }) => metadata.name).toSorted()
}

const placedOn = (node: string): Promise<true> =>
  eventually(`${address} is placed on ${node}`, async () => (await where()).join() === node)

async function staysOn(node: string): Promise<void> {
  await ground.service('marker')
  await eventually(
    'the controller has done what came before',
    async () =>
      said(await ground.request('GET', `${services}/marker`), 'lanlord.dev/Allocated') !== 'nothing',
  )
  await ground.request('DELETE', `${services}/marker`)
  expect(await where()).toEqual([node])
}

function says(expected: string): Promise<true> {
  return eventually(`web says ${expected}`, async () => {
    const web = await ground.request('GET', `${services}/web`)
    return said(web, 'lanlord.dev/Announced').includes(expected)
  })
}

const asks = (node: string | null): Promise<unknown> =>
  ground.request('PATCH', `${services}/web`, { metadata: { annotations: { [wish]: node } } })

const cordon = (node: string, unschedulable: boolean): Promise<unknown> =>
  ground.request('PATCH', `/api/v1/nodes/${node}`, { spec: { unschedulable } })

async function published(annotations: Readonly<Record<string, string>> = {}, l2: object = {}): Promise<void> {
  await ground.pool('lab', [address, '10.0.0.210'], { l2 })
  await ground.service('web', annotations)
  await ground.endpoint('web', 'n1')
}

test('a new address is placed on the node that the pool prefers; when that one comes back nothing moves', async () => {
  ground.controller()
  await published({}, { preferredNodes: [{ weight: 10, selector: { matchLabels: { disk: 'ssd' } } }] })
  await placedOn('n2')
  await cordon('n2', true)
  const [other = ''] = await eventually('it has moved', async () => {
    const now = await where()
    return now.length === 1 && now[0] !== 'n2' && now
  })
  await cordon('n2', false)
  await staysOn(other)
})

test('the node that a Service asks for is more than what the pool prefers, and another one asked for is a move', async () => {
  ground.controller()
  await published({ [wish]: 'n3' }, { preferredNodes: [{ weight: 100, selector: {} }] })
  await placedOn('n3')
  await asks('n1')
  await placedOn('n1')
  await asks(null)
  await staysOn('n1')
})

test('a node that cannot have it is named with the reason, and the address stays', async () => {
  ground.controller()
  await published({ [wish]: 'n1' })
  await placedOn('n1')
  await asks('n9')
  await says(`n1 should announce it, though ${wish} asks for n9, which does not exist`)
  await asks('x'.repeat(10_000))
  await says(`asks for ${'x'.repeat(63)}…, which cannot be the name of a node`)
  await cordon('n3', true)
  await asks('n3')
  await says('asks for n3, which is cordoned')
  await cordon('n3', false)
  await says('asks for n3, which may announce it now: set the annotation anew to move it')
  await staysOn('n1')
  await asks(null)
  await eventually('the controller has read that nothing is asked for', async () => {
    const web = await ground.request('GET', `${services}/web`)
    return !said(web, 'lanlord.dev/Announced').includes('asks for')
  })
  await asks('n3')
  await placedOn('n3')
})

test('what was asked for while no controller ran is done, and what was refused before is not asked for again', async () => {
  const first = ground.controller('first')
  await published()
  await eventually('it is placed', async () => (await where()).length === 1)
  const [before = ''] = await where()
  const [next, other] = nodes.filter((node) => node !== before) as [string, string]
  await first.end('SIGTERM')
  await asks(next)
  const second = ground.controller('second')
  await placedOn(next)
  await cordon(other, true)
  await asks(other)
  await says(`asks for ${other}, which is cordoned`)
  await second.end('SIGTERM')
  await cordon(other, false)
  ground.controller('third')
  await says('which may announce it now')
  await staysOn(next)
})

test('a kube-proxy that says it is unhealthy costs its node its addresses, where another one can have them', async () => {
  ground.controller()
  await published({ [wish]: 'n1' })
  await placedOn('n1')
  await ground.says('n1', { kubeProxy: 'Unhealthy' })
  await says('asks for n1, which has a kube-proxy that says it is unhealthy')
  await eventually('it has moved', async () => {
    const [node, ...others] = await where()
    return others.length === 0 && node !== undefined && node !== 'n1'
  })
})

test('where no node may announce an address it is said which rule removed which', async () => {
  ground.controller()
  await published({}, { interfaces: ['eth9'] })
  const excluded = { 'node.kubernetes.io/exclude-from-external-load-balancers': '' }
  for (const node of ['n1', 'n2'])
    await ground.request('PATCH', `/api/v1/nodes/${node}`, { metadata: { labels: excluded } })
  await ground.says('n3', {
    interfaces: [{ name: 'eth0', mac: '02:00:00:00:00:03', addresses: ['10.0.0.3/24'] }],
  })
  await says(
    `False NoCandidate no node may announce ${address}: n1 and n2 are excluded by the label node.kubernetes.io/exclude-from-external-load-balancers, n3 has no interface that matches eth9; correct spec.l2.interfaces of AddressPool lab`,
  )
})
