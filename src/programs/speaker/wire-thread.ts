import { Worker } from 'node:worker_threads'
import { keepHeapSmall } from '../../platform/memory/small-heap.ts'
import { closeDescriptor, createWakeDescriptor, wake } from '../../platform/network/libc.ts'
import type { HeartbeatKeys } from '../../platform/network/heartbeat-key.ts'
import { Counters } from './counters.ts'
import type { FromWire, Retired, ToWire, WireOptions } from './messages.ts'

export interface WireThreadOptions extends Pick<WireOptions, 'node' | 'interfaces' | 'intervalMs'> {
  /** Without keys the worker is not started before `useKeys` brings them. */
  readonly keys?: HeartbeatKeys
  readonly onMessage: (message: FromWire) => void
  /** The bundle of the worker; beside this program unless a test says otherwise. */
  readonly program?: URL
}

/** The worker thread that speaks on the wire, seen from the main thread. */
export class WireThread {
  readonly counters = new Counters()
  /** Fulfilled when the worker has ended by itself; rejected with what it died of. */
  readonly ended: Promise<void>
  readonly #options: WireThreadOptions
  readonly #wakeDescriptor = createWakeDescriptor()
  /** What is said before the worker is there; each kind of message replaces what was said before. */
  readonly #unsaid = new Map<ToWire['kind'], ToWire>()
  #worker: Worker | undefined
  #left = (): void => undefined
  #open = true
  #fulfil: () => void = () => undefined
  #reject: (cause: unknown) => void = () => undefined

  constructor(options: WireThreadOptions) {
    this.#options = options
    this.ended = new Promise((resolve, reject) => {
      this.#fulfil = resolve
      this.#reject = reject
    })
    this.ended.catch(() => undefined) // Whoever waits for it sees it; nobody has to.
    if (options.keys) this.#start(options.keys)
  }

  get isStarted(): boolean {
    return this.#worker !== undefined
  }

  /** From now on heartbeats are signed and verified with these; the first ones start the worker. */
  useKeys(keys: HeartbeatKeys): void {
    if (this.#worker) this.say({ kind: 'keys', keys })
    else if (this.#open) this.#start(keys)
  }

  /** Says something to the worker, which hears it at once, for its poll is woken. */
  say(message: ToWire): void {
    if (!this.#open) return
    if (!this.#worker) return void this.#unsaid.set(message.kind, message)
    this.#worker.postMessage(message)
    wake(this.#wakeDescriptor)
  }

  /** Hands everything over to the other speakers and ends the worker; answers whether it did so in time. */
  async leave(withinMs: number): Promise<boolean> {
    const worker = this.#worker
    if (!worker) return this.#neverStart()
    const left = new Promise<boolean>((resolve) => {
      this.#left = () => resolve(true)
      setTimeout(() => resolve(false), withinMs).unref()
      this.ended.then(
        () => resolve(true),
        () => resolve(false),
      )
    })
    this.say({ kind: 'leave' })
    const inTime = await left
    await worker.terminate()
    return inTime
  }

  #neverStart(): true {
    if (this.#open) this.#close()
    return true
  }

  #start(keys: HeartbeatKeys): void {
    const { node, interfaces, intervalMs, program } = this.#options
    const memory = { wakeDescriptor: this.#wakeDescriptor, counters: this.counters.shared }
    const workerData: WireOptions = { node, interfaces, intervalMs, keys, ...memory }
    const worker = new Worker(program ?? new URL('./speaker-wire.js', import.meta.url), { workerData })
    worker.once('online', keepHeapSmall)
    worker.on('message', (message: FromWire | Retired) => this.#hear(message))
    worker.once('error', this.#reject)
    worker.once('exit', () => this.#close())
    this.#worker = worker
    for (const message of this.#unsaid.values()) this.say(message)
  }

  #hear(message: FromWire | Retired): void {
    if (message.kind === 'retired') return closeDescriptor(message.descriptor)
    if (message.kind === 'left') this.#left()
    this.#options.onMessage(message)
  }

  #close(): void {
    this.#open = false
    closeDescriptor(this.#wakeDescriptor)
    this.#fulfil()
  }
}
