import { arpBytes } from '../wire/arp.ts'
import {
  etherTypeArp,
  ethernetHeaderBytes,
  minFrameBytes,
  writeUint16,
  writeUint32,
} from '../wire/ethernet.ts'

const arp = ethernetHeaderBytes

/**
 * The request form of gratuitous ARP into 60 bytes of `out`: broadcast, sender = target = the address, target
 * MAC zero. A Linux neighbour believes it at once, however young its entry is.
 */
export function gratuitousRequest(mac: Uint8Array, ipv4: number, out: Uint8Array): void {
  fill(mac, ipv4, 1, out)
}

/**
 * The reply form into 60 bytes of `out`: sender = target = the address, target MAC = sender MAC (with any
 * other target MAC a Linux neighbour ignores it while its entry is younger than a second).
 */
export function gratuitousReply(mac: Uint8Array, ipv4: number, out: Uint8Array): void {
  fill(mac, ipv4, 2, out)
  out.set(mac, arp + 18)
}

function fill(mac: Uint8Array, ipv4: number, operation: 1 | 2, out: Uint8Array): void {
  out.fill(0xff, 0, 6)
  out.set(mac, 6)
  writeUint16(out, 12, etherTypeArp)
  writeUint32(out, arp, 0x0001_0800)
  writeUint32(out, arp + 4, 0x0604_0000 + operation)
  out.set(mac, arp + 8)
  writeUint32(out, arp + 14, ipv4)
  out.fill(0, arp + 18, arp + 24)
  writeUint32(out, arp + 24, ipv4)
  out.fill(0, arp + arpBytes, minFrameBytes)
}
