import { etherTypeIpv6, readUint16, writeEthernetHeader, writeUint16 } from './ethernet.ts'
import { ipv6At, ipv6DropOf, payloadLengthOf, readIpv6, upperChecksum, writeIpv6Header } from './ipv6.ts'
import type { Ipv6Drop } from './ipv6.ts'

/** Why a frame is no UDP datagram for us: metric labels. */
export type Ipv6UdpDrop = Ipv6Drop | 'notUdp' | 'badLength' | 'badChecksum'

/** An IPv6 UDP datagram (RFC 8200, RFC 768). `payload` is a view into the frame that it was read from. */
export interface Udp6Datagram {
  readonly source: bigint
  readonly destination: bigint
  readonly sourcePort: number
  readonly destinationPort: number
  readonly hopLimit: number
  readonly payload: Uint8Array
}

const udpBytes = 8
const udpProtocol = 17
/** DSCP CS6, network control: the class that switches keep when they must drop. */
const networkControl = 0xc0
const udp = ipv6At.payload

/** Builds the whole Ethernet frame, which is 62 bytes at the least, checksum filled in. */
export function encodeUdp6Frame(
  sourceMac: bigint,
  destinationMac: bigint,
  datagram: Udp6Datagram,
): Uint8Array {
  const udpLength = udpBytes + datagram.payload.length
  const frame = new Uint8Array(udp + udpLength)
  writeEthernetHeader(frame, destinationMac, sourceMac, etherTypeIpv6)
  writeIpv6Header(frame, { ...datagram, trafficClass: networkControl, nextHeader: udpProtocol }, udpLength)
  writeUint16(frame, udp, datagram.sourcePort)
  writeUint16(frame, udp + 2, datagram.destinationPort)
  writeUint16(frame, udp + 4, udpLength)
  frame.set(datagram.payload, udp + udpBytes)
  // A computed zero is sent as all ones: without a checksum there is no UDP over IPv6 (RFC 8200, 8.1).
  writeUint16(frame, udp + 6, upperChecksum(frame, udpProtocol, udpLength) || 0xffff)
  return frame
}

/** Reads the datagram in an Ethernet frame (its first `length` bytes), or says why there is none. */
export function decodeUdp6Frame(frame: Uint8Array, length: number): Udp6Datagram | Ipv6UdpDrop {
  const drop = ipv6DropOf(frame, length)
  if (drop !== undefined) return drop
  if (frame[ipv6At.nextHeader] !== udpProtocol) return 'notUdp'
  const payloadLength = payloadLengthOf(frame)
  if (payloadLength < udpBytes) return 'badLength'
  const udpLength = readUint16(frame, udp + 4)
  if (udpLength < udpBytes || udpLength > payloadLength) return 'badLength'
  if (!hasChecksum(frame, udpLength)) return 'badChecksum'
  return {
    source: readIpv6(frame, ipv6At.source),
    destination: readIpv6(frame, ipv6At.destination),
    sourcePort: readUint16(frame, udp),
    destinationPort: readUint16(frame, udp + 2),
    hopLimit: frame[ipv6At.hopLimit] as number,
    payload: frame.subarray(udp + udpBytes, udp + udpLength),
  }
}

function hasChecksum(frame: Uint8Array, udpLength: number): boolean {
  return readUint16(frame, udp + 6) !== 0 && upperChecksum(frame, udpProtocol, udpLength) === 0
}
