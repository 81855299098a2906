import type { Api } from './api.ts'
import { isGone } from './api-error.ts'
import type { ContactLog } from './contact-log.ts'
import type { Known, KubernetesObject } from './object.ts'
import { Reflector } from './reflector.ts'
import type { Change } from './reflector.ts'

export interface WatchSetOptions {
  readonly contactLog: ContactLog
  /** Called when every watch is well, and when one is no more. */
  readonly onContact?: (contact: boolean) => void
}

/** All collections that one program watches: read together, and well only together. */
export class WatchSet implements AsyncDisposable {
  readonly #api: Api
  readonly #options: WatchSetOptions
  readonly #reflectors = new Map<string, Reflector<Known, never>>()
  #contact = false

  constructor(api: Api, options: WatchSetOptions) {
    this.#api = api
    this.#options = options
  }

  /** Whether what we know is what the API server says: true only while every watch is well. */
  get contact(): boolean {
    return this.#contact
  }

  /** Fulfilled when everything was read once; rejected when stopped before. */
  get synced(): Promise<void> {
    const all = Promise.all([...this.#reflectors.values()].map(({ synced }) => synced)).then(() => undefined)
    all.catch(() => undefined) // Stopped early: nobody has to care.
    return all
  }

  /** Adds a collection before the start; answers what is known of it. */
  add<T extends Known, R extends KubernetesObject>(
    path: string,
    project: (raw: R) => T,
    onEvent: (change: Change<T>) => void,
  ): ReadonlyMap<string, T> {
    const reflector = new Reflector<T, R>(this.#api, {
      path,
      project,
      onEvent,
      onContact: (contact) => this.#noteContact(path, contact),
      onProblem: (error) => this.#noteProblem(path, error, reflector.contact),
    })
    this.#reflectors.set(path, reflector as unknown as Reflector<Known, never>)
    return reflector.store
  }

  start(): void {
    for (const reflector of this.#reflectors.values()) reflector.start()
  }

  /** Reads these collections anew; fulfilled when whatever stood there when this was called is known. */
  async refresh(paths: readonly string[]): Promise<void> {
    const wanted = [...this.#reflectors].filter(([path]) => paths.includes(path))
    await Promise.all(wanted.map(([, reflector]) => reflector.refresh()))
  }

  #noteContact(path: string, heard: boolean): void {
    const all = [...this.#reflectors.values()]
    if (heard) {
      this.#options.contactLog.heard(path)
      for (const reflector of all) reflector.wake()
    }
    const contact = all.every((reflector) => reflector.contact)
    if (contact === this.#contact) return
    this.#contact = contact
    this.#options.contactLog.note(contact)
    this.#options.onContact?.(contact)
  }

  #noteProblem(path: string, error: Error, contact: boolean): void {
    const { contactLog } = this.#options
    if (contact && !isGone(error)) contactLog.oddity(path, error)
    else contactLog.failed(path, error)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#reflectors.values()].map((reflector) => reflector.stop()))
  }
}
