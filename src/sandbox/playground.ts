import type { Exec } from './lan/command.ts'

/** What a cluster to play with runs on: the embedded API server with stand-ins, or Kubernetes itself. */
export type GroundName = 'embedded' | 'cluster'

export const groundNames = ['embedded', 'cluster'] as const satisfies readonly GroundName[]

/** A process of Lanlord that can be killed and comes back by itself. */
export type KillableProcess = 'controller' | `speaker/${string}`

/** One node of the LAN, as a test or a person uses it. */
export interface SandboxNode {
  readonly name: string
  /** Argv prefix that runs a command on this node. */
  readonly exec: Exec
  readonly interface: string
  readonly address: string
  readonly mac: string
}

/** Current pids as this machine sees them; null while a process is down or was never wanted. */
export interface Pids {
  readonly supervisorPid: number
  readonly apiServerPid: number | null
  /** The controller that holds the Lease. */
  readonly controllerPid: number | null
  readonly nodes: readonly NodePids[]
}

export interface NodePids {
  readonly name: string
  readonly speakerPid: number | null
}

/** A LAN with a cluster on it, and all that can go wrong with one; a station is `node-1` … or `client`. */
export interface Playground extends AsyncDisposable {
  readonly ground: GroundName
  readonly nodes: readonly SandboxNode[]
  readonly client: { readonly exec: Exec; readonly address: string }
  /** Holds the kubeconfig and logs/; removed with the playground. */
  readonly directory: string
  readonly kubeconfig: string
  readonly subnet: string
  /** On a dual-stack LAN: addresses from ::200 up are free for pools. */
  readonly subnet6: string | undefined
  pids(): Promise<Pids>
  /** Sends a signal, SIGKILL unless told otherwise; a process that ends of it is back after about a second. */
  kill(name: KillableProcess, signal?: NodeJS.Signals): Promise<void>
  /** The API server's process ends, and stays away until `startApi`. */
  stopApi(): Promise<void>
  /** Resolves when the API server answers again. */
  startApi(): Promise<void>
  /** The station loses its carrier on the LAN; nothing else of it changes. */
  pullCable(station: string): Promise<void>
  plugCable(station: string): Promise<void>
  /** `ip link set eth0 down` (or up) at the station itself. */
  setLink(station: string, to: 'up' | 'down'): Promise<void>
  /** The node's way to the API server goes silent: open connections hang, new ones do not come about. */
  cutApi(node: string): Promise<void>
  mendApi(node: string): Promise<void>
  /** Everything on the node ends at once and its cables go dead, as in a power cut. */
  powerOff(node: string): Promise<void>
  powerOn(node: string): Promise<void>
  /** Every process of the node stands still, and knows nothing of it when it goes on. */
  freeze(node: string): Promise<void>
  thaw(node: string): Promise<void>
  /** Ends and removes everything that was made; does nothing the second time. */
  close(): Promise<void>
}
