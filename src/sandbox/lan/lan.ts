import { spawnSync } from 'node:child_process'
import { run } from './command.ts'
import type { Exec } from './command.ts'
import { Filters, framesFrom, segmentsOf } from './faults.ts'
import type { Gate } from './faults.ts'
import { openGround } from './ground.ts'
import type { Ground } from './ground.ts'
import { lanInterface, planLan } from './plan.ts'
import type { Control, LanPlan, LanShape, Station } from './plan.ts'
import { buildScript, removeScript } from './script.ts'
import { sweepNamespaces } from './sweep.ts'

/** A switch, some nodes and a client, each a network namespace; stations are named `node-1` … and `client`. */
export class Lan {
  readonly plan: LanPlan
  readonly #ground: Ground
  readonly #filters = new Filters()
  #closed = false

  private constructor(plan: LanPlan, ground: Ground) {
    this.plan = plan
    this.#ground = ground
  }

  static async open(shape: LanShape): Promise<Lan> {
    const plan = planLan(shape)
    const ground = await openGround(`${shape.namePrefix}-probe`)
    const lan = new Lan(plan, ground)
    try {
      if (ground.kind === 'root') await sweepNamespaces()
      await run([...ground.exec, 'sh', '-c', buildScript(plan)])
      return lan
    } catch (error) {
      await lan.close()
      throw error
    }
  }

  /** The argv prefix that runs a command at this station, also from another terminal of the same user. */
  execIn(station: string): Exec {
    return [...this.#ground.exec, 'ip', 'netns', 'exec', this.#namespaceOf(station)]
  }

  /** The station's end loses its carrier; its link stays set up. */
  async pullCable(station: string): Promise<void> {
    await this.#setPort(station, 'down')
  }

  async plugCable(station: string): Promise<void> {
    await this.#setPort(station, 'up')
  }

  /** The node's end of the management network loses its carrier. */
  async pullManagementCable(node: string): Promise<void> {
    await this.#setLinkOfSwitch(this.#managementPortOf(node), 'down')
  }

  async plugManagementCable(node: string): Promise<void> {
    await this.#setLinkOfSwitch(this.#managementPortOf(node), 'up')
  }

  /** What `ip link set eth0 down` at the station does: its routes over that link are gone, too. */
  async setLink(station: string, to: 'up' | 'down'): Promise<void> {
    await this.#ip(this.#stationOf(station).namespace, 'link', 'set', lanInterface, to)
  }

  /** Drops every frame that `from` sends to `to`; the other direction, and every link, stays as it is. */
  async cut(from: string, to: string): Promise<void> {
    await this.#filters.set(this.#portOf(to), from, framesFrom(this.#stationOf(from).mac))
  }

  async mend(from: string, to: string): Promise<void> {
    await this.#filters.remove(this.#portOf(to), from)
  }

  /** Whatever talks TCP with this local port at the station hears nothing more, and is not told so. */
  async cutLocalPort(station: string, port: number): Promise<void> {
    await this.#filters.set(this.#loopbackOf(station), String(port), segmentsOf(port))
  }

  async mendLocalPort(station: string, port: number): Promise<void> {
    await this.#filters.remove(this.#loopbackOf(station), String(port))
  }

  /** Does nothing the second time. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await run([...this.#ground.exec, 'sh', '-c', removeScript(this.plan)])
    await this.#ground.close()
  }

  /** For a process that is about to end and can wait for nothing. */
  closeNow(): void {
    spawnSync('env', [...this.#ground.exec, 'sh', '-c', removeScript(this.plan)])
  }

  #places(): readonly (Station | Control)[] {
    const { nodes, client, control } = this.plan
    return [...nodes, client, ...(control ? [control] : [])]
  }

  #namespaceOf(name: string): string {
    return (this.#places().find((one) => one.name === name) ?? this.#stationOf(name)).namespace
  }

  #stationOf(name: string): Station {
    const stations = [...this.plan.nodes, this.plan.client]
    const station = stations.find((one) => one.name === name)
    if (station) return station
    throw new Error(
      `there is no ${name} on this LAN; there are ${stations.map((one) => one.name).join(', ')}`,
    )
  }

  #managementPortOf(node: string): string {
    const { management } = this.#stationOf(node)
    if (management) return management.link
    throw new Error(`${node} is not on a management network`)
  }

  #portOf(station: string): Gate {
    const link = this.#stationOf(station).name
    return { exec: this.#ground.exec, namespace: this.plan.switchNamespace, link }
  }

  #loopbackOf(station: string): Gate {
    return { exec: this.#ground.exec, namespace: this.#stationOf(station).namespace, link: 'lo' }
  }

  async #setPort(station: string, to: 'up' | 'down'): Promise<void> {
    await this.#setLinkOfSwitch(this.#stationOf(station).name, to)
  }

  async #setLinkOfSwitch(link: string, to: 'up' | 'down'): Promise<void> {
    await this.#ip(this.plan.switchNamespace, 'link', 'set', link, to)
  }

  async #ip(namespace: string, ...words: readonly string[]): Promise<void> {
    await run([...this.#ground.exec, 'ip', '-n', namespace, ...words])
  }
}
