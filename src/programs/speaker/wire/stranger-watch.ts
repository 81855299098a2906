import { isNodeName } from '../../../core/api/node-name.ts'
import { beginStrangers, hearStranger, newStrangers } from '../../../core/election/strangers.ts'
import type { Stranger } from '../../../core/election/strangers.ts'
import { readMac } from '../../../core/wire/ethernet.ts'
import { decodeHeartbeat } from '../../../core/wire/heartbeat.ts'
import { readPacket } from '../../../core/wire/signed.ts'
import { bootTimeMs } from '../../../platform/network/libc.ts'

const sourceAt = 6

/** Remembers who sends heartbeats that cannot be verified. */
export class StrangerWatch {
  readonly #strangers = beginStrangers()

  /** A frame whose signature none of our keys made. */
  hear(name: string, frame: Uint8Array, payload: Uint8Array): void {
    const sender = { interface: name, mac: readMac(frame, sourceAt) }
    hearStranger(this.#strangers, sender, () => nameIn(payload), bootTimeMs())
  }

  /** All of them, when there is news of them. */
  news(): readonly Stranger[] | undefined {
    return newStrangers(this.#strangers, bootTimeMs())
  }
}

function nameIn(payload: Uint8Array): string | undefined {
  const body = readPacket(payload)?.body
  const node = body && decodeHeartbeat(body)?.node
  return node !== undefined && isNodeName(node) ? node : undefined
}
