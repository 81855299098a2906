import { hasFlag, isSolicitation, linkLayerAt, ndpAt, ndpDropOf } from '../../src/core/wire/ndp.ts'
import type { ArpPacket } from '../../src/core/wire/arp.ts'
import { decodeArp } from '../../src/core/wire/arp.ts'
import { ethernetHeaderBytes, isGroupMac, readMac } from '../../src/core/wire/ethernet.ts'
import { readIpv6 } from '../../src/core/wire/ipv6.ts'
import { addressOf } from '../../src/core/election/key.ts'
import type { Key } from '../../src/core/election/key.ts'
import { questionFrame } from './frames.ts'
import type { End, Frame } from './lan.ts'
import { reach, send } from './lan.ts'
import type { Machine } from './machine.ts'
import type { World } from './world.ts'

/*
 * A Linux host on the LAN that goes on sending to every address. Its neighbour table has the kernel's rules (measured):
 * a gratuitous frame is believed at once when there is an entry, and makes none; another ARP reply is not believed while
 * the entry is younger than a second (locktime); an entry that is used and not confirmed is asked about again.
 */

/** One entry of the neighbour table. */
export interface Neighbour {
  state: 'incomplete' | 'reachable' | 'stale' | 'probe' | 'failed'
  mac: bigint
  updatedAt: number
  /** When it was last known to be right, and when it was last asked about. */
  confirmedAt: number
  askedAt: number
  asked: number
}

export interface Client {
  readonly name: string
  readonly end: End
  readonly mac: bigint
  readonly neighbours: Map<Key, Neighbour>
}

const locktimeMs = 1_000
const reachableMs = 30_000
const delayMs = 5_000
const retransMs = 1_000
const mostAsked = 3
/** How often the table is looked at. */
export const usesEveryMs = 50

/** A client that begins to send to these addresses. */
export function addClient(world: World, name: string, keys: readonly Key[]): Client {
  const number = world.lan.ends.length
  const end: End = { number, name, linkUp: true, receive: (frame) => receive(world, client, frame) }
  const client: Client = { name, end, mac: 0x02000000c000n + BigInt(number), neighbours: new Map() }
  for (const key of keys) client.neighbours.set(key, unknownNeighbour())
  world.lan.ends.push(end)
  world.clients.push(client)
  return client
}

function unknownNeighbour(): Neighbour {
  const never = -Infinity
  return { state: 'failed', mac: 0n, updatedAt: never, confirmedAt: never, askedAt: never, asked: 0 }
}

/** Where its packets for an address get to: a node that forwards them, or nowhere. */
export function reachedBy(world: World, client: Client, key: Key): Machine | undefined {
  const { state, mac } = client.neighbours.get(key) as Neighbour
  if (state === 'incomplete' || state === 'failed') return undefined
  const machine = world.machines.find((one) => one.mac === mac)
  if (machine === undefined || !machine.isOn || machine.stopped === 'suspended') return undefined
  return reach(world.lan, client.end, machine.end) ? machine : undefined
}

/** Lets the client use its table: entries grow old, and are asked about. */
export function useTable(world: World, client: Client): void {
  for (const [key, neighbour] of client.neighbours) useEntry(world, client, key, neighbour)
}

function useEntry(world: World, client: Client, key: Key, neighbour: Neighbour): void {
  const { now } = world
  // What comes back over the connections that there are tells the kernel that the entry is right.
  if (neighbour.state === 'reachable' && reachedBy(world, client, key) !== undefined)
    neighbour.confirmedAt = now
  if (isFresh(neighbour, now)) return
  if (neighbour.state === 'reachable' || neighbour.state === 'stale') askAnew(neighbour, 'probe')
  if (neighbour.state === 'failed') askAnew(neighbour, 'incomplete')
  if (now - neighbour.askedAt < retransMs) return
  if (neighbour.asked === mostAsked) return void (neighbour.state = 'failed')
  neighbour.asked++
  neighbour.askedAt = now
  ask(world, client, key, neighbour)
}

/** True while the entry may be used without asking. */
function isFresh({ state, confirmedAt, updatedAt }: Neighbour, now: number): boolean {
  if (state === 'reachable') return now - confirmedAt < reachableMs
  return state === 'stale' && now - Math.max(confirmedAt, updatedAt) < delayMs
}

function askAnew(neighbour: Neighbour, state: 'probe' | 'incomplete'): void {
  Object.assign(neighbour, { state, asked: 0, askedAt: -Infinity })
}

function ask(world: World, client: Client, key: Key, { state, mac }: Neighbour): void {
  world.counts.questions++
  const address = addressOf(key)
  if (state !== 'probe') return send(world.lan, world, client.end, questionFrame(client.mac, address))
  const only = world.machines.find((one) => one.mac === mac)?.end
  const frame =
    address.family === 'IPv4' ? questionFrame(client.mac, address, mac) : questionFrame(client.mac, address)
  if (only !== undefined) send(world.lan, world, client.end, frame, only)
}

function receive(world: World, client: Client, { kind, bytes }: Frame): void {
  if (kind === 'arp') receiveArp(world, client, bytes)
  if (kind === 'ndp') receiveNdp(world, client, bytes)
}

function receiveArp({ now }: World, client: Client, bytes: Uint8Array): void {
  const packet = decodeArp(bytes, ethernetHeaderBytes)
  if (typeof packet !== 'object') return
  const { operation, senderIp, senderMac } = packet
  const neighbour = client.neighbours.get(senderIp)
  if (neighbour === undefined) return
  if (isGratuitous(packet)) return believe(neighbour, senderMac, 'stale', now)
  if (isKnown(neighbour) && neighbour.mac !== senderMac && now - neighbour.updatedAt < locktimeMs) return
  if (operation === 'reply' && !isGroupMac(bytes, 0)) believe(neighbour, senderMac, 'reachable', now)
  else if (isKnown(neighbour)) believe(neighbour, senderMac, 'stale', now)
}

function isGratuitous({ operation, senderIp, senderMac, targetIp, targetMac }: ArpPacket): boolean {
  return senderIp === targetIp && (operation === 'request' || targetMac === senderMac)
}

function receiveNdp({ now }: World, client: Client, bytes: Uint8Array): void {
  if (ndpDropOf(bytes, bytes.length) !== undefined || isSolicitation(bytes)) return
  const neighbour = client.neighbours.get(readIpv6(bytes, ndpAt.target))
  const at = linkLayerAt(bytes)
  if (neighbour === undefined || neighbour.state === 'failed' || at === 0) return
  const isSolicited = hasFlag(bytes, 'solicited')
  if (isKnown(neighbour) && !hasFlag(bytes, 'override') && readMac(bytes, at) !== neighbour.mac) return
  believe(neighbour, readMac(bytes, at), isSolicited ? 'reachable' : 'stale', now)
}

function isKnown({ state }: Neighbour): boolean {
  return state !== 'incomplete' && state !== 'failed'
}

/** What the entry says already is no news, unless it was asked for. */
function believe(neighbour: Neighbour, mac: bigint, state: 'reachable' | 'stale', now: number): void {
  if (state === 'stale' && isKnown(neighbour) && neighbour.mac === mac) return
  if (neighbour.mac !== mac) neighbour.updatedAt = now
  Object.assign(neighbour, { mac, state, confirmedAt: state === 'reachable' ? now : neighbour.confirmedAt })
  if (state === 'stale') neighbour.updatedAt = now
}
