import type { Address } from '../ip/address.ts'
import type { Reader } from './reader.ts'
import { readerOf } from './reader.ts'
import { twoTagsFlag } from './signed.ts'
import type { Writer } from './writer.ts'
import { writerOf } from './writer.ts'

/** UDP port, group (one of the RFC 4727 experiment groups) and the group's MAC that heartbeats go to. */
export const heartbeatPort = 4114
export const heartbeatGroup = 0xe00000fe
export const heartbeatGroupMac = 0x01005e0000fen
/** The same on an interface without IPv4 (RFC 4727, 3.2.2). */
export const heartbeatGroup6 = 0xff02_0000_0000_0000_0000_0000_0000_0114n
/** Both groups in words. */
export const heartbeatGroups = '224.0.0.254 (or to ff02::114, where there is no IPv4)'
/** Largest UDP payload of a heartbeat, both of its tags included (signed.ts), be there one or two. */
export const maxHeartbeatBytes = 1400
/** The greatest revision of a placement: a bid has 48 bits for it. */
export const maxRevision = 2 ** 48 - 1

/** A speaker's word that it announces an address, and how strong its case is. */
export interface Bid {
  readonly address: Address
  /** Still answered, but to be taken over by whoever should: the smallest bid of all. */
  readonly leaving: boolean
  /** Leaving for a successor that the bidder knows: nobody else need come forward. */
  readonly yielding: boolean
  readonly revision: number
  readonly support: number
  readonly contact: boolean
  readonly term: number
}

/** A session heard by the sender, and whether the sender knows all of that session's bids. */
export interface Hearing {
  readonly nonce: bigint
  readonly complete: boolean
}

/** All the sender's bids between the two addresses, both included: what is not listed there is no bid. */
export interface Page {
  readonly from: Address
  readonly to: Address
}

/** One heartbeat packet without its tags. A beat may take several packets; each stands on its own. */
export interface Heartbeat {
  readonly node: string
  readonly nonce: bigint
  readonly sequence: number
  /** The next beat comes within this time; after `missed` of them the sender is dead. */
  readonly intervalMs: number
  readonly leaving: boolean
  /** Listening after a start or a pause: its bids do not count. */
  readonly quiet: boolean
  readonly contact: boolean
  /** Digest of all the sender's bids (core/election/bid.ts), not only of those in this packet. */
  readonly digest: number
  readonly hears: readonly Hearing[]
  readonly bids: readonly Bid[]
  readonly withdrawn: readonly Address[]
  readonly page: Page | undefined
}

/** Most sessions, bids and withdrawals in one packet: each count is one byte. */
export const maxListed = 255

const magic = 0x4c4c
const version = 2
const fixedBytes = 23

/** The bytes that `encodeHeartbeat` will write: composing stops before maxHeartbeatBytes - mostTagBytes. */
export function heartbeatBytes(heartbeat: Heartbeat): number {
  const { node, hears, bids, withdrawn, page } = heartbeat
  const lists = 3 + hears.length * 8 + Math.ceil(hears.length / 8)
  const paged = page === undefined ? 0 : addressBytes(page.from) + addressBytes(page.to)
  const told = bids.reduce((bytes, bid) => bytes + bidBytes(bid), 0)
  return (
    fixedBytes +
    node.length +
    lists +
    paged +
    told +
    withdrawn.reduce((bytes, a) => bytes + addressBytes(a), 0)
  )
}

/** The bytes of one bid in a packet. */
export function bidBytes(bid: Bid): number {
  return addressBytes(bid.address) + 13
}

/** The bytes of one address in a packet. */
export function addressBytes(address: Address): number {
  return address.family === 'IPv4' ? 5 : 17
}

