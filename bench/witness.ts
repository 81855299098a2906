import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { signalTo } from '../src/sandbox/supervised-process.ts'
import type { BenchCluster } from './cluster.ts'
import { requiredProgram } from './native.ts'

/** One question by ARP, as it was on the wire. */
export interface Question {
  readonly address: string
  /** Of the wall clock. */
  readonly askedMs: number
  /** From the question to its first answer; undefined when there was none before the next question. */
  readonly tookUs: number | undefined
  readonly mac: string
}

/** Gratuitous ARP: somebody says that the address is at this MAC. */
export interface Claim {
  readonly address: string
  readonly atMs: number
  readonly mac: string
}

/** One heartbeat of a speaker. */
export interface Beat {
  readonly mac: string
  readonly atMs: number
  /** The next one comes within this time, it says. */
  readonly promisedMs: number
}

/** What was seen on the LAN. */
export interface Testimony {
  readonly questions: readonly Question[]
  /** Second answers to the same question. */
  readonly doubles: number
  readonly claims: readonly Claim[]
  readonly beats: readonly Beat[]
}

/** A time without a heartbeat of a speaker, and what its last one had promised. */
export interface Silence {
  readonly mac: string
  readonly sinceMs: number
  readonly ms: number
  readonly promisedMs: number
}

export interface Witness {
  stop(): Promise<Testimony>
}

export interface Asking {
  readonly asked: readonly string[]
  readonly apartMs: number
  /** An address that has not answered is asked for again after this. */
  readonly patienceMs: number
}

/** Sits at the client, asks each of the addresses in turn, and listens to what is said of the addresses of pools. */
export async function startWitness(
  cluster: BenchCluster,
  { asked, apartMs, patienceMs }: Asking,
): Promise<Witness> {
  const range = [`${cluster.network}.200`, `${cluster.network}.249`]
  const witness = ['setpriv', '--pdeathsig', 'KILL', requiredProgram('arp-witness')]
  const pace = [String(apartMs * 1000), String(patienceMs)]
  const argv = [...cluster.playground.client.exec, ...witness, 'eth0', ...pace, ...range, ...asked]
  const [command = '', ...args] = argv
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })
  const ended = read(lines)
  await once(lines, 'line')
  return { stop: () => stop(child, ended) }
}

async function stop(child: ChildProcess, ended: Promise<readonly string[]>): Promise<Testimony> {
  signalTo(child, 'SIGTERM')
  const lines = await ended
  if (lines.at(-1) !== 'end') throw new Error('arp-witness ended too early')
  return testimonyOf(lines)
}

async function read(lines: Interface): Promise<readonly string[]> {
  const all: string[] = []
  lines.on('line', (line) => all.push(line))
  await once(lines, 'close')
  return all
}

/** What the lines of arp-witness say. */
export function testimonyOf(lines: readonly string[]): Testimony {
  const words = lines.map((line) => line.split(' '))
  const of = (kind: string): readonly (readonly string[])[] => words.filter(([first]) => first === kind)
  return {
    questions: of('question').map(([, address = '', askedMs, us, mac = '']) => {
      return { address, askedMs: Number(askedMs), tookUs: us === '-1' ? undefined : Number(us), mac }
    }),
    doubles: of('second').length,
    claims: of('claim').map(([, address = '', atMs, mac = '']) => ({ address, atMs: Number(atMs), mac })),
    beats: of('beat').map(([, mac = '', atMs, promisedMs]) => {
      return { mac, atMs: Number(atMs), promisedMs: Number(promisedMs) }
    }),
  }
}

/** The times at which an address was claimed by another MAC than the one that claimed it before. */
export function takeoversIn(
  claims: readonly Claim[],
  holders: ReadonlyMap<string, string>,
): readonly Claim[] {
  const now = new Map(holders)
  return claims.filter(({ address, mac }) => {
    const before = now.get(address)
    now.set(address, mac)
    return before !== undefined && before !== mac
  })
}

/** The times between the heartbeats of each speaker. */
export function silencesIn(beats: readonly Beat[]): readonly Silence[] {
  const last = new Map<string, Beat>()
  return beats.flatMap((beat) => {
    const before = last.get(beat.mac)
    last.set(beat.mac, beat)
    if (!before) return []
    return [
      { mac: beat.mac, sinceMs: before.atMs, ms: beat.atMs - before.atMs, promisedMs: before.promisedMs },
    ]
  })
}
