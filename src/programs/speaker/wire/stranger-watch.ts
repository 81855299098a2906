import { isNodeName } from '../../../core/api/node-name.ts'
import { beginStrangers, hearStranger, newStrangers } from '../../../core/election/strangers.ts'
import type { SpeakerEvent } from '../../../core/election/event.ts'
import { readMac } from '../../../core/wire/ethernet.ts'
import { decodeHeartbeat } from '../../../core/wire/heartbeat.ts'
import { readPacket } from '../../../core/wire/signed.ts'
import { bootTimeMs } from '../../../platform/network/libc.ts'
import type { FromWire } from '../messages.ts'

const sourceAt = 6

/** Remembers who sends heartbeats that cannot be verified. */
export class StrangerWatch {
  readonly #strangers = beginStrangers()

  /** A frame whose signature none of our keys made. */
  hear(name: string, frame: Uint8Array, payload: Uint8Array): void {
    const sender = { interface: name, mac: readMac(frame, sourceAt) }
    hearStranger(this.#strangers, sender, () => nameIn(payload), bootTimeMs())
  }

  /** What the election and the main thread are to know of all of them, when there is news of them. */
  news(): News | undefined {
    const now = bootTimeMs()
    const found = newStrangers(this.#strangers, now)
    if (!found) return undefined
    const at = Date.now()
    const strangers = found.map((each) => ({ ...each, since: at - (now - each.since) }))
    const macs = new Set(found.map(({ mac }) => mac))
    return { event: { kind: 'strangers', macs }, message: { kind: 'strangers', strangers } }
  }
}

interface News {
  readonly event: SpeakerEvent
  readonly message: FromWire
}

function nameIn(payload: Uint8Array): string | undefined {
  const body = readPacket(payload)?.body
  const node = body && decodeHeartbeat(body)?.node
  return node !== undefined && isNodeName(node) ? node : undefined
}
