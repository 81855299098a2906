import type { SpeakerStatus } from '../../core/api/speaker-status.ts'
import { statusOf } from '../../platform/http/status-of.ts'
import type { Log } from '../../platform/telemetry/log.ts'

/** What a kube-proxy says of itself, as the status of the Speaker has it. */
export type ProxyHealth = NonNullable<SpeakerStatus['kubeProxy']>

export interface KubeProxyOptions {
  /** Where it tells of its health; undefined when it is not asked. */
  readonly url: string | undefined
  readonly log: Pick<Log, 'info' | 'warn'>
  readonly onChange: () => void
}

/** kube-proxy itself waits a minute before it says that it is behind: there is no hurry. */
const apartMs = 2_000
const patienceMs = 1_000

/**
 * Asks the kube-proxy of this node again and again whether it keeps up. Only a plain 503 is heard as no: the port may be
 * nobody's, or another program's, and a kube-proxy that is started anew leaves its rules in place.
 */
export class KubeProxy implements Disposable {
  #health: ProxyHealth = 'Unknown'
  readonly #options: KubeProxyOptions
  #timer: NodeJS.Timeout | undefined
  #ended = false

  constructor(options: KubeProxyOptions) {
    this.#options = options
  }

  get health(): ProxyHealth {
    return this.#health
  }

  start(): void {
    const { url } = this.#options
    if (url !== undefined) void this.#look(url)
  }

  async #look(url: string): Promise<void> {
    const status = await statusOf(url, patienceMs)
    if (this.#ended) return
    this.#timer = setTimeout(() => void this.#look(url), apartMs)
    this.#note(healthOf(status))
  }

  #note(health: ProxyHealth): void {
    if (health === this.#health) return
    this.#health = health
    const { log, onChange } = this.#options
    if (health === 'Unhealthy')
      log.warn('kube-proxy says it is unhealthy: this node announces what no other one can')
    else log.info(`kube-proxy ${health === 'Healthy' ? 'says it is healthy' : 'does not tell of its health'}`)
    onChange()
  }

  [Symbol.dispose](): void {
    this.#ended = true
    clearTimeout(this.#timer)
  }
}

function healthOf(status: number | undefined): ProxyHealth {
  if (status === 503) return 'Unhealthy'
  return status === 200 ? 'Healthy' : 'Unknown'
}
