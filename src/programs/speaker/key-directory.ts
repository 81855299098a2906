import { asError } from '../../platform/kubernetes/api-error.ts'
import type { HeartbeatKeys } from '../../platform/network/heartbeat-key.ts'
import type { KeyPlace } from './key-files.ts'
import { readKeys } from './key-files.ts'
import type { KeyRing } from './key-ring.ts'
import { newRing, turned } from './key-ring.ts'

export interface KeyDirectoryOptions extends KeyPlace {
  /** The keys to use from now on: the first ones, and whenever they are other ones. */
  readonly onKeys: (keys: HeartbeatKeys) => void
  /** That the files cannot be used, and what would mend it; once for each such trouble. */
  readonly onProblem: (words: string) => void
  readonly now?: () => number
}

const lookEveryMs = 1_000

/** Looks at the files of the keys now and every second, for a Secret that is made or changed is put there meanwhile. */
export class KeyDirectory implements Disposable {
  readonly #options: KeyDirectoryOptions
  readonly #timer: NodeJS.Timeout
  #ring: KeyRing | undefined
  #problem = ''

  constructor(options: KeyDirectoryOptions) {
    this.#options = options
    this.#look()
    this.#timer = setInterval(() => this.#look(), lookEveryMs)
  }

  /** What cannot be read changes nothing: keys in use stay in use. */
  #look(): void {
    const read = this.#read()
    if (!read) return
    const before = this.#ring
    this.#ring = before ? turned(before, read, this.#now()) : newRing(read)
    if (this.#ring.keys !== before?.keys) this.#options.onKeys(this.#ring.keys)
  }

  #read(): HeartbeatKeys | undefined {
    try {
      const keys = readKeys(this.#options)
      this.#problem = ''
      return keys
    } catch (error) {
      this.#report(asError(error).message)
      return undefined
    }
  }

  #report(problem: string): void {
    if (problem !== this.#problem) this.#options.onProblem(problem)
    this.#problem = problem
  }

  #now(): number {
    return (this.#options.now ?? (() => performance.now()))()
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }
}
