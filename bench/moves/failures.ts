import { setTimeout as sleep } from 'node:timers/promises'
import { quiet } from '../move.ts'
import type { Scene } from './lab.ts'
import type { Row } from './rows.ts'
import type { Seen } from './seen.ts'
import { watch } from './watch.ts'

/** What nobody planned. */
export const failures: readonly Row<Scene>[] = [
  {
    name: 'quiet',
    what: 'nothing happens',
    isShort: true,
    once: (scene) => seenCalmly(scene, () => quiet()),
  },
  { name: 'power', what: 'announcing node powered off', isShort: true, once: powerOff },
  { name: 'cable', what: 'announcing node cut off', isShort: true, once: cutOff },
  { name: 'again', what: 'the same node once more, within ten seconds of the first time', once: cutOffAgain },
  { name: 'nic', what: 'its link to the segment set down, its way to the API server alive', once: linkDown },
  { name: 'kill', what: 'its speaker ended by SIGKILL', isShort: true, once: killSpeaker },
  {
    name: 'stop',
    what: 'its speaker stopped by SIGSTOP, and a second later told to go on',
    once: stopSpeaker,
  },
]

/** What clients see who send a thousand datagrams a second. */
async function seenCalmly(
  { cluster, address, calm }: Scene,
  happening: () => Promise<unknown>,
): Promise<Seen> {
  return (await watch(cluster.playground, address, calm, happening)).seen
}

/** The node that announces, when all nodes hear each other and each has its Pod. */
async function announcerIn({ cluster, address }: Scene): Promise<string> {
  await cluster.settled()
  return cluster.onlyAnnouncerOf(address)
}

async function powerOff(scene: Scene): Promise<Seen> {
  const { cluster, address } = scene
  await cluster.whole()
  const node = await announcerIn(scene)
  const seen = await seenCalmly(scene, async () => {
    await cluster.playground.powerOff(node)
    await cluster.movedOff(address, node)
  })
  await cluster.playground.powerOn(node)
  await cluster.whole()
  return seen
}

/** Also for other scenes: the announcing node loses its cable, and gets it back. */
export async function cutOff(scene: Scene): Promise<Seen> {
  const node = await announcerIn(scene)
  const seen = await seenCalmly(scene, () => cut(scene, node))
  await scene.cluster.playground.plugCable(node)
  return seen
}

async function cut({ cluster, address }: Scene, node: string): Promise<void> {
  await cluster.playground.pullCable(node)
  await cluster.movedOff(address, node)
}

/** The second time is what is watched; between the two the node is asked to announce the address again, else it would not matter. */
async function cutOffAgain(scene: Scene): Promise<Seen> {
  const { cluster, service } = scene
  const node = await announcerIn(scene)
  const firstMs = performance.now()
  await cut(scene, node)
  await cluster.playground.plugCable(node)
  await askBack(scene, node)
  let secondMs = 0
  const { sights, counts } = await seenCalmly(scene, () => {
    secondMs = performance.now()
    return cut(scene, node)
  })
  await cluster.playground.plugCable(node)
  await cluster.prefer(service, null)
  const since = { what: 'after the first time', value: (secondMs - firstMs) / 1000, unit: 's' } as const
  return { sights, counts: [...counts, since] }
}

/** Asks until it is heard: while the controller takes the node for gone, the wish moves nothing. */
async function askBack({ cluster, service, address }: Scene, node: string): Promise<void> {
  await cluster.settled()
  await cluster.eventually(`${address} is back at ${node}`, async () => {
    await cluster.prefer(service, null)
    await cluster.prefer(service, node)
    await sleep(500)
    return (await cluster.announcerOf(address)) === node
  })
}

async function linkDown(scene: Scene): Promise<Seen> {
  const { cluster, address } = scene
  const node = await announcerIn(scene)
  const seen = await seenCalmly(scene, async () => {
    await cluster.playground.setLink(node, 'down')
    await cluster.movedOff(address, node)
  })
  await cluster.playground.setLink(node, 'up')
  return seen
}

async function killSpeaker(scene: Scene): Promise<Seen> {
  const { cluster, address } = scene
  const node = await announcerIn(scene)
  return seenCalmly(scene, async () => {
    await cluster.playground.kill(`speaker/${node}`)
    await cluster.movedOff(address, node)
  })
}

/** Two watches: until the address is taken, and from then on, while the one that was stopped goes on. */
async function stopSpeaker(scene: Scene): Promise<Seen> {
  const { cluster, address, calm } = scene
  const { playground } = cluster
  const node = await announcerIn(scene)
  const { mac } = playground.nodes.find(({ name }) => name === node) ?? {}
  const { sights, counts } = await seenCalmly(scene, async () => {
    await playground.kill(`speaker/${node}`, 'SIGSTOP')
    await cluster.takenFrom(address, node)
  })
  const after = await watch(playground, address, calm, async () => {
    await playground.kill(`speaker/${node}`, 'SIGCONT')
    await sleep(1_000)
  })
  const old = after.anew.by.find((answerer) => answerer.mac === mac)?.answers ?? 0
  return {
    sights: [...sights, ...after.seen.sights.map((sight) => ({ ...sight, by: `then: ${sight.by}` }))],
    counts: [...counts, { what: 'then: answers of the one that was stopped', value: old }],
  }
}
