import type { Address } from '../ip/address.ts'
import type { Bid, Hearing, Heartbeat } from '../wire/heartbeat.ts'
import { addressBytes, bidBytes, heartbeatBytes, maxHeartbeatBytes, maxListed } from '../wire/heartbeat.ts'
import { mostTagBytes } from '../wire/signed.ts'
import type { Key } from './key.ts'
import { addressOf, compareKeys } from './key.ts'
import { liveCountOf } from './liveness.ts'
import type { SegmentState } from './state.ts'
import { beatOf, intervalFor, ownEchoMs, packetsPerTelling, tellingPauseMs } from './timing.ts'
import type { Draft, Work } from './work.ts'
import { isActive } from './work.ts'

/** Sessions echoed in one packet; with more of them a beat takes several packets. */
const hearingsPerPacket = 96
const lastAddress: Address = { family: 'IPv6', value: 2n ** 128n - 1n }

type Contents = { hears: readonly Hearing[]; bids: Bid[]; withdrawn: Address[]; page: Heartbeat['page'] }

/** Begins to read out all our bids, unless that is under way or was done a moment ago. */
export function turnPages(work: Work, segment: Draft<SegmentState>): void {
  const { telling } = segment
  if (telling.pagedUpTo !== undefined || work.now < telling.pageAt) return
  segment.telling = { ...telling, pagedUpTo: 'nothing' }
}

/** Sends a beat when one is due, or when there is news and its turn has come. */
export function beat(work: Work, segment: Draft<SegmentState>): void {
  if (!isActive(segment)) return
  const { telling, pulse } = segment
  if (work.now < pulse.beatAt && !(hasNews(segment) && work.now >= telling.tellAt)) return
  const interval = intervalFor(liveCountOf(segment), work.state.config.intervalMs)
  segment.pulse = beatOf(pulse, interval, work.now)
  const packets = hearingPackets(work, segment)
  const budget = packets.length + packetsPerTelling
  tellChanges(work, segment, packets, budget)
  tellPages(work, segment, packets, budget)
  noteSequence(work)
  for (const contents of packets) send(work, segment, contents)
}

function noteSequence({ state, now }: Work): void {
  const { at, sequence } = state.noted
  if (at + ownEchoMs <= now) state.noted = { at: now, sequence: state.sequence, before: sequence }
}

/** True while peers have yet to be told something. */
export function hasNews({ telling }: SegmentState): boolean {
  return telling.changed.size > 0 || telling.pagedUpTo !== undefined
}

function send(work: Work, segment: SegmentState, contents: Contents): void {
  const { nonce, digest, pulse, quietSince } = segment
  const { config, leaving, contact } = work.state
  const sequence = ++work.state.sequence
  const rhythm = { sequence, intervalMs: pulse.promisedMs, leaving, quiet: quietSince !== undefined, contact }
  const heartbeat: Heartbeat = { node: config.node, nonce, digest, ...rhythm, ...contents }
  work.beats.push({ kind: 'heartbeat', interface: segment.segment.interface, heartbeat })
}

/** The packets that echo everyone we hear now. */
function hearingPackets(work: Work, segment: SegmentState): Contents[] {
  const hears: Hearing[] = []
  for (const { nonce, heardAt, intervalMs, saidDigest, knownDigest } of segment.sessions.values()) {
    const isHeard = heardAt + intervalMs * work.state.config.missed > work.now
    if (isHeard) hears.push({ nonce, complete: saidDigest === knownDigest })
  }
  const packets = [contentsOf(hears.slice(0, hearingsPerPacket))]
  for (let at = hearingsPerPacket; at < hears.length; at += hearingsPerPacket) {
    packets.push(contentsOf(hears.slice(at, at + hearingsPerPacket)))
  }
  return packets
}

function contentsOf(hears: readonly Hearing[]): Contents {
  return { hears, bids: [], withdrawn: [], page: undefined }
}

/** Tells what has changed, as much of it as fits the budget. */
function tellChanges(work: Work, segment: Draft<SegmentState>, packets: Contents[], budget: number): void {
  const { telling } = segment
  if (telling.changed.size === 0) return
  const left = new Set(telling.changed)
  let packet = packets.at(-1) as Contents
  let room = roomIn(work, packet)
  for (const key of telling.changed) {
    const bid = segment.holdings.get(key)?.bid
    const bytes = bid === undefined ? addressBytes(addressOf(key)) : bidBytes(bid)
    if (room < bytes || Math.max(packet.bids.length, packet.withdrawn.length) === maxListed) {
      if (packets.length === budget) break
      packet = contentsOf([])
      packets.push(packet)
      room = roomIn(work, packet)
    }
    if (bid === undefined) packet.withdrawn.push(addressOf(key))
    else packet.bids.push(bid)
    room -= bytes
    left.delete(key)
  }
  segment.telling = { ...telling, changed: left, tellAt: work.now + tellingPauseMs }
}

/** Reads on in the table where the last telling stopped. Each page says which stretch of addresses it covers. */
function tellPages(work: Work, segment: Draft<SegmentState>, packets: Contents[], budget: number): void {
  const begun = segment.telling.pagedUpTo
  if (begun === undefined) return
  let pagedUpTo: Key | 'nothing' | undefined = begun
  const keys = [...segment.holdings.keys()].filter((key) => isAfter(key, begun)).sort(compareKeys)
  let at = 0
  while (pagedUpTo !== undefined && packets.length < budget) {
    const packet = contentsOf([])
    const from = pagedUpTo === 'nothing' ? addressOf(0) : addressOf(successorOf(pagedUpTo))
    let room = roomIn(work, packet) - addressBytes(from) - addressBytes(lastAddress)
    for (; at < keys.length && room >= bytesOf(segment, keys[at] as Key); at++) {
      const bid = bidAt(segment, keys[at] as Key)
      packet.bids.push(bid)
      room -= bidBytes(bid)
    }
    pagedUpTo = at < keys.length ? keys[at - 1] : undefined
    packet.page = { from, to: pagedUpTo === undefined ? lastAddress : addressOf(pagedUpTo as Key) }
    packets.push(packet)
  }
  const tellAt = work.now + tellingPauseMs
  const pageAt = work.now + segment.pulse.intervalMs
  segment.telling = { ...segment.telling, pagedUpTo, tellAt, pageAt }
}

function bidAt(segment: SegmentState, key: Key): Bid {
  return (segment.holdings.get(key) as { bid: Bid }).bid
}

function bytesOf(segment: SegmentState, key: Key): number {
  return bidBytes(bidAt(segment, key))
}

function isAfter(key: Key, pagedUpTo: Key | 'nothing'): boolean {
  return pagedUpTo === 'nothing' || compareKeys(key, pagedUpTo) > 0
}

/** The address behind; behind the last of IPv4 comes the first of IPv6. */
function successorOf(key: Key): Key {
  if (typeof key === 'bigint') return key + 1n
  return key === 0xffffffff ? 0n : key + 1
}

function roomIn(work: Work, contents: Contents): number {
  const empty = {
    nonce: 0n,
    sequence: 0,
    intervalMs: 0,
    leaving: false,
    quiet: false,
    contact: false,
    digest: 0,
  }
  return (
    maxHeartbeatBytes - mostTagBytes - heartbeatBytes({ node: work.state.config.node, ...empty, ...contents })
  )
}
