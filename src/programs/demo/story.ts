import { setTimeout as sleep } from 'node:timers/promises'
import type { SandboxNode } from '../../sandbox/playground.ts'
import { poolManifest, takenManifest, webManifest } from './manifests.ts'
import { startProbe, type RunningProbe } from './probe.ts'
import { addressOf, announcerOf, asClient, awaitThat, kubectl, read, type Stage } from './stage.ts'
import { showCommand, showOutput, showResult, tell } from './terminal.ts'

const echoPort = 7

/** From an empty cluster to one that has lost a node and restarted all its speakers, each step as it happens. */
export async function tellStory(stage: Stage): Promise<void> {
  await giveAddresses(stage)
  const address = await publish(stage)
  await pullTheCable(stage, address)
  await restartSpeakers(stage, address)
  await askForTakenAddress(stage, address)
}

async function giveAddresses(stage: Stage): Promise<void> {
  tell('The operator gives Lanlord ten addresses of the LAN.')
  await kubectl(stage, 'apply -f -', poolManifest(stage.sandbox.subnet))
  await awaitThat('the pool to be accepted', async () => {
    const pool = await read<{ status?: { conditions?: readonly { status: string }[] } }>(
      stage,
      '/apis/lanlord.dev/v1beta1/addresspools/lab',
    )
    return pool.status?.conditions?.some((condition) => condition.status === 'True') ?? false
  })
  await kubectl(stage, 'get pools -o wide')
}

async function publish(stage: Stage): Promise<string> {
  tell('A user asks for a Service of type LoadBalancer: three Pods, one on each node.')
  await kubectl(stage, 'apply -f -', webManifest)
  await awaitThat('Service web to get an address', async () => (await addressOf(stage, 'web')) !== undefined)
  const address = (await addressOf(stage, 'web')) ?? ''
  await kubectl(stage, 'get service web')
  await awaitThat('a node to announce it', async () => (await announcerOf(stage, address)) !== undefined)
  tell('Any machine on the LAN can reach it, and sees one node answer for it.')
  await asClient(stage, `curl --silent --max-time 5 --retry 5 --retry-connrefused http://${address}`)
  await asClient(stage, `ip neigh show ${address}`)
  await kubectl(stage, 'get speakers')
  return address
}

async function pullTheCable(stage: Stage, address: string): Promise<void> {
  const node = await announcing(stage, address)
  tell(
    `A client sends a datagram every millisecond. The cable of ${node.name}, which announces ${address}, is pulled.`,
  )
  const probe = await startProbe(stage.sandbox, address, echoPort)
  await sleep(500)
  showCommand(`ip link set ${node.name} down   # at the switch`)
  await stage.sandbox.pullCable(node.name)
  await awaitThat('another node to take over', async () => {
    const now = await announcerOf(stage, address)
    return now !== undefined && now.name !== node.name
  })
  await sleep(500)
  await report(probe, 'The client was without an answer for')
  await kubectl(stage, 'get speakers')
  tell(`The cable is back. Nothing moves back by itself: a move without need is a risk without gain.`)
  showCommand(`ip link set ${node.name} up   # at the switch`)
  await stage.sandbox.plugCable(node.name)
  await awaitThat('every speaker to hear every other', () => allSeeAll(stage))
  await kubectl(stage, 'get speakers')
}

async function restartSpeakers(stage: Stage, address: string): Promise<void> {
  tell('All speakers are restarted, one after the other, as an upgrade does. The client keeps probing.')
  const probe = await startProbe(stage.sandbox, address, echoPort)
  for (const node of stage.sandbox.nodes) await restart(stage, node)
  await report(probe, 'The longest time without an answer was')
  showOutput(`${address} is now announced by ${(await announcing(stage, address)).name}.`)
}

async function restart(stage: Stage, node: SandboxNode): Promise<void> {
  const pidOf = async (): Promise<number | null | undefined> =>
    (await stage.sandbox.pids()).nodes.find(({ name }) => name === node.name)?.speakerPid
  const before = await pidOf()
  showCommand(`kill -TERM ${before}   # the speaker of ${node.name}`)
  await stage.sandbox.kill(`speaker/${node.name}`, 'SIGTERM')
  await awaitThat(`the speaker of ${node.name} to be started again`, async () => {
    const now = await pidOf()
    return now !== before && now !== null && now !== undefined
  })
  await awaitThat('every speaker to hear every other', () => allSeeAll(stage))
}

async function askForTakenAddress(stage: Stage, address: string): Promise<void> {
  tell(`Someone else asks for ${address} by name. The answer is no, and says why.`)
  await kubectl(stage, 'apply -f -', takenManifest(address))
  await awaitThat('the refusal', async () => {
    const { items } = await read<{ items: readonly { type?: string }[] }>(
      stage,
      '/api/v1/namespaces/default/events?fieldSelector=involvedObject.name%3Dcache',
    )
    return items.length > 0
  })
  await kubectl(stage, 'get service cache')
  await kubectl(stage, 'events --for service/cache')
}

async function announcing(stage: Stage, address: string): Promise<SandboxNode> {
  await awaitThat(
    `one node to announce ${address}`,
    async () => (await announcerOf(stage, address)) !== undefined,
  )
  const node = await announcerOf(stage, address)
  if (node === undefined) throw new Error(`nobody announces ${address}`)
  return node
}

/** Every Speaker is Ready and names all the others as peers. */
async function allSeeAll(stage: Stage): Promise<boolean> {
  const { items } = await read<{ items: readonly { status?: { peers?: readonly unknown[] } }[] }>(
    stage,
    '/apis/lanlord.dev/v1beta1/speakers',
  )
  return items.every((item) => item.status?.peers?.length === stage.sandbox.nodes.length - 1)
}

async function report(probe: RunningProbe, words: string): Promise<void> {
  const { sent, lost, longestGapMs } = await probe.stop()
  showResult(`${words} ${Math.round(longestGapMs)} ms: ${lost} of ${sent} datagrams lost.`)
}
