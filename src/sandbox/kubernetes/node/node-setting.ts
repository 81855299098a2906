import type { ProxyMode } from '../options.ts'
import type { ClusterNetwork, NodePlace } from '../networks.ts'

/** What one node is told about itself and its surroundings. */
export interface NodeSetting {
  readonly place: NodePlace
  readonly network: ClusterNetwork
  readonly proxyMode: ProxyMode
  /** Holds the node's configuration and its disk. */
  readonly directory: string
  readonly logs: string
  readonly binaries: string
  /** The file with the certificate of whoever signs for clients of the kubelet. */
  readonly authority: string
  /** The node's cgroup: its name is that of its network namespace. */
  readonly cgroup: string
  /** A file that is there from when the API server answers for the first time. */
  readonly apiAnswers: string
}
