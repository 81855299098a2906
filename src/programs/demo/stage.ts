import type { SpeakerStatus } from '../../core/api/speaker-status.ts'
import { until } from '../../sandbox/until.ts'
import type { SandboxNode } from '../../sandbox/playground.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { runCommand, type Kubectl } from './kubectl.ts'
import { showCommand, showOutput } from './terminal.ts'

/** What the story is told on: a cluster, and the ways to talk to it. */
export interface Stage {
  readonly sandbox: Sandbox
  readonly kubectl: Kubectl
}

/** Runs kubectl and shows both the command and what it printed. */
export async function kubectl(stage: Stage, command: string, input?: string): Promise<void> {
  showCommand(`kubectl ${command}${input === undefined ? '' : ' <<YAML'}`)
  if (input !== undefined) showOutput(`${input.trimEnd()}\nYAML`)
  showOutput(await stage.kubectl.run(command.split(' '), input))
}

/** Runs a command as the client on the LAN, and shows it with what it printed. */
export async function asClient(stage: Stage, command: string): Promise<void> {
  showCommand(`[client] ${command}`)
  showOutput(await runCommand([...stage.sandbox.client.exec, ...command.split(' ')]))
}

/** Waits for what the cluster is about to do. `what` says it to whoever waits in vain. */
export async function awaitThat(what: string, isSo: () => Promise<boolean>): Promise<void> {
  await until(isSo, { describe: () => what, timeoutMs: 20_000, everyMs: 20 })
}

export async function addressOf(stage: Stage, service: string): Promise<string | undefined> {
  const object = await read<{ status?: { loadBalancer?: { ingress?: readonly { ip?: string }[] } } }>(
    stage,
    `/api/v1/namespaces/default/services/${service}`,
  )
  return object.status?.loadBalancer?.ingress?.[0]?.ip
}

/** The node whose Speaker says that it announces the address. */
export async function announcerOf(stage: Stage, address: string): Promise<SandboxNode | undefined> {
  const { items } = await read<{ items: readonly { metadata: { name: string }; status?: SpeakerStatus }[] }>(
    stage,
    '/apis/lanlord.dev/v1beta1/speakers',
  )
  const announcing = items.filter((item) => item.status?.announcing?.some((each) => each.address === address))
  return stage.sandbox.nodes.find(
    (node) => announcing.length === 1 && node.name === announcing[0]?.metadata.name,
  )
}

export async function read<T>(stage: Stage, path: string): Promise<T> {
  return (await (await fetch(stage.sandbox.server + path)).json()) as T
}
