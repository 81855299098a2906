import {
  etherTypeArp,
  etherTypeIpv4,
  etherTypeOf,
  ethernetHeaderBytes,
  minFrameBytes,
  readMac,
  readUint16,
  readUint32,
  writeEthernetHeader,
  writeMac,
  writeUint16,
  writeUint32,
} from './ethernet.ts'

/** ARP for Ethernet and IPv4 (RFC 826): the 28 bytes after the Ethernet header. MACs are 48-bit numbers. */
export interface ArpPacket {
  readonly operation: 'request' | 'reply'
  readonly senderMac: bigint
  readonly senderIp: number
  readonly targetMac: bigint
  readonly targetIp: number
}

/** Why bytes are no ARP packet: metric labels. `malformed` is another hardware or protocol, or a wrong size. */
export type ArpDrop = 'tooShort' | 'notArp' | 'malformed' | 'notRequestOrReply'

/** Bytes of an ARP packet for Ethernet and IPv4. */
export const arpBytes = 28

/** Writes 28 bytes. */
export function encodeArp(packet: ArpPacket): Uint8Array {
  const bytes = new Uint8Array(arpBytes)
  writeArp(bytes, 0, packet)
  return bytes
}

/** Reads the packet that begins at `offset`; what follows its 28 bytes is padding. */
export function decodeArp(bytes: Uint8Array, offset: number): ArpPacket | ArpDrop {
  if (bytes.length < offset + arpBytes) return 'tooShort'
  if (!isEthernetIpv4(bytes, offset)) return 'malformed'
  const operation = readUint16(bytes, offset + 6)
  if (operation !== 1 && operation !== 2) return 'notRequestOrReply'
  return {
    operation: operation === 1 ? 'request' : 'reply',
    senderMac: readMac(bytes, offset + 8),
    senderIp: readUint32(bytes, offset + 14),
    targetMac: readMac(bytes, offset + 18),
    targetIp: readUint32(bytes, offset + 24),
  }
}

/** A whole 60-byte Ethernet frame with the packet in it. */
export function encodeArpFrame(destination: bigint, source: bigint, packet: ArpPacket): Uint8Array {
  const frame = new Uint8Array(minFrameBytes)
  writeEthernetHeader(frame, destination, source, etherTypeArp)
  writeArp(frame, ethernetHeaderBytes, packet)
  return frame
}

/** Reads the ARP packet in an Ethernet frame (its first `length` bytes); the trailer is ignored. */
export function decodeArpFrame(frame: Uint8Array, length: number): ArpPacket | ArpDrop {
  if (length < ethernetHeaderBytes + arpBytes || frame.length < length) return 'tooShort'
  return etherTypeOf(frame) === etherTypeArp ? decodeArp(frame, ethernetHeaderBytes) : 'notArp'
}

/** True for hardware type Ethernet and protocol IPv4 with their sizes (RFC 826). */
export function isEthernetIpv4(bytes: Uint8Array, offset: number): boolean {
  return (
    readUint16(bytes, offset) === 1 &&
    readUint16(bytes, offset + 2) === etherTypeIpv4 &&
    readUint16(bytes, offset + 4) === 0x0604
  )
}

function writeArp(bytes: Uint8Array, offset: number, packet: ArpPacket): void {
  writeUint16(bytes, offset, 1)
  writeUint16(bytes, offset + 2, etherTypeIpv4)
  writeUint16(bytes, offset + 4, 0x0604)
  writeUint16(bytes, offset + 6, packet.operation === 'request' ? 1 : 2)
  writeMac(bytes, offset + 8, packet.senderMac)
  writeUint32(bytes, offset + 14, packet.senderIp)
  writeMac(bytes, offset + 18, packet.targetMac)
  writeUint32(bytes, offset + 24, packet.targetIp)
}
