import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  bindSocket,
  closeDescriptor,
  errno,
  hostIsLittleEndian,
  openSocket,
  receive,
  setSocketOption,
} from '../../platform/network/libc.ts'
import { PollSet } from '../../platform/network/poll-set.ts'
import { monotonicMs } from './first-answer.ts'

/** What is listened to: the rules of nftables (iptables is written with them, too), or the routes. */
export type Programming = 'rules' | 'routes'

/** The netlink protocol, its multicast group, and the messages that tell of something new. */
const sources = {
  // NETLINK_NETFILTER, NFNLGRP_NFTABLES, NFT_MSG_NEWRULE and NFT_MSG_NEWSETELEM.
  rules: { protocol: 12, group: 7, news: [0x0a06, 0x0a0c] },
  // NETLINK_ROUTE, RTNLGRP_IPV4_ROUTE, RTM_NEWROUTE.
  routes: { protocol: 0, group: 7, news: [24] },
} as const

const headerBytes = 16

/**
 * Notes when the kernel of this network namespace tells of a new rule or route that names an IPv4 address beginning with
 * these three bytes. The kernel tells of it once it holds, and whoever made it does not notice that anyone listens.
 */
export async function watchProgramming(
  { what, prefix }: { readonly what: Programming; readonly prefix: readonly number[] },
  onNews: (news: { readonly address: string; readonly atMs: number }) => void,
  stop: AbortSignal,
): Promise<void> {
  const { protocol, group, news } = sources[what]
  const descriptor = openGroup(protocol, group)
  const ready = new PollSet([descriptor])
  const buffer = new Uint8Array(1 << 20)
  while (!stop.aborted) {
    await nextTurn()
    if (!ready.wait(50)) continue
    const length = receive(descriptor, buffer)
    const atMs = monotonicMs()
    if (length <= 0 && length !== -errno.noBuffers) continue
    for (const address of addressesIn(buffer.subarray(0, Math.max(0, length)), news, prefix))
      onNews({ address, atMs })
  }
  closeDescriptor(descriptor)
}

function openGroup(protocol: number, group: number): number {
  const [afNetlink, sockRaw, solNetlink, addMembership] = [16, 3, 270, 1]
  const descriptor = openSocket(afNetlink, sockRaw, protocol)
  const address = new DataView(new ArrayBuffer(12))
  address.setUint16(0, afNetlink, hostIsLittleEndian)
  bindSocket(descriptor, new Uint8Array(address.buffer))
  const membership = new DataView(new ArrayBuffer(4))
  membership.setUint32(0, group, hostIsLittleEndian)
  setSocketOption(descriptor, solNetlink, addMembership, new Uint8Array(membership.buffer))
  return descriptor
}

function addressesIn(
  datagram: Uint8Array,
  news: readonly number[],
  prefix: readonly number[],
): ReadonlySet<string> {
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength)
  const found = new Set<string>()
  for (let at = 0; at + headerBytes <= datagram.length;) {
    const length = Math.max(headerBytes, view.getUint32(at, hostIsLittleEndian))
    const type = view.getUint16(at + 4, hostIsLittleEndian)
    if (news.includes(type)) noteAddresses(datagram.subarray(at + headerBytes, at + length), prefix, found)
    at += (length + 3) & ~3
  }
  return found
}

function noteAddresses(message: Uint8Array, prefix: readonly number[], found: Set<string>): void {
  const [first = 0] = prefix
  for (let at = message.indexOf(first); at !== -1; at = message.indexOf(first, at + 1)) {
    const bytes = message.subarray(at, at + 4)
    if (bytes.length === 4 && prefix.every((byte, index) => bytes[index] === byte)) found.add(bytes.join('.'))
  }
}
