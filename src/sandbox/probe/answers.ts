import { createSocket, type Socket } from 'node:dgram'
import { setTimeout as sleep } from 'node:timers/promises'
import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { formatAddress, parseAddress } from '../../core/ip/address.ts'
import { decodeArpFrame, encodeArpFrame, type ArpPacket } from '../../core/wire/arp.ts'
import { broadcastMac, etherTypeArp, formatMac, parseMac } from '../../core/wire/ethernet.ts'
import { arpFilter } from '../../platform/network/filter.ts'
import { nothing, PacketSocket } from '../../platform/network/packet-socket.ts'

export interface AnswersOptions {
  readonly interface: string
  readonly addresses: readonly string[]
  /** Of an echo server behind each of them. */
  readonly port: number
  readonly everyMs: number
}

/** From now on (the wall clock) this MAC answers ARP for the address, or `nobody`; datagrams are echoed, or not. */
export type Turn =
  | { readonly address: string; readonly atMs: number; readonly arp: string }
  | { readonly address: string; readonly atMs: number; readonly udp: boolean }

interface Watched {
  arp: string | undefined
  udp: boolean | undefined
  arpAtMs: number
  udpAtMs: number
}

/** So many questions without an answer, and nobody answers. */
const unansweredRounds = 3

/** Asks for all addresses by ARP and by UDP, over and over, and tells each change of who answers. */
export async function watchAnswers(
  options: AnswersOptions,
  onTurn: (turn: Turn) => void,
  stop: AbortSignal,
): Promise<void> {
  using arp = openSocket(options.interface)
  const udp = createSocket('udp4')
  udp.on('error', () => undefined) // An ICMP error is a datagram without an answer, which is noticed anyway.
  const startMs = Date.now()
  const blank = { arp: undefined, udp: undefined, arpAtMs: startMs, udpAtMs: startMs }
  const all = new Map(options.addresses.map((address) => [address, { ...blank } as Watched]))
  udp.on('message', (_, { address }) => noteUdp(all, address, onTurn))
  const questions = options.addresses.map((address) => questionFrame(options.interface, address))
  while (!stop.aborted) {
    for (const question of questions) arp.send(question)
    for (const address of options.addresses) send(udp, options.port, address)
    for (const untilMs = performance.now() + options.everyMs; performance.now() < untilMs; await sleep(5)) {
      for (const { senderIp, senderMac } of repliesOn(arp))
        noteArp(all, senderIp, formatMac(senderMac), onTurn)
    }
    noteSilence(all, unansweredRounds * options.everyMs, onTurn)
  }
  udp.close()
}

function openSocket(name: string): PacketSocket {
  const interfaceIndex = Number(readFileSync(`/sys/class/net/${name}/ifindex`, 'utf8'))
  return new PacketSocket({ interfaceIndex, etherType: etherTypeArp, filter: arpFilter })
}

function questionFrame(name: string, address: string): Uint8Array {
  const own = networkInterfaces()[name]?.find(({ family }) => family === 'IPv4')
  if (!own) throw new Error(`${name} has no IPv4 address to ask from`)
  const ipv4Of = (text: string): number => Number(parseAddress(text)?.value)
  const senderMac = parseMac(own.mac) ?? 0n
  return encodeArpFrame(broadcastMac, senderMac, {
    operation: 'request',
    senderMac,
    senderIp: ipv4Of(own.address),
    targetMac: 0n,
    targetIp: ipv4Of(address),
  })
}

const buffer = new Uint8Array(2048)

function* repliesOn(socket: PacketSocket): Iterable<ArpPacket> {
  for (let length = socket.receive(buffer); length > nothing; length = socket.receive(buffer)) {
    const packet = decodeArpFrame(buffer, Math.min(length, buffer.length))
    if (typeof packet !== 'string' && packet.operation === 'reply') yield packet
  }
}

function send(udp: Socket, port: number, address: string): void {
  udp.send('?', port, address, () => undefined)
}

function noteArp(
  all: Map<string, Watched>,
  senderIp: number,
  mac: string,
  onTurn: (turn: Turn) => void,
): void {
  const address = formatAddress({ family: 'IPv4', value: BigInt(senderIp) })
  const one = all.get(address)
  if (!one) return
  one.arpAtMs = Date.now()
  if (one.arp !== mac) onTurn({ address, atMs: one.arpAtMs, arp: mac })
  one.arp = mac
}

function noteUdp(all: Map<string, Watched>, address: string, onTurn: (turn: Turn) => void): void {
  const one = all.get(address)
  if (!one) return
  one.udpAtMs = Date.now()
  if (one.udp !== true) onTurn({ address, atMs: one.udpAtMs, udp: true })
  one.udp = true
}

/** A silence began with the last answer. */
function noteSilence(all: Map<string, Watched>, longestMs: number, onTurn: (turn: Turn) => void): void {
  const nowMs = Date.now()
  for (const [address, one] of all) {
    if (one.arp !== 'nobody' && nowMs - one.arpAtMs > longestMs) {
      one.arp = 'nobody'
      onTurn({ address, atMs: one.arpAtMs, arp: 'nobody' })
    }
    if (one.udp !== false && nowMs - one.udpAtMs > longestMs) {
      one.udp = false
      onTurn({ address, atMs: one.udpAtMs, udp: false })
    }
  }
}
