/** The bytes of one HMAC-SHA256 tag. */
export const tagBytes = 32

/** Room that every packet keeps for its tags: one for each key of a sender in the middle of a change of keys. */
export const mostTagBytes = 2 * tagBytes

/** A signed packet and its parts, which are views into it. The tags cover the body, and with it how many they are. */
export interface SignedPacket {
  readonly bytes: Uint8Array
  readonly body: Uint8Array
  readonly tags: readonly Uint8Array[]
}

/** Where the flags of a body are, and the one that says that two tags follow: it is for whoever signs to set. */
const flagsAt = 3
export const twoTagsFlag = 16

/** A packet with the body in it and room for one tag or two behind. */
export function packetFor(body: Uint8Array, tags: 1 | 2): SignedPacket {
  const bytes = new Uint8Array(body.length + tags * tagBytes)
  bytes.set(body)
  const flags = bytes[flagsAt] as number
  bytes[flagsAt] = tags === 2 ? flags | twoTagsFlag : flags & ~twoTagsFlag
  return split(bytes, tags)
}

/** The parts of a packet that came in; undefined for one that is too short to have them. */
export function readPacket(bytes: Uint8Array): SignedPacket | undefined {
  if (bytes.length <= flagsAt + tagBytes) return undefined
  const tags = ((bytes[flagsAt] as number) & twoTagsFlag) === 0 ? 1 : 2
  return bytes.length <= flagsAt + tags * tagBytes ? undefined : split(bytes, tags)
}

function split(bytes: Uint8Array, count: 1 | 2): SignedPacket {
  const bodyBytes = bytes.length - count * tagBytes
  const tagAt = (index: number): Uint8Array => {
    const start = bodyBytes + index * tagBytes
    return bytes.subarray(start, start + tagBytes)
  }
  return { bytes, body: bytes.subarray(0, bodyBytes), tags: count === 1 ? [tagAt(0)] : [tagAt(0), tagAt(1)] }
}
