import { createHmac, timingSafeEqual } from 'node:crypto'
import { packetFor, readPacket } from '../../core/wire/signed.ts'

/** The keys that heartbeats are signed and verified with: ours and, while the key is being changed, the one before it. */
export interface HeartbeatKeys {
  readonly current: Uint8Array
  readonly previous?: Uint8Array
}

/** The body with a signature behind it by each of the keys, so that whoever has one of them can verify it. */
export function sign(body: Uint8Array, keys: HeartbeatKeys): Uint8Array {
  const all = keysOf(keys)
  const packet = packetFor(body, keys.previous ? 2 : 1)
  for (const [index, tag] of packet.tags.entries()) tag.set(tagOf(packet.body, all[index] as Uint8Array))
  return packet.bytes
}

/** The body of a signed packet, or undefined when none of the keys made any of its signatures. */
export function verify(packet: Uint8Array, keys: HeartbeatKeys): Uint8Array | undefined {
  const read = readPacket(packet)
  if (!read) return undefined
  const { body, tags } = read
  const isMadeWith = (key: Uint8Array): boolean => {
    const expected = tagOf(body, key)
    return tags.some((tag) => timingSafeEqual(tag, expected))
  }
  return keysOf(keys).some(isMadeWith) ? body : undefined
}

function keysOf({ current, previous }: HeartbeatKeys): readonly Uint8Array[] {
  return previous ? [current, previous] : [current]
}

function tagOf(body: Uint8Array, key: Uint8Array): Uint8Array {
  return createHmac('sha256', key).update(body).digest()
}
