import { setTimeout as sleep } from 'node:timers/promises'
import type { Playground } from '../src/sandbox/playground.ts'
import type { Findings } from '../src/sandbox/probe/ask.ts'
import type { Outage } from '../src/sandbox/probe/outage.ts'
import { startProbe } from './client.ts'
import { figuresOf, inMs, row } from './figures.ts'

/** What two clients saw of one move: one with a warm neighbour entry, one that asks by ARP anew every 5 ms. */
export interface Move {
  readonly warm: Outage
  readonly anew: Findings
  /** What the second one saw of an address that a kernel answers for, all the while: so much is the machine's own. */
  readonly kernel: Findings | undefined
}

/** The columns of `printMoves`. */
export const moveHeadings = [
  'gap median',
  'gap max',
  'lost median',
  'lost max',
  'ARP silence',
  'ARP max',
  'in a row',
  'double',
  'kernel ARP',
] as const

/** One row for a series of moves. */
export function printMoves(name: string, moves: readonly Move[]): void {
  const gap = figuresOf(moves.map(({ warm }) => warm.longestGapMs))
  const lost = figuresOf(moves.map(({ warm }) => warm.lost))
  const silence = figuresOf(moves.map(({ anew }) => anew.longestSilenceMs))
  const unanswered = figuresOf(moves.map(({ anew }) => anew.unansweredInARow))
  const double = figuresOf(moves.map(({ anew }) => anew.doubleAnswers))
  const gaps = [inMs(gap.median), inMs(gap.max), String(lost.median), String(lost.max)]
  const silences = [inMs(silence.median), inMs(silence.max), String(unanswered.max), String(double.max)]
  const kernel = moves.flatMap(({ kernel: seen }) => seen?.longestSilenceMs ?? [])
  row(name, ...gaps, ...silences, kernel.length > 0 ? inMs(figuresOf(kernel).max) : '')
}

/** Does the same several times, one after the other. */
export async function repeat<T>(tries: number, once: () => Promise<T>): Promise<readonly T[]> {
  const results: T[] = []
  for (let at = 0; at < tries; at++) results.push(await once())
  return results
}

/** Some time in which nobody does anything. */
export function quiet(ms = 500): Promise<void> {
  return sleep(ms)
}

/** Watches from both sides while something happens to the address, and beside it `own`, an address of a node's kernel. */
export async function watchMove(
  { client }: Pick<Playground, 'client'>,
  address: string,
  happening: () => Promise<void>,
  own?: string,
): Promise<Move> {
  const longEnough = ['--seconds', '600']
  const warm = startProbe<Outage>(client.exec, 'udp', address, '7', ...longEnough)
  const anew = startProbe<Findings>(client.exec, 'arp', address, ...longEnough)
  const kernel = own === undefined ? undefined : startProbe<Findings>(client.exec, 'arp', own, ...longEnough)
  await Promise.all([warm.nextLine(), anew.nextLine(), kernel?.nextLine()])
  await sleep(300 + Math.random() * 50)
  await happening()
  await sleep(300)
  return { warm: await warm.stop(), anew: await anew.stop(), kernel: await kernel?.stop() }
}
