import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HeartbeatKeys } from '../../platform/network/heartbeat-key.ts'

const leastBytes = 16
const lookEveryMs = 5_000

/** Reads the keys from the files `current` and `previous`; throws an Error that says what would mend it. */
export function readKeys(directory: string): HeartbeatKeys {
  const current = readKey(join(directory, 'current'))
  if (!current) {
    const file = join(directory, 'current')
    throw new Error(
      `${file} is not there; put the key of the Secret lanlord-heartbeat there, ${leastBytes} bytes or more`,
    )
  }
  const previous = readKey(join(directory, 'previous'))
  return previous ? { current, previous } : { current }
}

function readKey(file: string): Uint8Array | undefined {
  const key = readIfThere(file)
  if (key && key.length < leastBytes) {
    throw new Error(`${file} holds ${key.length} bytes; a heartbeat key has ${leastBytes} or more`)
  }
  return key
}

function readIfThere(file: string): Uint8Array | undefined {
  try {
    return new Uint8Array(readFileSync(file))
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw new Error(`${file} cannot be read`, { cause })
  }
}

/** Looks at the directory now and then, for a Secret that changes is put there under the same names. */
export class KeyDirectory implements Disposable {
  readonly #directory: string
  readonly #onChange: (keys: HeartbeatKeys) => void
  readonly #onProblem: (error: Error) => void
  readonly #timer: NodeJS.Timeout
  #last: string
  #problem = ''

  constructor(
    directory: string,
    keys: HeartbeatKeys,
    on: { readonly change: (keys: HeartbeatKeys) => void; readonly problem: (error: Error) => void },
  ) {
    this.#directory = directory
    this.#onChange = on.change
    this.#onProblem = on.problem
    this.#last = fingerprint(keys)
    this.#timer = setInterval(() => this.#look(), lookEveryMs).unref()
  }

  /** What cannot be read changes nothing: the keys in use stay in use. */
  #look(): void {
    try {
      const keys = readKeys(this.#directory)
      this.#problem = ''
      if (fingerprint(keys) === this.#last) return
      this.#last = fingerprint(keys)
      this.#onChange(keys)
    } catch (error) {
      this.#report(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #report(problem: Error): void {
    if (problem.message !== this.#problem) this.#onProblem(problem)
    this.#problem = problem.message
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }
}

function fingerprint({ current, previous }: HeartbeatKeys): string {
  return `${Buffer.from(current).toString('hex')}/${Buffer.from(previous ?? []).toString('hex')}`
}
