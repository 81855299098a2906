import type { Segment } from '../../../core/election/event.ts'
import { subnetOf } from '../../../core/ip/range.ts'
import { etherTypeArp, etherTypeIpv4, macBytes } from '../../../core/wire/ethernet.ts'
import { heartbeatGroup, heartbeatPort } from '../../../core/wire/heartbeat.ts'
import { arpFilter, heartbeatFilter } from '../../../platform/network/filter.ts'
import type { NetworkInterface } from '../../../platform/network/interfaces.ts'
import { MulticastMembership } from '../../../platform/network/multicast-membership.ts'
import { PacketSocket } from '../../../platform/network/packet-socket.ts'

/** One interface that we speak on: its sockets, and the addresses that we answer for there. */
export class Link implements Disposable {
  readonly arp: PacketSocket
  readonly heartbeats: PacketSocket
  /** The addresses we answer for, as numbers: looked up for each frame. */
  readonly answering = new Set<number>()
  readonly holds = (ipv4: number): boolean => this.answering.has(ipv4)
  readonly index: number
  readonly #membership: MulticastMembership
  #described: NetworkInterface
  #mac: Uint8Array

  constructor(described: NetworkInterface) {
    const { index: interfaceIndex } = described
    this.#described = described
    this.#mac = macBytes(described.mac)
    this.index = interfaceIndex
    this.arp = new PacketSocket({ interfaceIndex, etherType: etherTypeArp, filter: arpFilter })
    try {
      const filter = heartbeatFilter(heartbeatGroup, heartbeatPort)
      this.heartbeats = new PacketSocket({ interfaceIndex, etherType: etherTypeIpv4, filter })
    } catch (error) {
      this.arp[Symbol.dispose]()
      throw error
    }
    this.#membership = this.#join(interfaceIndex)
  }

  #join(interfaceIndex: number): MulticastMembership {
    try {
      return new MulticastMembership(heartbeatGroup, interfaceIndex)
    } catch (error) {
      this.arp[Symbol.dispose]()
      this.heartbeats[Symbol.dispose]()
      throw error
    }
  }

  get name(): string {
    return this.#described.name
  }

  get mac(): Uint8Array {
    return this.#mac
  }

  get macValue(): bigint {
    return this.#described.mac
  }

  /** Where our heartbeats come from: the first IPv4 address, or 0.0.0.0. */
  get source(): number {
    const first = this.#described.addresses.find(({ address }) => address.family === 'IPv4')
    return Number(first?.address.value ?? 0n)
  }

  /** What core knows of it. */
  get segment(): Segment {
    const { name, mac, up, addresses } = this.#described
    return {
      interface: name,
      mac,
      up,
      prefixes: addresses.map(({ address, prefixLength }) => subnetOf(address, prefixLength)),
      addresses: addresses.map(({ address }) => address),
    }
  }

  /** Takes note of another MAC, other addresses, link up or down. */
  update(described: NetworkInterface): void {
    this.#described = described
    this.#mac = macBytes(described.mac)
  }

  [Symbol.dispose](): void {
    this.arp[Symbol.dispose]()
    this.heartbeats[Symbol.dispose]()
    this.#membership[Symbol.dispose]()
  }
}
