import { Worker } from 'node:worker_threads'
import { keepHeapSmall } from '../../platform/memory/small-heap.ts'
import { closeDescriptor, createWakeDescriptor, wake } from '../../platform/network/libc.ts'
import { Counters } from './counters.ts'
import type { FromWire, ToWire, WireOptions } from './messages.ts'

export interface WireThreadOptions extends Omit<WireOptions, 'wakeDescriptor' | 'counters'> {
  readonly onMessage: (message: FromWire) => void
  /** The bundle of the worker; beside this program unless a test says otherwise. */
  readonly program?: URL
}

/** The worker thread that speaks on the wire, seen from the main thread. */
export class WireThread {
  readonly counters = new Counters()
  /** Fulfilled when the worker has ended by itself; rejected with what it died of. */
  readonly ended: Promise<void>
  readonly #worker: Worker
  readonly #wakeDescriptor = createWakeDescriptor()
  #left = (): void => undefined
  #open = true

  constructor({ onMessage, program, ...options }: WireThreadOptions) {
    const workerData: WireOptions = {
      ...options,
      wakeDescriptor: this.#wakeDescriptor,
      counters: this.counters.shared,
    }
    this.#worker = new Worker(program ?? new URL('./speaker-wire.js', import.meta.url), { workerData })
    this.#worker.once('online', keepHeapSmall)
    this.#worker.on('message', (message: FromWire) => {
      if (message.kind === 'left') this.#left()
      onMessage(message)
    })
    this.ended = this.#end()
    this.ended.catch(() => undefined) // Whoever waits for it sees it; nobody has to.
  }

  /** Says something to the worker, which hears it at once, for its poll is woken. */
  say(message: ToWire): void {
    if (!this.#open) return
    this.#worker.postMessage(message)
    wake(this.#wakeDescriptor)
  }

  /** Hands everything over to the other speakers and ends the worker; answers whether it did so in time. */
  async leave(withinMs: number): Promise<boolean> {
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
    await this.#worker.terminate()
    return inTime
  }

  #end(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#worker.once('error', reject)
      this.#worker.once('exit', () => {
        this.#open = false
        closeDescriptor(this.#wakeDescriptor)
        resolve()
      })
    })
  }
}
