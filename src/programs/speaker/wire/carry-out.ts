import { gratuitousReply, gratuitousRequest } from '../../../core/announcement/gratuitous.ts'
import type { Sighting } from '../../../core/announcement/question.ts'
import type { Address } from '../../../core/ip/address.ts'
import type { Effect } from '../../../core/election/effect.ts'
import {
  encodeHeartbeat,
  heartbeatGroup,
  heartbeatGroupMac,
  heartbeatPort,
} from '../../../core/wire/heartbeat.ts'
import { encodeUdpFrame } from '../../../core/wire/ipv4-udp.ts'
import { sign, type HeartbeatKeys } from '../../../platform/network/heartbeat-key.ts'
import type { PacketSocket } from '../../../platform/network/packet-socket.ts'
import type { Counted, Counters } from '../counters.ts'
import type { FromWire } from '../messages.ts'
import type { Link } from './link.ts'
import type { Links } from './links.ts'

type Of<K extends Effect['kind']> = Extract<Effect, { kind: K }>

/** What core's effects act on. */
export interface Surroundings {
  readonly links: Links
  readonly counters: Counters
  readonly keys: HeartbeatKeys
  readonly tell: (message: FromWire) => void
  /** Somebody claimed an address of ours, and no move explains it. */
  readonly hearClaim: (claim: Sighting) => void
  /** Not to be spoken for yet. */
  readonly isHeldBack: (address: Address) => boolean
}

const frame = new Uint8Array(60)

/** Does what core decided, in its order; all first forms of a batch of announcements before any second form. */
export function carryOut(effects: readonly Effect[], around: Surroundings): void {
  const announcements = effects.filter((effect) => effect.kind === 'announce')
  const spoken = announcements.filter(({ address }) => !around.isHeldBack(address))
  for (const effect of effects) {
    if (effect.kind !== 'announce') perform(effect, around)
    else if (effect === announcements[0]) announce(spoken, around)
  }
}

function perform(effect: Exclude<Effect, Of<'announce'>>, around: Surroundings): void {
  switch (effect.kind) {
    case 'heartbeat':
      return beat(effect, around)
    case 'holdings':
      return hold(effect, around)
    case 'peers':
      return around.tell({ kind: 'peers', peers: effect.peers.map(onTheWallClock) })
    case 'conflict':
      around.counters.count('foreign claim')
      return around.hearClaim(effect)
    case 'refused':
      return around.counters.count(`heartbeat ${effect.reason}`)
    case 'quiet':
      return around.tell(effect)
    case 'left':
      return around.tell({ kind: 'left' })
    default:
      return effect satisfies never
  }
}

/** Points in time leave this thread as wall-clock time: another thread's monotonic clock has another zero. */
function onTheWallClock<T extends { readonly since: number }>(seen: T): T {
  return { ...seen, since: Date.now() - (performance.now() - seen.since) }
}

/** Both gratuitous forms of each, the first form of all before the second of any. */
export function announce(announcements: readonly Omit<Of<'announce'>, 'kind'>[], around: Surroundings): void {
  for (const form of [gratuitousRequest, gratuitousReply]) {
    for (const { interface: name, address } of announcements) {
      const link = around.links.linkOf(name)
      if (!link || address.family !== 'IPv4') continue
      form(link.mac, Number(address.value), frame)
      sendCounted(link.arp, frame, 'sent gratuitous', around.counters)
    }
  }
}

function beat(
  { interface: name, heartbeat }: Of<'heartbeat'>,
  { links, keys, counters }: Surroundings,
): void {
  const link = links.linkOf(name)
  if (!link) return
  const datagram = {
    source: link.source,
    destination: heartbeatGroup,
    sourcePort: heartbeatPort,
    destinationPort: heartbeatPort,
    ttl: 255,
    payload: sign(encodeHeartbeat(heartbeat), keys),
  }
  const packet = encodeUdpFrame(link.macValue, heartbeatGroupMac, datagram)
  sendCounted(link.heartbeats, packet, 'sent heartbeat', counters)
}

/** Sends a frame and counts it. */
export function sendCounted(socket: PacketSocket, packet: Uint8Array, as: Counted, counters: Counters): void {
  counters.count(socket.send(packet) ? as : 'refused by the kernel')
}

/** From here on, exactly these addresses are answered for. */
function hold({ answering, changed }: Of<'holdings'>, { links, tell, isHeldBack }: Surroundings): void {
  const answered = answering.filter(({ address }) => !isHeldBack(address))
  for (const link of links.all) replaceAnswering(link, answered)
  tell({ kind: 'holdings', answering, changed, at: Date.now() })
}

export function replaceAnswering(link: Link, answering: Of<'holdings'>['answering']): void {
  link.answering.clear()
  for (const { interface: name, address } of answering) {
    if (name === link.name && address.family === 'IPv4') link.answering.add(Number(address.value))
  }
}
