import type { Exec } from './lan/command.ts'
import type { Lan } from './lan/lan.ts'
import { lanInterface } from './lan/plan.ts'
import type { Playground, SandboxNode } from './playground.ts'
import type { EmbeddedPids, ProcessName, Processes } from './processes.ts'
import type { Scratch } from './scratch.ts'
import type { Undo } from './undo.ts'
import { until } from './until.ts'

export interface SandboxParts {
  readonly lan: Lan
  readonly processes: Processes
  readonly scratch: Scratch
  /** Where the API server listens, for this machine and for each node. */
  readonly apiPort: number
  readonly controllerPort: number
  readonly undo: Undo
}

/** A running LAN with an embedded cluster on it. */
export class Sandbox implements Playground {
  readonly #parts: SandboxParts
  readonly ground = 'embedded'
  readonly nodes: readonly SandboxNode[]
  readonly client: { readonly exec: Exec; readonly address: string }

  constructor(parts: SandboxParts) {
    this.#parts = parts
    const { lan } = parts
    this.nodes = lan.plan.nodes.map(({ name, address, mac }) => {
      return { name, exec: lan.execIn(name), interface: lanInterface, address, mac }
    })
    this.client = { exec: lan.execIn('client'), address: lan.plan.client.address }
  }

  /** Holds kubeconfig, pids.json and logs/; removed with the sandbox. */
  get directory(): string {
    return this.#parts.scratch.directory
  }

  get kubeconfig(): string {
    return this.#parts.scratch.kubeconfig
  }

  /** The API server's URL, on this machine and on each node alike. */
  get server(): string {
    return `http://127.0.0.1:${this.#parts.apiPort}`
  }

  /** Where the controller serves /metrics, /healthz and /readyz. */
  get controllerUrl(): string {
    return `http://127.0.0.1:${this.#parts.controllerPort}`
  }

  get subnet(): string {
    return this.#parts.lan.plan.subnet
  }

  get subnet6(): string | undefined {
    return this.#parts.lan.plan.subnet6
  }

  pids(): Promise<EmbeddedPids> {
    return Promise.resolve(this.#parts.processes.pids())
  }

  /** Path of the log of one process. */
  logOf(name: ProcessName): string {
    return this.#parts.processes.of(name).logFile
  }

  /** Sends a signal; a process that ends of it is started again after a second. */
  kill(name: ProcessName, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.#parts.processes.of(name).kill(signal)
    return Promise.resolve()
  }

  /** Ends a process, SIGKILL unless told otherwise, and keeps it down until `release`. */
  async hold(name: ProcessName, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    await this.#parts.processes.of(name).stop(signal)
  }

  release(name: ProcessName): void {
    this.#parts.processes.of(name).start()
  }

  async stopApi(): Promise<void> {
    await this.hold('api-server')
  }

  async startApi(): Promise<void> {
    this.release('api-server')
    await until(() => answers(this.server), {
      describe: () => 'waiting for the API server to be back',
      timeoutMs: 30_000,
    })
  }

  /** The station (`node-2`, `client`) loses its carrier; nothing else of it changes. */
  async pullCable(station: string): Promise<void> {
    await this.#parts.lan.pullCable(station)
  }

  async plugCable(station: string): Promise<void> {
    await this.#parts.lan.plugCable(station)
  }

  /** `ip link set eth0 down` (or up) at the station itself. */
  async setLink(station: string, to: 'up' | 'down'): Promise<void> {
    await this.#parts.lan.setLink(station, to)
  }

  /** Drops what `from` sends to `to`, in this one direction, unnoticed by either. */
  async cut(from: string, to: string): Promise<void> {
    await this.#parts.lan.cut(from, to)
  }

  async mend(from: string, to: string): Promise<void> {
    await this.#parts.lan.mend(from, to)
  }

  /** The node's way to the API server goes silent: open connections hang, new ones do not come about. */
  async cutApi(node: string): Promise<void> {
    await this.#parts.lan.cutLocalPort(node, this.#parts.apiPort)
  }

  async mendApi(node: string): Promise<void> {
    await this.#parts.lan.mendLocalPort(node, this.#parts.apiPort)
  }

  /**
   * Everything on the node ends and its cable goes dead, as in a power cut. The cable first: the kernel of a node whose
   * speaker has ended goes on forwarding, and would for as long as a busy machine takes to get to the cable.
   */
  async powerOff(node: string): Promise<void> {
    await this.pullCable(node)
    await Promise.all(this.#processesOf(node).map((name) => this.hold(name)))
  }

  async powerOn(node: string): Promise<void> {
    await this.plugCable(node)
    for (const name of this.#processesOf(node)) this.release(name)
  }

  async freeze(node: string): Promise<void> {
    for (const name of this.#processesOf(node)) await this.kill(name, 'SIGSTOP')
  }

  async thaw(node: string): Promise<void> {
    for (const name of this.#processesOf(node)) await this.kill(name, 'SIGCONT')
  }

  /** Ends every process and removes everything that was made; does nothing the second time. */
  async close(): Promise<void> {
    await this.#parts.undo.run()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #processesOf(node: string): readonly ProcessName[] {
    const names = [`node-agent/${node}`, `speaker/${node}`] as const
    return names.filter((name) => this.#parts.processes.runs(name))
  }
}

async function answers(server: string): Promise<boolean> {
  try {
    return (await fetch(`${server}/readyz`)).ok
  } catch {
    return false
  }
}
