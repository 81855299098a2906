import { quiet } from '../move.ts'
import type { Scene } from './lab.ts'
import type { Row } from './rows.ts'
import type { Seen } from './seen.ts'
import { watch } from './watch.ts'

/** What somebody wants: nothing is to be lost of ten thousand datagrams a second, and each question to be answered. */
export const planned: readonly Row<Scene>[] = [
  {
    name: 'still',
    what: 'nothing happens for 2 s',
    isShort: true,
    once: (scene) => seenDensely(scene, () => quiet(2_000)),
  },
  { name: 'term', what: 'the announcing speaker told to end (SIGTERM)', isShort: true, once: endSpeaker },
  { name: 'rolling', what: 'all speakers restarted, one after the other', isShort: true, once: restartAll },
  { name: 'manual', what: 'the Service asks for another node', isShort: true, once: askForAnother },
  { name: 'cordon', what: 'the announcing node cordoned', isShort: true, once: cordonAnnouncer },
]

/** What clients see who send ten thousand datagrams a second. */
export async function seenDensely(
  { cluster, address, dense }: Scene,
  happening: () => Promise<unknown>,
): Promise<Seen> {
  return (await watch(cluster.playground, address, dense, happening)).seen
}

/** Also for other scenes. */
export async function endSpeaker(scene: Scene): Promise<Seen> {
  const { cluster, address } = scene
  await cluster.settled()
  const node = await cluster.onlyAnnouncerOf(address)
  return seenDensely(scene, async () => {
    await cluster.playground.kill(`speaker/${node}`, 'SIGTERM')
    await cluster.movedOff(address, node)
  })
}

async function restartAll(scene: Scene): Promise<Seen> {
  const { cluster } = scene
  await cluster.settled()
  return seenDensely(scene, async () => {
    for (const { name } of cluster.playground.nodes) await restart(scene, name)
  })
}

async function restart({ cluster }: Scene, node: string): Promise<void> {
  const pid = async (): Promise<number | null> =>
    (await cluster.playground.pids()).nodes.find(({ name }) => name === node)?.speakerPid ?? null
  const before = await pid()
  await cluster.playground.kill(`speaker/${node}`, 'SIGTERM')
  await cluster.eventually('its speaker runs again', async () => {
    const now = await pid()
    return now !== before && now !== null
  })
  await cluster.settled()
}

async function askForAnother(scene: Scene): Promise<Seen> {
  const { cluster, service, address } = scene
  await cluster.settled()
  const node = await cluster.onlyAnnouncerOf(address)
  const other = cluster.playground.nodes.find(({ name }) => name !== node)?.name ?? ''
  const seen = await seenDensely(scene, () => cluster.moveTo(service, address, other))
  await cluster.prefer(service, null)
  return seen
}

async function cordonAnnouncer(scene: Scene): Promise<Seen> {
  const { cluster, address } = scene
  await cluster.settled()
  const node = await cluster.onlyAnnouncerOf(address)
  const seen = await seenDensely(scene, async () => {
    await cluster.cordon(node, true)
    await cluster.movedOff(address, node)
  })
  await cluster.cordon(node, false)
  return seen
}
