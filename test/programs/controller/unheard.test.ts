import { afterEach, beforeEach, expect, test } from 'vitest'
import { conditionOf, eventually, events, Ground, own, said, services } from './ground.ts'
import type { ControllerProcess, Seen } from './ground.ts'

let ground: Ground
let controller: ControllerProcess
const address = '10.0.0.200'
const announced = 'lanlord.dev/Announced'
const since = '2024-01-01T00:00:00Z'
const nodes = ['n1', 'n2', 'n3']

beforeEach(async () => {
  ground = await Ground.start()
  for (const node of nodes) await ground.node(node, othersThan(node))
  controller = ground.controller('first')
  await ground.pool('lab', [address])
  await ground.service('web')
  await ground.endpoint('web', 'n1')
})
afterEach(() => ground[Symbol.asyncDispose]())

const othersThan = (node: string): readonly string[] => nodes.filter((each) => each !== node)
const announcing = { address, interface: 'eth0', mac: '02:00:00:00:00:01', since, cause: 'placed' }

function finding(node: string, change: object = {}): object {
  return { address, node, interface: 'eth0', result: 'Unanswered', others: [], since, ...change }
}

/** The node that the placement names. */
async function placedOn(): Promise<string | undefined> {
  const speakers = await ground.list(`${own}/speakers`)
  return speakers.find(({ spec }) => spec?.addresses?.some((each) => each.address === address))?.metadata.name
}

/** The node that is placed announces the address, and the Service says so. */
async function settled(): Promise<string> {
  const node = (await eventually('the address is placed', placedOn)) as string
  await ground.says(node, { announcing: [announcing] })
  await saidOf(`True Announced ${address} by ${node} on eth0`)
  return node
}

function saidOf(expected: string): Promise<Seen> {
  return eventually(`the Service says: ${expected}`, async () => {
    const service = await ground.request('GET', `${services}/web`)
    return said(service, announced).includes(expected) && service
  })
}

async function warnings(): Promise<readonly string[]> {
  interface Event {
    readonly type: string
    readonly reason: string
  }
  const { items } = await ground.request<{ readonly items: readonly Event[] }>('GET', events)
  return items.flatMap(({ type, reason }) => (type === 'Warning' ? reason : []))
}

test('an address that two nodes do not hear answered is told, and then given to one of them', async () => {
  const node = await settled()
  const witnesses = othersThan(node)
  for (const witness of witnesses) await ground.says(witness, { selfTest: [finding(node)] })
  const service = await saidOf(
    `False Unanswered ${address} by ${node} on eth0, but nobody answers for it, though others answer ${witnesses.join(' and ')}`,
  )
  expect(conditionOf(service, announced)?.message).toContain(`what keeps the answers of ${node} from the LAN`)
  expect(await placedOn()).toBe(node)
  const next = await eventually('it is placed on another node', async () => {
    const now = await placedOn()
    return now !== node && now
  })
  expect(witnesses).toContain(next)
  expect(await warnings()).toEqual(['Unanswered'])
  await eventually('it is told in the log', async () => controller.has('nobody hears the node answer'))
  await ground.says(next, { announcing: [announcing], selfTest: [] })
  await ground.says(node, { announcing: [] })
  await saidOf(`True Announced ${address} by ${next} on eth0`)
})

test('an address that is answered elsewhere names the device, and is True again when that is over', async () => {
  const node = await settled()
  const others = [{ mac: '06:00:00:00:00:99' }]
  const found = finding(node, { result: 'AnsweredElsewhere', others })
  for (const witness of othersThan(node)) await ground.says(witness, { selfTest: [found] })
  await saidOf(
    `False AnsweredElsewhere ${address} by ${node} on eth0, but 06:00:00:00:00:99, no node of this cluster`,
  )
  for (const witness of othersThan(node)) await ground.says(witness, { selfTest: [] })
  await saidOf(`True Announced ${address} by ${node} on eth0`)
})

test('one that others hear is not believed, whatever it says, and however long', async () => {
  const node = await settled()
  const [liar = '', honest = ''] = othersThan(node)
  await ground.says(liar, { selfTest: [finding(node)] })
  await new Promise((resolve) => setTimeout(resolve, 12_000))
  expect(await placedOn()).toBe(node)
  await saidOf(`True Announced ${address} by ${node} on eth0`)
  expect(await warnings()).toEqual([])
  await ground.says(honest, { selfTest: [finding(node)] })
  await saidOf('False Unanswered')
})

test('that somebody else answers, too, is told where the announcer does not hear it, and moves nothing', async () => {
  const node = await settled()
  const [witness = ''] = othersThan(node)
  const found = finding(node, { result: 'AnsweredTwice', others: [{ mac: '06:00:00:00:00:99' }] })
  await ground.says(witness, { selfTest: [found] })
  await saidOf(
    `True AnsweredTwice ${address} by ${node} on eth0, but 06:00:00:00:00:99, no node of this cluster`,
  )
  await new Promise((resolve) => setTimeout(resolve, 12_000))
  expect(await placedOn()).toBe(node)
})
