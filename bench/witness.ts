import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { signalTo } from '../src/sandbox/supervised-process.ts'
import type { BenchCluster } from './cluster.ts'
import type { Native } from './native.ts'

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

/** What was seen on the LAN. */
export interface Testimony {
  readonly questions: readonly Question[]
  /** Second answers to the same question. */
  readonly doubles: number
  readonly claims: readonly Claim[]
}

export interface Witness {
  stop(): Promise<Testimony>
}

/** Sits at the client, asks each of the addresses in turn, and listens to what is said of the addresses of pools. */
export async function startWitness(
  cluster: BenchCluster,
  native: Native,
  { asked, apartMs }: { readonly asked: readonly string[]; readonly apartMs: number },
): Promise<Witness> {
  const range = [`${cluster.network}.200`, `${cluster.network}.249`]
  const [command = '', ...args] = [
    ...cluster.playground.client.exec,
    ...['setpriv', '--pdeathsig', 'KILL', native.programOf('arp-witness')],
    ...['eth0', String(apartMs * 1000), ...range, ...asked],
  ]
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
