import { createSocket, type Socket } from 'node:dgram'
import { setTimeout as sleep } from 'node:timers/promises'
import { formatAddress } from '../../core/ip/address.ts'
import { formatMac } from '../../core/wire/ethernet.ts'
import { openArpSocket, questionFrame, repliesOn } from './arp.ts'

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
  using arp = openArpSocket(options.interface)
  const udp = createSocket('udp4')
  udp.on('error', () => undefined) // An ICMP error is a datagram without an answer, which is noticed anyway.
  const startMs = Date.now()
  const blank = { arp: undefined, udp: undefined, arpAtMs: startMs, udpAtMs: startMs }
  const all = new Map(options.addresses.map((address) => [address, { ...blank } as Watched]))
  udp.on('message', (_, { address }) => noteUdp(all, address, onTurn))
  const questions = options.addresses.map((address) => questionFrame({ ...options, address }))
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
