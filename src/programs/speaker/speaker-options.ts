import type { Api } from '../../platform/kubernetes/api.ts'
import type { HeartbeatKeys } from '../../platform/network/heartbeat-key.ts'
import type { Log } from '../../platform/telemetry/log.ts'

/** What a speaker is and what it works with. */
export interface SpeakerOptions {
  readonly api: Api
  readonly node: string
  readonly interfaces: readonly string[]
  /** How often heartbeats are sent, in milliseconds; as usual when it is not said. */
  readonly intervalMs?: number
  /** Without them it waits for `useKeys`. */
  readonly keys?: HeartbeatKeys
  readonly log: Log
  /** Where the kube-proxy of this node tells of its health; undefined when it is not asked. */
  readonly kubeProxy?: string | undefined
  /** Where it has its metrics; undefined when they are not read. */
  readonly kubeProxyMetrics?: string | undefined
  /** Whether it tests that what other nodes announce is answered for; it does unless told otherwise. */
  readonly selfTest?: boolean
  /** The bundle of the worker; beside this program unless a test says otherwise. */
  readonly program?: URL
}
