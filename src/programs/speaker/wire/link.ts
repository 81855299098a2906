import { noAskers } from '../../../core/announcement/askers.ts'
import { ipv6SourceOf } from '../../../core/announcement/solicit.ts'
import { noTargets, targetsOf } from '../../../core/announcement/targets.ts'
import type { Answering } from '../../../core/election/effect.ts'
import type { Segment } from '../../../core/election/event.ts'
import type { Address, Family } from '../../../core/ip/address.ts'
import { subnetOf } from '../../../core/ip/range.ts'
import { macBytes } from '../../../core/wire/ethernet.ts'
import { heartbeatGroup6 } from '../../../core/wire/heartbeat.ts'
import { solicitedNodeGroup } from '../../../core/wire/ipv6.ts'
import type { NetworkInterface } from '../../../platform/network/interfaces.ts'
import type { PacketSocket } from '../../../platform/network/packet-socket.ts'
import { HeartbeatGate } from './heartbeat-gate.ts'
import { openSockets, type LinkSockets } from './link-sockets.ts'

/** One interface that we speak on: its sockets, and the addresses that we answer for there. */
export class Link implements Disposable {
  readonly arp: PacketSocket
  readonly ndp: PacketSocket
  readonly heartbeats: LinkSockets['heartbeats']
  readonly gate: HeartbeatGate
  /** The addresses we answer for: looked up for each frame. */
  answering = noTargets
  readonly holds = (ipv4: number): boolean => this.answering.ipv4.has(ipv4)
  /** New addresses that may soon be answered for: who asks for one is remembered. */
  heldBack = noTargets
  readonly holdsBack = (ipv4: number): boolean => this.heldBack.ipv4.has(ipv4)
  /** Who asked for them. */
  askers = noAskers()
  readonly index: number
  readonly #sockets: LinkSockets
  #described: NetworkInterface
  #mac: Uint8Array
  #groups: ReadonlySet<bigint> = new Set([heartbeatGroup6])

  constructor(described: NetworkInterface, closePacketSocket: (descriptor: number) => void) {
    this.#described = described
    this.#mac = macBytes(described.mac)
    this.index = described.index
    this.#sockets = openSockets(described.index, closePacketSocket)
    this.arp = this.#sockets.arp
    this.ndp = this.#sockets.ndp
    this.heartbeats = this.#sockets.heartbeats
    this.gate = new HeartbeatGate(this.heartbeats)
    this.#sockets.groups.follow(this.#groups)
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

  /** What our heartbeats travel in: IPv4, unless the interface has addresses of IPv6 alone. */
  get speaks(): Family {
    const hasIpv4 = this.#addresses.some(({ family }) => family === 'IPv4')
    return this.#hasIpv6 && !hasIpv4 ? 'IPv6' : 'IPv4'
  }

  /** Where our heartbeats come from: the first IPv4 address, or 0.0.0.0. */
  get source(): number {
    return Number(this.#addresses.find(({ family }) => family === 'IPv4')?.value ?? 0n)
  }

  /** Where what we say in IPv6 comes from, unless it speaks for an address itself. */
  get ipv6Source(): bigint {
    return ipv6SourceOf(this.#addresses)
  }

  /** What core knows of it. */
  get segment(): Segment {
    const { name, mac, up, addresses } = this.#described
    return {
      interface: name,
      mac,
      up,
      prefixes: addresses.map(({ address, prefixLength }) => subnetOf(address, prefixLength)),
      addresses: this.#addresses,
    }
  }

  get #hasIpv6(): boolean {
    return this.#addresses.some(({ family }) => family === 'IPv6')
  }

  get #addresses(): readonly Address[] {
    return this.#described.addresses.map(({ address }) => address)
  }

  /** Takes note of another MAC, other addresses, link up or down. */
  update(described: NetworkInterface): void {
    const hadIpv6 = this.#hasIpv6
    // What is owed was written with our former MAC.
    if (described.mac !== this.macValue) this.askers = noAskers()
    this.#described = described
    this.#mac = macBytes(described.mac)
    // A kernel that takes IPv6 off an interface forgets the memberships, and the sockets do not know.
    if (hadIpv6 && !this.#hasIpv6) this.#sockets.groups.follow(new Set())
    this.#sockets.groups.follow(this.#groups)
  }

  /** From here on, of all these exactly those on this interface are answered for. */
  answer(answering: readonly Answering[]): void {
    this.answering = targetsOf(this.#own(answering))
  }

  /** Joins the groups in which these are asked for, if they are of this interface, and leaves all others. */
  joinGroupsOf(answering: readonly Answering[]): void {
    const ipv6 = this.#own(answering).filter(({ family }) => family === 'IPv6')
    this.#groups = new Set([heartbeatGroup6, ...ipv6.map(({ value }) => solicitedNodeGroup(value))])
    this.#sockets.groups.follow(this.#groups)
  }

  #own(answering: readonly Answering[]): readonly Address[] {
    return answering.filter((one) => one.interface === this.name).map(({ address }) => address)
  }

  [Symbol.dispose](): void {
    this.#sockets[Symbol.dispose]()
  }
}
