import { ApiError } from '../../../src/platform/kubernetes/api-error.ts'
import { holderOf } from '../../../src/platform/kubernetes/lease-record.ts'
import type { Lease } from '../../../src/platform/kubernetes/lease-record.ts'
import type { LeaseStore } from '../../../src/platform/kubernetes/lease-store.ts'
import type { ProcessClock, VirtualTime } from './virtual-time.ts'

/** What the way between one process and the server does. */
export interface Way {
  /** Milliseconds for one direction of one request; Infinity when it is lost. */
  delayMs: () => number
}

/** The API server as far as one Lease goes, reached over ways that lose and delay. */
export class LeaseServer {
  lease: Lease | undefined
  namespaceExists = true
  readonly writes: Lease[] = []
  readonly #time: VirtualTime
  readonly #listeners = new Set<(holder: string | undefined) => void>()
  #version = 0

  constructor(time: VirtualTime) {
    this.#time = time
  }

  storeFor(clock: ProcessClock, way: Way): LeaseStore {
    const over = <T>(apply: () => T, signal: AbortSignal) => this.#over(clock, way, apply, signal)
    return {
      read: (signal) => over(() => this.lease, signal),
      create: (lease, signal) => over(() => this.#create(lease), signal),
      update: (lease, signal) => over(() => this.#update(lease), signal),
      watch: (onHolder) => {
        const listener = (holder: string | undefined) => void this.#tell(clock, way, onHolder, holder)
        this.#listeners.add(listener)
        return { stop: () => Promise.resolve(void this.#listeners.delete(listener)) }
      },
    }
  }

  /** Somebody else writes into it. */
  edit(change: (lease: Lease) => Lease): void {
    if (!this.lease) throw new Error('no Lease to edit')
    this.#write(change(this.lease))
  }

  delete(): void {
    this.lease = undefined
    for (const listener of this.#listeners) listener(undefined)
  }

  /** A request that was sent arrives, also when its sender has given it up. */
  async #over<T>(clock: ProcessClock, way: Way, apply: () => T, signal: AbortSignal): Promise<T> {
    const answer = this.#carried(way, apply)
    const given = new Promise<never>((_, reject) => {
      const give = () => reject(new ApiError('given up', { status: 0, reason: 'Timeout' }))
      if (signal.aborted) give()
      signal.addEventListener('abort', give, { once: true })
    })
    try {
      return await Promise.race([answer, given])
    } finally {
      await clock.thawed()
    }
  }

  async #carried<T>(way: Way, apply: () => T): Promise<T> {
    await this.#time.sleep(way.delayMs())
    const answer = attempt(apply)
    await this.#time.sleep(way.delayMs())
    return answer()
  }

  async #tell(
    clock: ProcessClock,
    way: Way,
    onHolder: (holder: string | undefined) => void,
    holder: string | undefined,
  ): Promise<void> {
    await this.#time.sleep(way.delayMs())
    await clock.thawed()
    onHolder(holder)
  }

  #create(lease: Lease): Lease {
    if (!this.namespaceExists) throw new ApiError('no namespace', { status: 404, reason: 'NotFound' })
    if (this.lease) throw new ApiError('it exists', { status: 409, reason: 'AlreadyExists' })
    return this.#write(lease)
  }

  #update(lease: Lease): Lease {
    if (!this.lease) throw new ApiError('it is gone', { status: 404, reason: 'NotFound' })
    if (lease.metadata.resourceVersion !== this.lease.metadata.resourceVersion) {
      throw new ApiError('it was changed', { status: 409, reason: 'Conflict' })
    }
    return this.#write(lease)
  }

  #write(lease: Lease): Lease {
    const written = { ...lease, metadata: { ...lease.metadata, resourceVersion: String(++this.#version) } }
    this.lease = written
    this.writes.push(written)
    for (const listener of this.#listeners) listener(holderOf(written))
    return written
  }
}

function attempt<T>(apply: () => T): () => T {
  try {
    const value = apply()
    return () => value
  } catch (error) {
    return () => {
      throw error
    }
  }
}
