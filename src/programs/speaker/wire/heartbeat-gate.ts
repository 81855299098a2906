import {
  gateDueAt,
  knowSender,
  noteUnbelieved,
  openGate,
  turnGate,
} from '../../../core/election/flood-gate.ts'
import type { heardAs } from '../../../core/election/heard-as.ts'
import { heartbeatGroup, heartbeatGroup6, heartbeatPort } from '../../../core/wire/heartbeat.ts'
import { heartbeatFilter, heartbeatFilter6, mostSenders } from '../../../platform/network/filter.ts'
import type { LinkSockets } from './link-sockets.ts'
import { bootTimeMs } from '../../../platform/network/libc.ts'

/** Keeps a flood of heartbeats that are not believed from taking the room of those that are. */
export class HeartbeatGate {
  readonly #gate = openGate()
  readonly #sockets: LinkSockets['heartbeats']

  constructor(sockets: LinkSockets['heartbeats']) {
    this.#sockets = sockets
  }

  get dueAt(): number {
    return gateDueAt(this.#gate)
  }

  /** A heartbeat came from there, and the election made this of it. */
  note(mac: bigint, as: ReturnType<typeof heardAs>): void {
    if (as === 'live') knowSender(this.#gate, mac, bootTimeMs())
    if (as === 'refused') this.doubt()
  }

  doubt(): void {
    noteUnbelieved(this.#gate, bootTimeMs())
  }

  /** Answers `shut` when it was shut just now. */
  turn(): 'shut' | undefined {
    const senders = turnGate(this.#gate, bootTimeMs(), mostSenders)
    if (senders === undefined) return undefined
    const only = senders === 'everyone' ? undefined : senders
    this.#sockets.IPv4.replaceFilter(heartbeatFilter(heartbeatGroup, heartbeatPort, only))
    this.#sockets.IPv6.replaceFilter(heartbeatFilter6(heartbeatGroup6, heartbeatPort, only))
    return only && 'shut'
  }
}
