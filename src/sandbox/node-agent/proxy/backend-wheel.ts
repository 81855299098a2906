import type { Backend } from './endpoint-choice.ts'

/** Gives out backends in turn, or by the client's address where a Service wants that. */
export class BackendWheel {
  #backends: readonly Backend[]
  #turn: number

  constructor(backends: readonly Backend[]) {
    this.#backends = backends
    this.#turn = Math.floor(Math.random() * Math.max(1, backends.length))
  }

  set backends(backends: readonly Backend[]) {
    this.#backends = backends
  }

  next(client: string | undefined): Backend | undefined {
    const count = this.#backends.length
    if (count === 0) return undefined
    this.#turn = (this.#turn + 1) % count
    return this.#backends[client === undefined ? this.#turn : hashOf(client) % count]
  }

  has(backend: Backend): boolean {
    return this.#backends.some((each) => each.address === backend.address && each.port === backend.port)
  }
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0
  return hash
}
