import { joiningObstacles, type JoiningFacts } from '../../core/election/joining.ts'
import type { Log } from '../../platform/telemetry/log.ts'
import type { WireFacts } from './wire-facts.ts'

interface Options {
  readonly node: string
  readonly log: Log
  readonly wire: WireFacts
  /** What the API server was read to hold. */
  readonly view: () => Pick<JoiningFacts, 'speakers'> & { readonly nodes: ReadonlyMap<string, unknown> }
}

/** Whether a speaker that starts has joined the others: once it has, it has for good. */
export class Joining {
  readonly #options: Options
  #joined = false

  constructor(options: Options) {
    this.#options = options
  }

  /** What it waits for before it may be given addresses; to be asked once the API server was read. */
  obstacles(): readonly string[] {
    if (this.#joined) return []
    const { node, log, wire, view } = this.#options
    const { nodes, speakers } = view()
    const { quiet, peers, interfaces } = wire
    const own = interfaces.flatMap(({ addresses }) => addresses)
    const heard = new Set(peers.map((peer) => peer.node))
    const obstacles = joiningObstacles({ node, isNode: nodes.has(node), quiet, speakers, own, heard })
    this.#joined = obstacles.length === 0
    if (this.#joined) log.info({ peers: heard.size }, 'has joined the other speakers')
    return obstacles
  }
}
