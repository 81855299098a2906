import { setTimeout as sleep } from 'node:timers/promises'
import { announced } from '../published.ts'
import { make, openScene, type Lab, type Scene } from './lab.ts'
import { seenDensely } from './planned.ts'
import type { Row } from './rows.ts'
import type { Seen } from './seen.ts'

/** Two Services that ask for their nodes, and one that does not: of the three only that one can be moved by a rebalance. */
export interface UnevenScene extends Scene {
  readonly home: string
}

export const rebalances: readonly Row<UnevenScene>[] = [
  { name: 'rebalance', what: 'its node came back, and the pool has rebalance: Auto', once: rebalance },
]

/** The controller leaves a node alone for so long that came, or that it did not know before. */
const settlingMs = 10_500

export function openUneven(lab: Lab): Promise<UnevenScene & AsyncDisposable> {
  return make(async (undo) => {
    const { cluster } = lab
    const [first, second, home] = cluster.playground.nodes.map(({ name }) => name)
    for (const node of [first, second]) {
      const service = `on-${node}`
      await cluster.addService(service, 'Local')
      undo.defer(() => cluster.removeService(service))
      await cluster.moveTo(service, await announced(cluster, service), node ?? '')
    }
    const scene = await openScene(lab, 'free')
    undo.defer(async () => scene[Symbol.asyncDispose]())
    return { ...scene, home: home ?? '' }
  })
}

/** What the controller remembers of those that came and went would make it wait for longer each time: it starts anew. */
async function rebalance(scene: UnevenScene): Promise<Seen> {
  const { cluster, address, home } = scene
  await cluster.setRebalance('lab', 'Manual')
  await cluster.settled()
  await leaveHome(scene)
  const before = (await cluster.playground.pids()).controllerPid
  await cluster.playground.kill('controller')
  await cluster.eventually('the controller is another one', async () => {
    const { controllerPid } = await cluster.playground.pids()
    return controllerPid !== null && controllerPid !== before
  })
  await sleep(settlingMs)
  const seen = await seenDensely(scene, async () => {
    await cluster.setRebalance('lab', 'Auto')
    await cluster.eventually(
      `${address} is back at ${home}`,
      async () => (await cluster.announcerOf(address)) === home,
    )
  })
  await cluster.setRebalance('lab', 'Manual')
  return seen
}

/** The node goes and comes back; the address stays with the one that took it. */
async function leaveHome({ cluster, address, home }: UnevenScene): Promise<void> {
  if ((await cluster.onlyAnnouncerOf(address)) !== home) return
  await cluster.playground.pullCable(home)
  await cluster.movedOff(address, home)
  await cluster.playground.plugCable(home)
  await cluster.settled()
}
