import type { Api } from '../../../platform/kubernetes/api.ts'
import { hasStatus } from '../../../platform/kubernetes/api-error.ts'
import { objectPath } from '../../../platform/kubernetes/object.ts'
import { WorkQueue } from '../../../platform/kubernetes/work-queue.ts'
import type { Log } from '../../../platform/telemetry/log.ts'
import type { Collection } from '../../cluster/collection.ts'
import { keyOf, timestamp, type Pod } from '../../cluster/objects.ts'
import type { IpBatch } from '../ip-batch.ts'
import { PodAddresses } from './pod-addresses.ts'
import { runningStatus, saysRunning } from './pod-status.ts'
import { portsOf, preStopMs, probePeriodMs, RunningPod } from './running-pod.ts'

/** A Pod on its way out goes on serving for this long at least, until proxies have heard of it. */
const lingerMs = 250

interface Started {
  readonly uid: string
  readonly running: RunningPod
  readonly ownAddress: boolean
  listening: boolean
  /** Until when it goes on serving, once it is deleted. */
  endsAtMs: number | undefined
}

export interface PodRunnerOptions {
  readonly node: string
  readonly podCidr: string
  readonly api: Api
  readonly ip: IpBatch
  readonly hostAddress: () => string
  readonly pods: Collection<Pod>
  readonly log: Log
}

/** Stands in for the kubelet's care for Pods: starts what is bound to this node, tells its status, ends what is deleted. */
export class PodRunner {
  readonly #options: PodRunnerOptions
  readonly #addresses: PodAddresses
  readonly #started = new Map<string, Started>()
  readonly #byAddress = new Map<string, RunningPod>()
  readonly #queue: WorkQueue

  constructor(options: PodRunnerOptions) {
    this.#options = options
    this.#addresses = new PodAddresses(options.podCidr)
    this.#queue = new WorkQueue({
      concurrency: 16,
      backoff: { baseMs: 50, capMs: 5000 },
      work: (key) => this.#sync(key),
      onProblem: (err, key) => options.log.debug({ err, pod: key }, 'pod not in order yet, trying again'),
    })
  }

  /** Sweeps up what a former run left. */
  async start(): Promise<void> {
    await this.#options.ip.run([`addr flush dev lo to ${this.#options.podCidr}`])
  }

  changed(key: string): void {
    this.#queue.add(key)
  }

  podAt(address: string): RunningPod | undefined {
    return this.#byAddress.get(address)
  }

  async close(): Promise<void> {
    await this.#queue.close()
    for (const { running } of this.#started.values()) running.close()
  }

  async #sync(key: string): Promise<void> {
    const pod = this.#options.pods.find(key)
    const started = this.#started.get(key)
    if (started && started.uid !== pod?.metadata.uid) await this.#end(key, started)
    if (!pod) return
    if (pod.metadata.deletionTimestamp) await this.#terminate(key, pod)
    else if (pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed') await this.#run(key, pod)
  }

  async #run(key: string, pod: Pod): Promise<void> {
    const started = this.#started.get(key) ?? (await this.#begin(key, pod))
    if (!started.listening) started.listening = await this.#listen(started, pod)
    const { address, isReady } = started.running
    const { listening } = started
    const periodMs = probePeriodMs(pod)
    const probed = periodMs === undefined || isReady
    const facts = { address, listening, probed, hostAddress: this.#options.hostAddress(), now: timestamp() }
    if (!saysRunning(pod, facts)) {
      const body = { metadata: { uid: pod.metadata.uid }, status: runningStatus(pod, facts) }
      await this.#options.api.request('PATCH', `${pathOf(pod)}/status`, { body })
    }
    if (!listening) this.#queue.addAfter(key, 2000)
    if (periodMs !== undefined) this.#queue.addAfter(key, periodMs)
  }

  async #begin(key: string, pod: Pod): Promise<Started> {
    const ownAddress = pod.spec?.['hostNetwork'] !== true
    const address = ownAddress ? await this.#takeAddress(pod) : this.#options.hostAddress()
    const running = new RunningPod(pod, this.#options.node, address)
    const started = { uid: pod.metadata.uid, running, ownAddress, listening: false, endsAtMs: undefined }
    this.#started.set(key, started)
    if (ownAddress) this.#byAddress.set(address, running)
    return started
  }

  async #takeAddress(pod: Pod): Promise<string> {
    const others = [...this.#options.pods.values()].filter((other) => other !== pod)
    const reserved = new Set(others.map((other) => other.status?.podIP ?? ''))
    const address = this.#addresses.take(pod.status?.podIP, reserved)
    try {
      await this.#options.ip.run([`addr replace ${address}/32 dev lo`])
      return address
    } catch (error) {
      this.#addresses.free(address)
      throw error
    }
  }

  async #listen({ running }: Started, pod: Pod): Promise<boolean> {
    try {
      await running.listen(portsOf(pod))
      return true
    } catch (err) {
      this.#options.log.warn({ err, pod: keyOf(pod.metadata) }, 'a container port cannot be listened on')
      return false
    }
  }

  async #terminate(key: string, pod: Pod): Promise<void> {
    const started = this.#started.get(key)
    if (started) {
      const nowMs = performance.now()
      started.endsAtMs ??= nowMs + Math.max(lingerMs, preStopMs(pod))
      if (started.endsAtMs > nowMs) return this.#queue.addAfter(key, started.endsAtMs - nowMs)
      await this.#end(key, started)
    }
    const body = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      gracePeriodSeconds: 0,
      preconditions: { uid: pod.metadata.uid },
    }
    try {
      await this.#options.api.request('DELETE', pathOf(pod), { body })
    } catch (error) {
      if (!hasStatus(error, 404) && !hasStatus(error, 409)) throw error // Those two: it is gone already.
    }
  }

  async #end(key: string, { running, ownAddress }: Started): Promise<void> {
    this.#started.delete(key)
    running.close()
    if (!ownAddress) return
    this.#byAddress.delete(running.address)
    await this.#options.ip.run([`addr del ${running.address}/32 dev lo`])
    this.#addresses.free(running.address)
  }
}

function pathOf(pod: Pod): string {
  return objectPath('/api/v1', 'pods', keyOf(pod.metadata))
}
