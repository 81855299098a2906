import { linesOf } from '../src/platform/kubernetes/lines.ts'
import type { BenchCluster } from './cluster.ts'

interface SpeakerEvent {
  readonly type: string
  readonly object: SpeakerWords
}

/** A Speaker object, as far as it is looked at here. */
export interface SpeakerWords {
  readonly metadata: { readonly name: string; readonly resourceVersion?: string }
  readonly status?: {
    readonly announcing?: readonly {
      readonly address: string
      readonly mac: string
      readonly since: string
    }[]
    readonly peers?: readonly { readonly node: string; readonly since: string }[]
  }
}

/** What the Speaker objects told while somebody watched. */
export interface Told {
  /** Announcements that began: `10.77.0.200 at node-1`. */
  readonly begun: readonly string[]
  /** Peers that were not heard for a dead interval, and were heard again: `node-2 by node-1`. */
  readonly missed: readonly string[]
}

const path = '/apis/lanlord.dev/v1beta1/speakers'

/** Watches what the speakers say of their addresses and of one another. */
export class Announcers implements AsyncDisposable {
  /** The MAC that each address was at when it began. */
  readonly holders: ReadonlyMap<string, string>
  readonly #stop: AbortController
  readonly #reading: Promise<void>
  readonly #notes = new SpeakerNotes()

  private constructor(chunks: AsyncIterable<Buffer>, stop: AbortController, now: readonly SpeakerWords[]) {
    this.#stop = stop
    const announcing = now.flatMap(({ status }) => status?.announcing ?? [])
    this.holders = new Map(announcing.map(({ address, mac }) => [address, mac]))
    for (const speaker of now) this.#notes.note(speaker)
    this.#notes.forget()
    this.#reading = this.#read(chunks).catch(() => undefined) // It was told to stop.
  }

  static async on({ api }: BenchCluster): Promise<Announcers> {
    const list = await api.request<{
      metadata: { resourceVersion: string }
      items: readonly SpeakerWords[]
    }>('GET', path)
    const stop = new AbortController()
    const query = { resourceVersion: list.metadata.resourceVersion }
    return new Announcers(await api.watch(path, query, stop.signal), stop, list.items)
  }

  /** What was told since it began to watch. */
  get told(): Told {
    return this.#notes.told
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#reading
  }

  async #read(chunks: AsyncIterable<Buffer>): Promise<void> {
    for await (const line of linesOf(chunks)) {
      const { type, object } = JSON.parse(line) as SpeakerEvent
      if (type === 'ADDED' || type === 'MODIFIED') this.#notes.note(object)
    }
  }
}

/** Compares what each speaker says with what it said before. */
export class SpeakerNotes {
  readonly #since = new Map<string, string>()
  #begun: string[] = []
  #missed: string[] = []

  get told(): Told {
    return { begun: this.#begun, missed: this.#missed }
  }

  /** Begins anew with what is known now. */
  forget(): void {
    this.#begun = []
    this.#missed = []
  }

  note({ metadata: { name }, status }: SpeakerWords): void {
    for (const { address, since } of status?.announcing ?? []) {
      if (this.#isOther(`${address} at ${name}`, since)) this.#begun.push(`${address} at ${name}`)
    }
    for (const { node, since } of status?.peers ?? []) {
      if (this.#isOther(`${node} by ${name}`, since)) this.#missed.push(`${node} by ${name}`)
    }
  }

  /** `since` wobbles by a few milliseconds as clocks are corrected. */
  #isOther(what: string, since: string): boolean {
    const before = this.#since.get(what)
    this.#since.set(what, since)
    return before === undefined || Math.abs(Date.parse(since) - Date.parse(before)) > 20
  }
}
