import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { settleMs } from '../../../src/core/election/follow.ts'
import { addressOf, eventually, Ground, own, said, services } from './ground.ts'

let ground: Ground
const announced = 'lanlord.dev/Announced'

beforeEach(async () => {
  ground = await Ground.start()
})
afterEach(() => ground[Symbol.asyncDispose]())

async function placedOn(node: string): Promise<readonly string[]> {
  const { spec } = await ground.request('GET', `${own}/speakers/${node}`)
  return spec?.addresses?.map(({ address }) => address) ?? []
}

function saidOf(name: string, expected: string): Promise<string> {
  return eventually(`${name}: ${expected}`, async () => {
    const text = said(await ground.request('GET', `${services}/${name}`), announced)
    return text.includes(expected) ? text : undefined
  })
}

async function threeNodes(): Promise<void> {
  await ground.node('n1', ['n2', 'n3'])
  await ground.node('n2', ['n1', 'n3'])
  await ground.node('n3', ['n1', 'n2'])
}

function announcing(address: string): object {
  return {
    address,
    interface: 'eth0',
    mac: '02:00:00:00:00:01',
    since: '2024-01-01T00:00:00Z',
    cause: 'placed',
  }
}

test('addresses are spread over the nodes, and each is placed in the moment it is public', async () => {
  await threeNodes()
  ground.controller()
  await ground.pool('lab', ['10.0.0.200-10.0.0.219'])
  const names = Array.from({ length: 9 }, (_, index) => `web-${index}`)
  for (const name of names) {
    await ground.service(name)
    const address = await eventually(`${name} has an address`, async () =>
      addressOf(await ground.request('GET', `${services}/${name}`)),
    )
    await eventually(`${address} is placed`, async () => {
      const speakers = await ground.list(`${own}/speakers`)
      return speakers.some(({ spec }) => spec?.addresses?.some((each) => each.address === address))
    })
  }
  const counts = await Promise.all(['n1', 'n2', 'n3'].map(async (node) => (await placedOn(node)).length))
  expect(counts).toEqual([3, 3, 3])
})

test('a Service says who announces it, or why nobody does', async () => {
  await ground.node('n1')
  ground.controller()
  await ground.pool('lab', ['10.0.0.200'])
  await ground.service('web')
  await saidOf('web', 'False NoEndpoints 10.0.0.200 is announced once a Pod behind it is ready')
  await ground.endpoint('web', 'n1')
  await saidOf('web', 'False Pending 10.0.0.200 is not announced yet; n1 should announce it')
  await ground.says('n1', { announcing: [announcing('10.0.0.200')] })
  await saidOf('web', 'True Announced 10.0.0.200 by n1 on eth0')
})

test('with policy Local the address goes where a Pod serves', async () => {
  await threeNodes()
  ground.controller()
  await ground.pool('lab', ['10.0.0.200'])
  await ground.service('web', {}, { externalTrafficPolicy: 'Local' })
  await ground.endpoint('web', 'n2')
  await eventually('it is placed on n2', async () => (await placedOn('n2')).includes('10.0.0.200'))
  for (const node of ['n1', 'n3']) expect(await placedOn(node)).toEqual([])
})

test('the placement moves off a node that is cordoned, and follows the speaker that stood in for a dead one', async () => {
  await threeNodes()
  ground.controller()
  await ground.pool('lab', ['10.0.0.200'])
  await ground.service('web')
  await ground.endpoint('web', 'n1')
  const nodes = ['n1', 'n2', 'n3']
  const where = async () => {
    const lists = await Promise.all(nodes.map(placedOn))
    return nodes.filter((_, index) => lists[index]?.includes('10.0.0.200'))
  }
  const [first] = await eventually('it is placed', async () => (await where()).length === 1 && where())
  await ground.request('PATCH', `/api/v1/nodes/${first}`, { spec: { unschedulable: true } })
  const [second] = await eventually('it has moved', async () => {
    const now = await where()
    return now.length === 1 && now[0] !== first && now
  })
  const third = nodes.find((node) => node !== first && node !== second) as string
  await ground.says(third, { announcing: [announcing('10.0.0.200')] })
  await eventually('it follows', async () => (await where()).join() === third)
  await saidOf('web', `by ${third} on eth0`)
})

test('a move that the speaker has not read of is under way, though the former one announces meanwhile', async () => {
  await threeNodes()
  ground.controller()
  await ground.pool('lab', ['10.0.0.200'])
  await ground.service('web')
  await ground.endpoint('web', 'n1')
  const isOn = async (node: string): Promise<boolean> => (await placedOn(node)).includes('10.0.0.200')
  const first = await eventually('it is placed', async () => {
    const where = await Promise.all(['n1', 'n2', 'n3'].map(isOn))
    return where.includes(true) && ['n1', 'n2', 'n3'][where.indexOf(true)]
  })
  const other = first === 'n1' ? 'n2' : 'n1'
  await ground.says(first, { announcing: [announcing('10.0.0.200')] })
  await ground.says(other, { observedRevision: 0 })
  await ground.request('PATCH', `${services}/web`, {
    metadata: { annotations: { 'lanlord.dev/preferred-node': other } },
  })
  await eventually('it has moved', () => isOn(other))
  await sleep(2 * settleMs)
  expect(await isOn(other)).toBe(true)
  await ground.says(other, { observedRevision: 1_000 })
  await eventually('it goes back to the one that announces it', () => isOn(first))
})

test('a speaker that is restarted finds its placement as it was', async () => {
  await ground.node('n1')
  const first = ground.controller('first')
  await ground.pool('lab', ['10.0.0.200-10.0.0.203'])
  await ground.service('web')
  await eventually('it is placed', async () => (await placedOn('n1')).length === 1)
  const before = (await ground.request('GET', `${own}/speakers/n1`)).spec
  await first.end('SIGTERM')
  const second = ground.controller('second')
  await eventually('the second leads', async () => second.has('read the cluster'))
  await ground.service('more')
  await eventually('more is placed', async () => (await placedOn('n1')).length === 2)
  const after = (await ground.request('GET', `${own}/speakers/n1`)).spec
  expect(after?.addresses?.[0]).toEqual(before?.addresses?.[0])
})

test('a dead speaker is said to be silent and to announce nothing', async () => {
  await threeNodes()
  ground.controller()
  const speaker = () => ground.request('GET', `${own}/speakers/n1`)
  await ground.says('n1', { announcing: [announcing('10.0.0.200')], count: 1, summary: '10.0.0.200' })
  await ground.says('n2', { peers: [{ node: 'n3', interface: 'eth0', since: '2024-01-01T00:00:00Z' }] })
  await ground.says('n3', { peers: [{ node: 'n2', interface: 'eth0', since: '2024-01-01T00:00:00Z' }] })
  const dead = await eventually('n1 is not ready', async () => {
    const seen = await speaker()
    return said(seen, 'Ready').startsWith('Unknown NotHeard') && seen
  })
  expect(dead.status).toMatchObject({ announcing: [], count: 0, summary: '' })
  for (const node of ['n2', 'n3']) {
    expect(said(await ground.request('GET', `${own}/speakers/${node}`), 'Ready')).toContain('True')
  }
})
