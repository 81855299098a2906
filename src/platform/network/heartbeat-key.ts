import { createHmac, timingSafeEqual } from 'node:crypto'
import { hmacBytes } from '../../core/wire/heartbeat.ts'

/** The keys that heartbeats are signed with: ours, and the one before it, which is accepted during a rotation. */
export interface HeartbeatKeys {
  readonly current: Uint8Array
  readonly previous?: Uint8Array
}

/** The body with its signature behind it. */
export function sign(body: Uint8Array, keys: HeartbeatKeys): Uint8Array {
  const packet = new Uint8Array(body.length + hmacBytes)
  packet.set(body)
  packet.set(signatureOf(body, keys.current), body.length)
  return packet
}

/** The body of a signed packet, or undefined when neither key made its signature. */
export function verify(packet: Uint8Array, keys: HeartbeatKeys): Uint8Array | undefined {
  if (packet.length <= hmacBytes) return undefined
  const body = packet.subarray(0, packet.length - hmacBytes)
  const signature = packet.subarray(packet.length - hmacBytes)
  const signedWith = (key: Uint8Array): boolean => timingSafeEqual(signature, signatureOf(body, key))
  return signedWith(keys.current) || (keys.previous && signedWith(keys.previous)) ? body : undefined
}

function signatureOf(body: Uint8Array, key: Uint8Array): Uint8Array {
  return createHmac('sha256', key).update(body).digest()
}
