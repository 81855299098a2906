import type { Address } from '../../core/ip/address.ts'
import { matchesGlob } from '../../core/pool/glob.ts'
import type { AddressMessage, LinkMessage, RoutingMessage } from './rtnetlink.ts'

/** An address of this host with the length of its network's prefix. */
export interface InterfaceAddress {
  readonly address: Address
  readonly prefixLength: number
}

/** One network interface of this host, as the kernel shows it. */
export interface NetworkInterface {
  readonly name: string
  /** Another one after the interface was made anew under the same name. */
  readonly index: number
  readonly mac: bigint
  /** Switched on, and the cable is in. */
  readonly up: boolean
  readonly addresses: readonly InterfaceAddress[]
  /** Why nothing can be announced on it, whatever its name. */
  readonly unfit?: 'loopback' | 'no ARP' | 'not Ethernet' | 'has a master'
}

const flag = { up: 0x1, loopback: 0x8, noArp: 0x80, carrier: 0x10000 }
const ethernet = 1

/** What container runtimes and network plugins make: Pods are behind them, and no LAN. */
const madeByPlugins =
  /^(cni|cali|flannel|cilium|lxc|veth|docker|br-|virbr|podman|tunl|kube-|nodelocaldns|weave|vxlan|geneve|ovs-|genev_sys|dummy|ifb|antrea|azv|eni[0-9a-f]{6})/

/** Those that addresses can be announced on. Globs choose by name; without any, those of network plugins are left out. */
export function usableInterfaces(
  interfaces: readonly NetworkInterface[],
  globs: readonly string[],
): readonly NetworkInterface[] {
  return interfaces.filter(
    ({ name, unfit }) =>
      unfit === undefined &&
      (globs.length === 0 ? !madeByPlugins.test(name) : globs.some((glob) => matchesGlob(glob, name))),
  )
}

/** Puts the answers to both dumps together. */
export function interfacesOf(messages: readonly RoutingMessage[]): readonly NetworkInterface[] {
  const addresses = messages.flatMap((message) => (message.kind === 'address' ? [message] : []))
  return messages.flatMap((message) => (message.kind === 'link' ? [interfaceOf(message, addresses)] : []))
}

function interfaceOf(link: LinkMessage, addresses: readonly AddressMessage[]): NetworkInterface {
  const own = addresses.filter(({ index }) => index === link.index)
  const unfit = unfitness(link)
  return {
    name: link.name,
    index: link.index,
    mac: valueOf(link.mac),
    up: (link.flags & flag.up) !== 0 && (link.flags & flag.carrier) !== 0,
    addresses: own.map(({ address, prefixLength }) => ({ address: addressOf(address), prefixLength })),
    ...(unfit && { unfit }),
  }
}

function unfitness(link: LinkMessage): NetworkInterface['unfit'] {
  if (link.flags & flag.loopback) return 'loopback'
  if (link.flags & flag.noArp) return 'no ARP'
  if (link.hardware !== ethernet || link.mac.length !== 6) return 'not Ethernet'
  return link.hasMaster ? 'has a master' : undefined
}

function addressOf(bytes: Uint8Array): Address {
  return { family: bytes.length === 4 ? 'IPv4' : 'IPv6', value: valueOf(bytes) }
}

function valueOf(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
}
