import { setTimeout as sleep } from 'node:timers/promises'
import type { Findings } from '../../src/sandbox/probe/ask.ts'
import type { Outage } from '../../src/sandbox/probe/outage.ts'
import type { Operator } from './operator.ts'

/** What two clients saw of an address while something happened, and who announced it before and after. */
export interface BothSides {
  /** A datagram each millisecond, with a neighbour entry that is there already. */
  readonly warm: Outage
  /** A question by ARP every 5 ms, as from one who has never heard of the address. */
  readonly anew: Findings
  readonly before: string
  readonly after: string
}

/** How long both clients go on before and after it, so that they also see what is usual. */
const usualMs = 500

/** Watches an address with both clients while something happens to it or to the node that announces it. */
export async function watchBothSides(
  operator: Operator,
  address: string,
  happening: (announcer: string) => Promise<unknown>,
): Promise<BothSides> {
  const before = await operator.announcerOf(address)
  const [warm, anew] = await Promise.all([operator.probeUdp(address), operator.probeArp(address)])
  await sleep(usualMs)
  await happening(before)
  await sleep(usualMs)
  const findings = { warm: await warm.stop(), anew: await anew.stop() }
  return { ...findings, before, after: await operator.announcerOf(address) }
}

/** One line of figures, for whoever reads the report. */
export function figuresOf({ warm, anew, before, after }: BothSides): string {
  return [
    `${warm.lost} of ${warm.sent} datagrams lost, longest gap ${warm.longestGapMs} ms`,
    `longest silence to ARP ${anew.longestSilenceMs} ms, ${anew.unansweredInARow} of ${anew.asked} questions in a row`,
    `${anew.doubleAnswers} answered by two`,
    before === after ? `all the time at ${after}` : `moved from ${before} to ${after}`,
  ].join('; ')
}

/** The nodes that answered, in the order in which each one first did. */
export function answerersOf({ anew }: BothSides, operator: Operator): readonly string[] {
  return anew.by.map(({ mac }) => operator.cluster.nodes.find((node) => node.mac === mac)?.name ?? mac)
}
