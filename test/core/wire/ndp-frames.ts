import { upperChecksum } from '../../../src/core/wire/ipv6.ts'
import { bytesOf } from './hex.ts'

/** Frames that were made by another hand: 02:00:5e:20:00:02 asks for fd00:10::1c8, and 02:00:5e:10:00:01 has it. */
export const golden = {
  question: `3333ff0001c8 02005e200002 86dd
    60000000 0020 3a ff fe8000000000000000005efffe200002 ff0200000000000000000001ff0001c8
    87 00 bd38 00000000 fd0000100000000000000000000001c8 01 01 02005e200002`,
  probe: `3333ff0001c8 02005e200002 86dd
    60000000 0018 3a ff 00000000000000000000000000000000 ff0200000000000000000001ff0001c8
    87 00 7a07 00000000 fd0000100000000000000000000001c8`,
  answer: `02005e200002 02005e100001 86dd
    60000000 0020 3a ff fd0000100000000000000000000001c8 fe8000000000000000005efffe200002
    88 00 5c3d 60000000 fd0000100000000000000000000001c8 02 01 02005e100001`,
  unsolicited: `333300000001 02005e100001 86dd
    60000000 0020 3a ff fd0000100000000000000000000001c8 ff020000000000000000000000000001
    88 00 f8dc 20000000 fd0000100000000000000000000001c8 02 01 02005e100001`,
} as const

/** A golden frame with other bytes at some places, and its checksum put right again. */
export function changed(
  frame: keyof typeof golden,
  ...changes: readonly (readonly [at: number, hex: string])[]
): Uint8Array {
  const bytes = bytesOf(golden[frame])
  for (const [at, hex] of changes) bytes.set(bytesOf(hex), at)
  return rightened(bytes)
}

/** The golden frame with more options behind, its length and checksum put right. */
export function lengthened(frame: keyof typeof golden, optionsHex: string): Uint8Array {
  const bytes = bytesOf(golden[frame] + optionsHex)
  bytes[19] = bytes.length - 54
  return rightened(bytes)
}

function rightened(bytes: Uint8Array): Uint8Array {
  bytes.set([0, 0], 56)
  const sum = upperChecksum(bytes, 58, Math.min(bytes[19] ?? 0, bytes.length - 54))
  bytes.set([sum >> 8, sum & 0xff], 56)
  return bytes
}
