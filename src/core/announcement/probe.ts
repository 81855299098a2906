import { ethernetHeaderBytes } from '../wire/ethernet.ts'
import { gratuitousRequest } from './gratuitous.ts'

const senderIpAt = ethernetHeaderBytes + 14

/**
 * An ARP probe (RFC 5227) into 60 bytes of `out`: who has the address? It comes from no address, so no neighbour
 * learns anything from it; whoever has the address answers to our MAC alone.
 */
export function probe(mac: Uint8Array, ipv4: number, out: Uint8Array): void {
  gratuitousRequest(mac, ipv4, out)
  out.fill(0, senderIpAt, senderIpAt + 4)
}
