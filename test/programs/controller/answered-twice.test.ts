import { afterEach, beforeEach, expect, test } from 'vitest'
import { conditionOf, eventually, events, Ground, said, services } from './ground.ts'
import type { ControllerProcess, Seen } from './ground.ts'

let ground: Ground
let first: ControllerProcess
const address = '10.0.0.200'
const announced = 'lanlord.dev/Announced'
const since = '2024-01-01T00:00:00Z'

beforeEach(async () => {
  ground = await Ground.start()
  for (const node of ['n1', 'n2']) await ground.node(node, [node === 'n1' ? 'n2' : 'n1'])
  first = ground.controller('first')
  await ground.pool('lab', [address])
  await ground.service('web')
  await ground.endpoint('web', 'n1')
  await ground.says('n1', { announcing: [announcing] })
  await saidOf(`True Announced ${address} by n1 on eth0`)
})
afterEach(() => ground[Symbol.asyncDispose]())

const announcing = { address, interface: 'eth0', mac: '02:00:00:00:00:01', since, cause: 'placed' }
const ofN2 = { address, mac: '02:00:00:00:00:02', node: 'n2', interface: 'eth0', since }
const stranger = { address, mac: '06:00:00:00:00:99', interface: 'eth0', since }

function saidOf(expected: string): Promise<Seen> {
  return eventually(`the Service says: ${expected}`, async () => {
    const service = await ground.request('GET', `${services}/web`)
    return said(service, announced).includes(expected) && service
  })
}

interface Event {
  readonly type: string
  readonly reason: string
  readonly note: string
}

async function warnings(): Promise<readonly Event[]> {
  const { items } = await ground.request<{ readonly items: readonly Event[] }>('GET', events)
  return items.filter(({ type }) => type === 'Warning')
}

test('a Service whose address another node answers for says so, with the node and the mend, and one Event does', async () => {
  await ground.says('n1', { conflicts: [ofN2] })
  const service = await saidOf(
    `True AnsweredTwice ${address} by n1 on eth0, but n2 (02:00:00:00:00:02) answers`,
  )
  const message = conditionOf(service, announced)?.message ?? ''
  expect(message).toContain('strictARP: true')
  const [event, ...others] = await eventually('an Event', async () => {
    const all = await warnings()
    return all.length > 0 && all
  })
  expect(event).toMatchObject({ reason: 'AnsweredTwice', note: message })
  expect(others).toEqual([])
})

test('it says so no more when the speaker does not, without another Event', async () => {
  await ground.says('n1', { conflicts: [stranger] })
  const service = await saidOf('06:00:00:00:00:99, no node of this cluster')
  await ground.says('n1', { conflicts: [] })
  const after = await saidOf(`True Announced ${address} by n1 on eth0`)
  expect(conditionOf(after, announced)?.message).toBe(`${address} by n1 on eth0`)
  expect(after.metadata.resourceVersion).not.toBe(service.metadata.resourceVersion)
  expect(await warnings()).toHaveLength(1)
})

test('what a speaker reports of an address that it does not announce is of no account', async () => {
  await ground.says('n2', { conflicts: [stranger] })
  await ground.says('n1', { conflicts: [{ ...stranger, interface: 'eth1' }] })
  await ground.service('other')
  await eventually('the controller has read it all', async () => {
    const other = await ground.request('GET', `${services}/other`)
    return said(other, 'lanlord.dev/Allocated').includes('PoolExhausted')
  })
  await saidOf(`True Announced ${address} by n1 on eth0`)
  expect((await warnings()).filter(({ reason }) => reason === 'AnsweredTwice')).toEqual([])
})

test('a controller that takes over tells of nothing that was told before', async () => {
  await ground.says('n1', { conflicts: [ofN2] })
  await saidOf('True AnsweredTwice')
  await eventually('an Event', async () => (await warnings()).length === 1)
  const second = ground.controller('second')
  await first.end('SIGTERM')
  await eventually('the second leads', async () => second.has('read the cluster'))
  await ground.says('n1', { conflicts: [ofN2, stranger] })
  await saidOf('06:00:00:00:00:99')
  await eventually('the next Event', async () => (await warnings()).length === 2)
})
