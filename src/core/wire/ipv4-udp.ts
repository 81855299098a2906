import { folded, sumOf } from './checksum.ts'
import {
  etherTypeIpv4,
  etherTypeOf,
  ethernetHeaderBytes,
  minFrameBytes,
  readUint16,
  readUint32,
  writeEthernetHeader,
  writeUint16,
  writeUint32,
} from './ethernet.ts'

/** Why a frame is no UDP datagram for us: metric labels. */
export type Ipv4UdpDrop =
  | 'tooShort'
  | 'notIpv4'
  | 'badHeader'
  | 'badHeaderChecksum'
  | 'fragment'
  | 'notUdp'
  | 'badLength'
  | 'badChecksum'

/** An IPv4 UDP datagram (RFC 791, RFC 768). `payload` is a view into the frame that it was read from. */
export interface UdpDatagram {
  readonly source: number
  readonly destination: number
  readonly sourcePort: number
  readonly destinationPort: number
  readonly ttl: number
  readonly payload: Uint8Array
}

const ipBytes = 20
const udpBytes = 8
const udpProtocol = 17
/** DSCP CS6, network control: the class that switches keep when they must drop. */
const networkControl = 0xc0
const dontFragment = 0x4000

/** Builds the whole Ethernet frame (padded to 60 bytes), checksums filled in. */
export function encodeUdpFrame(sourceMac: bigint, destinationMac: bigint, datagram: UdpDatagram): Uint8Array {
  const udpLength = udpBytes + datagram.payload.length
  const bytes = ethernetHeaderBytes + ipBytes + udpLength
  const frame = new Uint8Array(Math.max(bytes, minFrameBytes))
  writeEthernetHeader(frame, destinationMac, sourceMac, etherTypeIpv4)
  writeIpHeader(frame, datagram, ipBytes + udpLength)
  const udp = ethernetHeaderBytes + ipBytes
  writeUint16(frame, udp, datagram.sourcePort)
  writeUint16(frame, udp + 2, datagram.destinationPort)
  writeUint16(frame, udp + 4, udpLength)
  frame.set(datagram.payload, udp + udpBytes)
  // A computed zero is sent as all ones: zero means that there is no checksum (RFC 768).
  writeUint16(frame, udp + 6, udpChecksumOf(frame, ethernetHeaderBytes, udp, udpLength) || 0xffff)
  return frame
}

/** Reads the datagram in an Ethernet frame (its first `length` bytes), or says why there is none. */
export function decodeUdpFrame(frame: Uint8Array, length: number): UdpDatagram | Ipv4UdpDrop {
  const drop = ipDropOf(frame, length)
  if (drop !== undefined) return drop
  const ip = ethernetHeaderBytes
  const udp = ip + headerBytesAt(frame)
  const end = ip + readUint16(frame, ip + 2)
  if (udp + udpBytes > end) return 'badLength'
  const udpLength = readUint16(frame, udp + 4)
  if (udpLength < udpBytes || udp + udpLength > end) return 'badLength'
  if (readUint16(frame, udp + 6) !== 0 && udpChecksumOf(frame, ip, udp, udpLength) !== 0) return 'badChecksum'
  return {
    source: readUint32(frame, ip + 12),
    destination: readUint32(frame, ip + 16),
    sourcePort: readUint16(frame, udp),
    destinationPort: readUint16(frame, udp + 2),
    ttl: frame[ip + 8] as number,
    payload: frame.subarray(udp + udpBytes, udp + udpLength),
  }
}

function ipDropOf(frame: Uint8Array, length: number): Ipv4UdpDrop | undefined {
  const ip = ethernetHeaderBytes
  if (length < ip + ipBytes || frame.length < length) return 'tooShort'
  if (etherTypeOf(frame) !== etherTypeIpv4) return 'notIpv4'
  if (!hasSoundHeader(frame, length)) return 'badHeader'
  if (folded(sumOf(frame, ip, headerBytesAt(frame))) !== 0xffff) return 'badHeaderChecksum'
  // More fragments, or an offset: a heartbeat always fits one packet, so nothing of ours is ever cut up.
  if ((readUint16(frame, ip + 6) & 0x3fff) !== 0) return 'fragment'
  return frame[ip + 9] === udpProtocol ? undefined : 'notUdp'
}

function hasSoundHeader(frame: Uint8Array, length: number): boolean {
  const header = headerBytesAt(frame)
  const total = readUint16(frame, ethernetHeaderBytes + 2)
  const isVersion4 = (frame[ethernetHeaderBytes] as number) >> 4 === 4
  return isVersion4 && header >= ipBytes && total >= header && ethernetHeaderBytes + total <= length
}

function headerBytesAt(frame: Uint8Array): number {
  return ((frame[ethernetHeaderBytes] as number) & 0x0f) * 4
}

function writeIpHeader(frame: Uint8Array, datagram: UdpDatagram, total: number): void {
  const ip = ethernetHeaderBytes
  frame[ip] = 0x45
  frame[ip + 1] = networkControl
  writeUint16(frame, ip + 2, total)
  writeUint16(frame, ip + 6, dontFragment)
  frame[ip + 8] = datagram.ttl
  frame[ip + 9] = udpProtocol
  writeUint32(frame, ip + 12, datagram.source)
  writeUint32(frame, ip + 16, datagram.destination)
  writeUint16(frame, ip + 10, ~folded(sumOf(frame, ip, ipBytes)) & 0xffff)
}

/** Over the pseudo header and the datagram as it stands: zero when the checksum in it is right. */
function udpChecksumOf(frame: Uint8Array, ip: number, udp: number, udpLength: number): number {
  const pseudo = sumOf(frame, ip + 12, 8) + udpProtocol + udpLength
  return ~folded(pseudo + sumOf(frame, udp, udpLength)) & 0xffff
}