/** The bytes of a heartbeat; platform appends the tags over them, and says in the flags how many there are. */
export function encodeHeartbeat(heartbeat: Heartbeat): Uint8Array {
  const writer = writerOf(heartbeatBytes(heartbeat))
  writer.uint16(magic)
  writer.uint8(version)
  writer.uint8(flagsOf(heartbeat))
  writer.uint64(heartbeat.nonce)
  writer.uint32(heartbeat.sequence)
  writer.uint16(heartbeat.intervalMs)
  writer.uint32(heartbeat.digest)
  writer.text(heartbeat.node)
  writeHearings(writer, heartbeat.hears)
  if (heartbeat.page !== undefined) {
    writer.address(heartbeat.page.from)
    writer.address(heartbeat.page.to)
  }
  writer.uint8(heartbeat.bids.length)
  for (const bid of heartbeat.bids) writeBid(writer, bid)
  writer.uint8(heartbeat.withdrawn.length)
  for (const address of heartbeat.withdrawn) writer.address(address)
  return writer.bytes
}

/** Reads the bytes before the tags, or answers undefined for anything that is not exactly one heartbeat. */
export function decodeHeartbeat(bytes: Uint8Array): Heartbeat | undefined {
  const reader = readerOf(bytes)
  if (reader.uint16() !== magic || reader.uint8() !== version) return undefined
  const flags = reader.uint8()
  const heartbeat: Heartbeat = {
    leaving: (flags & 1) !== 0,
    quiet: (flags & 2) !== 0,
    contact: (flags & 4) !== 0,
    nonce: reader.uint64(),
    sequence: reader.uint32(),
    intervalMs: reader.uint16(),
    digest: reader.uint32(),
    node: reader.text(),
    hears: readHearings(reader),
    page: (flags & 8) === 0 ? undefined : { from: reader.address(), to: reader.address() },
    bids: reader.list(() => readBid(reader)),
    withdrawn: reader.list(reader.address),
  }
  const sound = flags < 2 * twoTagsFlag && heartbeat.intervalMs > 0 && heartbeat.node !== ''
  return sound && reader.isAtEnd() ? heartbeat : undefined
}

function flagsOf(heartbeat: Heartbeat): number {
  const { leaving, quiet, contact, page } = heartbeat
  return (leaving ? 1 : 0) | (quiet ? 2 : 0) | (contact ? 4 : 0) | (page === undefined ? 0 : 8)
}

function writeHearings(writer: Writer, hears: readonly Hearing[]): void {
  writer.uint8(hears.length)
  for (const { nonce } of hears) writer.uint64(nonce)
  for (let at = 0; at < hears.length; at += 8) {
    const octet = hears
      .slice(at, at + 8)
      .reduce((bits, { complete }, bit) => bits | (complete ? 1 << bit : 0), 0)
    writer.uint8(octet)
  }
}

function readHearings(reader: Reader): readonly Hearing[] {
  const nonces = reader.list(reader.uint64)
  const octets = Array.from({ length: Math.ceil(nonces.length / 8) }, reader.uint8)
  const unused = octets.length * 8 - nonces.length
  if (octets.length > 0 && (octets.at(-1) as number) >> (8 - unused) !== 0) reader.refuse()
  return nonces.map((nonce, at) => ({
    nonce,
    complete: (((octets[at >> 3] as number) >> (at & 7)) & 1) === 1,
  }))
}

function writeBid(writer: Writer, bid: Bid): void {
  writer.uint8((bid.leaving ? 1 : 0) | (bid.contact ? 2 : 0) | (bid.yielding ? 4 : 0))
  writer.uint48(bid.revision)
  writer.uint16(bid.support)
  writer.uint32(bid.term)
  writer.address(bid.address)
}

function readBid(reader: Reader): Bid {
  const flags = reader.uint8()
  if (flags > 7) reader.refuse()
  return {
    leaving: (flags & 1) !== 0,
    contact: (flags & 2) !== 0,
    yielding: (flags & 4) !== 0,
    revision: reader.uint48(),
    support: reader.uint16(),
    term: reader.uint32(),
    address: reader.address(),
  }
}
