import { join } from 'node:path'
import type { NodeCgroup } from '../cgroups/node-cgroup.ts'
import type { Exec } from '../lan/command.ts'
import type { Lan } from '../lan/lan.ts'
import { lanInterface } from '../lan/plan.ts'
import type { KillableProcess, Pids, Playground, SandboxNode } from '../playground.ts'
import type { Undo } from '../undo.ts'
import { until } from '../until.ts'
import type { Components } from './components.ts'
import type { LanlordProcesses } from './lanlord-processes.ts'

export interface KubernetesParts {
  readonly lan: Lan
  readonly directory: string
  readonly components: Components
  readonly cgroups: ReadonlyMap<string, NodeCgroup>
  readonly lanlord: LanlordProcesses
  readonly apiAnswers: () => Promise<boolean>
  readonly undo: Undo
}

/** A running LAN with Kubernetes on it. */
export class KubernetesSandbox implements Playground {
  readonly #parts: KubernetesParts
  readonly ground = 'cluster'
  readonly nodes: readonly SandboxNode[]
  readonly client: { readonly exec: Exec; readonly address: string }

  constructor(parts: KubernetesParts) {
    this.#parts = parts
    const { lan } = parts
    this.nodes = lan.plan.nodes.map(({ name, address, mac }) => {
      return { name, exec: lan.execIn(name), interface: lanInterface, address, mac }
    })
    this.client = { exec: lan.execIn('client'), address: lan.plan.client.address }
  }

  get directory(): string {
    return this.#parts.directory
  }

  /** kubectl of this machine reaches the API server with it, as an administrator. */
  get kubeconfig(): string {
    return join(this.#parts.directory, 'kubeconfig')
  }

  get subnet(): string {
    return this.#parts.lan.plan.subnet
  }

  get subnet6(): string | undefined {
    return this.#parts.lan.plan.subnet6
  }

  async pids(): Promise<Pids> {
    return {
      supervisorPid: process.pid,
      apiServerPid: this.#parts.components.of('kube-apiserver').pid ?? null,
      ...(await this.#parts.lanlord.pids()),
    }
  }

  /** The kubelet starts the container again. */
  async kill(name: KillableProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { controllerPid, nodes } = await this.pids()
    const node = name === 'controller' ? undefined : name.slice('speaker/'.length)
    const pid = node === undefined ? controllerPid : nodes.find((one) => one.name === node)?.speakerPid
    if (typeof pid === 'number') process.kill(pid, signal)
  }

  async stopApi(): Promise<void> {
    await this.#parts.components.of('kube-apiserver').stop('SIGKILL')
  }

  async startApi(): Promise<void> {
    this.#parts.components.of('kube-apiserver').start()
    await until(this.#parts.apiAnswers, {
      describe: () => 'waiting for the API server to be back',
      timeoutMs: 60_000,
    })
  }

  async pullCable(station: string): Promise<void> {
    await this.#parts.lan.pullCable(station)
  }

  async plugCable(station: string): Promise<void> {
    await this.#parts.lan.plugCable(station)
  }

  async setLink(station: string, to: 'up' | 'down'): Promise<void> {
    await this.#parts.lan.setLink(station, to)
  }

  async cutApi(node: string): Promise<void> {
    await this.#parts.lan.pullManagementCable(node)
  }

  async mendApi(node: string): Promise<void> {
    await this.#parts.lan.plugManagementCable(node)
  }

  /**
   * One process is the parent of all others of the node: with it, they all end. What was frozen has to be thawed to die.
   * The cables first: the kernel of a node whose processes have ended goes on forwarding.
   */
  async powerOff(node: string): Promise<void> {
    const cgroup = this.#cgroupOf(node)
    await Promise.all([this.pullCable(node), this.cutApi(node)])
    await this.#parts.components.of(node).stop('SIGKILL')
    await cgroup.thaw()
    await until(async () => (await cgroup.processes()).length === 0, {
      describe: () => `waiting until nothing runs on ${node}`,
      timeoutMs: 10_000,
    })
  }

  async powerOn(node: string): Promise<void> {
    await Promise.all([this.plugCable(node), this.mendApi(node)])
    this.#parts.components.of(node).start()
  }

  async freeze(node: string): Promise<void> {
    await this.#cgroupOf(node).freeze()
  }

  async thaw(node: string): Promise<void> {
    await this.#cgroupOf(node).thaw()
  }

  async close(): Promise<void> {
    await this.#parts.undo.run()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #cgroupOf(node: string): NodeCgroup {
    const found = this.#parts.cgroups.get(node)
    if (found) return found
    throw new Error(`there is no ${node}; there are ${[...this.#parts.cgroups.keys()].join(', ')}`)
  }
}
