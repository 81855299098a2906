import type { BenchCluster } from './cluster.ts'
import { heading, row } from './figures.ts'
import { moveHeadings, printMoves, quiet, repeat, watchMove, type Move } from './move.ts'

/** How long an address is without an answer when its node or its speaker goes. Local policy, a Pod on each node. */
export async function benchFailover(cluster: BenchCluster, tries: number): Promise<void> {
  heading(`Moves of an address, ${tries} tries each: 1 kHz UDP through it, and ARP asked anew every 5 ms`)
  row('', ...moveHeadings)
  const address = (await cluster.addressOf('web')) ?? ''
  const { playground } = cluster
  printMoves('nothing happens', await repeat(tries, () => watchMove(playground, address, () => quiet())))
  printMoves('announcing node powered off', await repeat(tries, () => powerMove(cluster, address)))
  printMoves('cable of the announcing node pulled', await repeat(tries, () => cableMove(cluster, address)))
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const moves = await repeat(tries, () => speakerMove(cluster, address, signal))
    printMoves(`${signal} of the announcing speaker`, moves)
  }
  const restarts = await repeat(tries, () => rollingRestart(cluster, address))
  printMoves('all speakers restarted, one by one', restarts)
}

async function powerMove(cluster: BenchCluster, address: string): Promise<Move> {
  const { playground } = cluster
  await cluster.whole()
  const node = await cluster.onlyAnnouncerOf(address)
  const move = await watchMove(playground, address, async () => {
    await playground.powerOff(node)
    await cluster.movedOff(address, node)
  })
  await playground.powerOn(node)
  await cluster.whole()
  return move
}

async function cableMove(cluster: BenchCluster, address: string): Promise<Move> {
  const { playground } = cluster
  await cluster.settled()
  const node = await cluster.onlyAnnouncerOf(address)
  const move = await watchMove(playground, address, async () => {
    await playground.pullCable(node)
    await cluster.movedOff(address, node)
  })
  await playground.plugCable(node)
  return move
}

async function speakerMove(cluster: BenchCluster, address: string, signal: NodeJS.Signals): Promise<Move> {
  await cluster.settled()
  const node = await cluster.onlyAnnouncerOf(address)
  return watchMove(cluster.playground, address, async () => {
    await cluster.playground.kill(`speaker/${node}`, signal)
    await cluster.movedOff(address, node)
  })
}

async function rollingRestart(cluster: BenchCluster, address: string): Promise<Move> {
  const { playground } = cluster
  const pidOf = async (node: string): Promise<number | null> =>
    (await playground.pids()).nodes.find(({ name }) => name === node)?.speakerPid ?? null
  await cluster.settled()
  return watchMove(playground, address, async () => {
    for (const { name } of playground.nodes) {
      const before = await pidOf(name)
      await playground.kill(`speaker/${name}`, 'SIGTERM')
      await cluster.eventually('its speaker runs again', async () => {
        const now = await pidOf(name)
        return now !== before && now !== null
      })
      await cluster.settled()
    }
  })
}
