import type { UnusedReason } from '../../core/election/unused-interface.ts'
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
  /** The name of the bridge or bond that it is a port of. */
  readonly master?: string
}

/** One that nothing is announced on, and why. */
export interface UnusedInterface extends NetworkInterface {
  readonly reason: UnusedReason
}

const flag = { up: 0x1, loopback: 0x8, noArp: 0x80, carrier: 0x10000 }
const ethernet = 1

/** What container runtimes and network plugins make: Pods are behind them, and no LAN. */
const madeByPlugins =
  /^(cni|cali|flannel|cilium|lxc|veth|docker|br-|virbr|podman|tunl|kube-|nodelocaldns|weave|vxlan|geneve|ovs-|genev_sys|dummy|ifb|antrea|azv|eni[0-9a-f]{6})/

/** Those of them that come and go with each Pod. */
const madeForPods = /^(cali|lxc|veth|azv|eni[0-9a-f]{6})/

/** Those that addresses can be announced on. Globs choose by name; without any, those of network plugins are left out. */
export function usableInterfaces(
  interfaces: readonly NetworkInterface[],
  globs: readonly string[],
): readonly NetworkInterface[] {
  return interfaces.filter((each) => each.unfit !== 'loopback' && reasonAgainst(each, globs) === undefined)
}

/**
 * The others, as far as a person may ask why: without loopback, and without what comes and goes with each Pod, which
 * are the ports of what a plugin made, too.
 */
export function unusedInterfaces(
  interfaces: readonly NetworkInterface[],
  globs: readonly string[],
): readonly UnusedInterface[] {
  return interfaces.flatMap((each) => {
    const { name, unfit, master = '' } = each
    const reason = reasonAgainst(each, globs)
    const isOfPods = madeForPods.test(name) || madeByPlugins.test(master)
    return reason === undefined || unfit === 'loopback' || isOfPods ? [] : [{ ...each, reason }]
  })
}

function reasonAgainst(
  { name, unfit }: NetworkInterface,
  globs: readonly string[],
): UnusedReason | undefined {
  if (unfit === 'has a master') return 'HasMaster'
  if (unfit !== undefined) return unfit === 'not Ethernet' ? 'NotEthernet' : 'NoArp'
  if (globs.length === 0) return madeByPlugins.test(name) ? 'MadeByPlugin' : undefined
  return globs.some((glob) => matchesGlob(glob, name)) ? undefined : 'NotChosen'
}

/** Puts the answers to both dumps together. */
export function interfacesOf(messages: readonly RoutingMessage[]): readonly NetworkInterface[] {
  const addresses = messages.flatMap((message) => (message.kind === 'address' ? [message] : []))
  const links = messages.flatMap((message) => (message.kind === 'link' ? [message] : []))
  const names = new Map(links.map(({ index, name }) => [index, name]))
  return links.map((link) => interfaceOf(link, addresses, names))
}

function interfaceOf(
  link: LinkMessage,
  addresses: readonly AddressMessage[],
  names: ReadonlyMap<number, string>,
): NetworkInterface {
  const own = addresses.filter(({ index }) => index === link.index)
  const unfit = unfitness(link)
  const master = link.master === undefined ? undefined : names.get(link.master)
  return {
    name: link.name,
    index: link.index,
    mac: valueOf(link.mac),
    up: (link.flags & flag.up) !== 0 && (link.flags & flag.carrier) !== 0,
    addresses: own.map(({ address, prefixLength }) => ({ address: addressOf(address), prefixLength })),
    ...(unfit && { unfit }),
    ...(master !== undefined && { master }),
  }
}

function unfitness(link: LinkMessage): NetworkInterface['unfit'] {
  if (link.flags & flag.loopback) return 'loopback'
  if (link.flags & flag.noArp) return 'no ARP'
  if (link.hardware !== ethernet || link.mac.length !== 6) return 'not Ethernet'
  return link.master !== undefined ? 'has a master' : undefined
}

function addressOf(bytes: Uint8Array): Address {
  return { family: bytes.length === 4 ? 'IPv4' : 'IPv6', value: valueOf(bytes) }
}

function valueOf(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
}
