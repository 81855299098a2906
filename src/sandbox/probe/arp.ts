import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { decodeArpFrame, encodeArpFrame, type ArpPacket } from '../../core/wire/arp.ts'
import { broadcastMac, etherTypeArp, formatMac, parseMac } from '../../core/wire/ethernet.ts'
import { parseAddress } from '../../core/ip/address.ts'
import { arpFilter } from '../../platform/network/filter.ts'
import { nothing, PacketSocket } from '../../platform/network/packet-socket.ts'
import { PollSet } from '../../platform/network/poll-set.ts'
import { longestGap, mostInARow, round, type Attempt } from './outage.ts'

export interface ArpProbe {
  readonly interface: string
  readonly address: string
  readonly everyMs: number
  /** Called at each answer. */
  readonly onAnswer: () => void
}

/** What a client saw that asks the whole LAN anew each time, as one without any neighbour entry would. */
export interface ArpFindings {
  readonly asked: number
  readonly answers: number
  /**
   * From the last question that was answered before the longest hole to the first one after it; 0 when none was
   * missed. Counted in questions, so that a prober which was itself held up does not blame the LAN.
   */
  readonly longestSilenceMs: number
  /** The most questions in a row without an answer: the same silence, for a prober that cannot keep its pace. */
  readonly unansweredInARow: number
  /** Questions that more than one MAC answered. */
  readonly doubleAnswers: number
  /** Who answered, from when to when (ms since the probe began). */
  readonly by: readonly Answerer[]
}

export interface Answerer {
  readonly mac: string
  readonly answers: number
  readonly firstMs: number
  readonly lastMs: number
}

interface Answer {
  readonly atMs: number
  readonly question: number
  readonly mac: string
}

/** Asks by ARP every `everyMs` until `stop` says so. Yields to the event loop once a round, so that signals arrive. */
export async function probeArp(probe: ArpProbe, stop: AbortSignal): Promise<ArpFindings> {
  using socket = openArpSocket(probe.interface)
  const ready = new PollSet([socket.descriptor])
  const question = questionFrame(probe)
  const target = ipv4Of(probe.address)
  const answers: Answer[] = []
  const questions: Attempt[] = []
  const startMs = performance.now()
  while (!stop.aborted) {
    const nowMs = performance.now() - startMs
    if (nowMs >= (questions.at(-1)?.sentMs ?? -Infinity) + probe.everyMs) {
      socket.send(question)
      questions.push({ sentMs: nowMs })
    }
    ready.wait(1)
    for (const reply of repliesOn(socket)) {
      if (reply.senderIp !== target) continue
      probe.onAnswer()
      const asked = questions.at(-1)
      if (!asked) continue
      asked.answeredMs = performance.now() - startMs
      answers.push({ atMs: asked.answeredMs, question: questions.length, mac: formatMac(reply.senderMac) })
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  return findings(questions, answers)
}

function findings(questions: readonly Attempt[], answers: readonly Answer[]): ArpFindings {
  return {
    asked: questions.length,
    answers: answers.length,
    longestSilenceMs: round(longestGap(questions)),
    unansweredInARow: mostInARow(questions),
    doubleAnswers: doubleAnswers(answers),
    by: [...new Set(answers.map((answer) => answer.mac))].map((mac) => answererOf(mac, answers)),
  }
}

function doubleAnswers(answers: readonly Answer[]): number {
  const macs = new Map<number, Set<string>>()
  for (const { question, mac } of answers) macs.set(question, (macs.get(question) ?? new Set()).add(mac))
  return [...macs.values()].filter((each) => each.size > 1).length
}

function answererOf(mac: string, answers: readonly Answer[]): Answerer {
  const own = answers.filter((answer) => answer.mac === mac)
  return {
    mac,
    answers: own.length,
    firstMs: round(own[0]?.atMs ?? 0),
    lastMs: round(own.at(-1)?.atMs ?? 0),
  }
}

/** A socket for ARP on the interface of that name. */
export function openArpSocket(name: string): PacketSocket {
  const index = Number(readFileSync(`/sys/class/net/${name}/ifindex`, 'utf8'))
  return new PacketSocket({ interfaceIndex: index, etherType: etherTypeArp, filter: arpFilter })
}

/** The broadcast question "who has `address`", asked in the interface's own name. */
export function questionFrame(probe: Pick<ArpProbe, 'interface' | 'address'>): Uint8Array {
  const own = networkInterfaces()[probe.interface]?.find((entry) => entry.family === 'IPv4')
  if (!own) throw new Error(`${probe.interface} has no IPv4 address to ask from`)
  const senderMac = parseMac(own.mac) ?? 0n
  return encodeArpFrame(broadcastMac, senderMac, {
    operation: 'request',
    senderMac,
    senderIp: ipv4Of(own.address),
    targetMac: 0n,
    targetIp: ipv4Of(probe.address),
  })
}

/** The replies that wait in the socket now. */
export function repliesOn(socket: PacketSocket): readonly ArpPacket[] {
  const buffer = new Uint8Array(2048)
  const replies: ArpPacket[] = []
  for (let length = socket.receive(buffer); length > nothing; length = socket.receive(buffer)) {
    const packet = decodeArpFrame(buffer, Math.min(length, buffer.length))
    if (typeof packet !== 'string' && packet.operation === 'reply') replies.push(packet)
  }
  return replies
}

function ipv4Of(text: string): number {
  const address = parseAddress(text)
  if (address?.family !== 'IPv4') throw new Error(`${text} is not an IPv4 address`)
  return Number(address.value)
}
