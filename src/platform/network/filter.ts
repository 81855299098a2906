import { hostIsLittleEndian } from './libc.ts'

/** One instruction of classic BPF: what to do, how far to jump when true and when false, and its operand. */
interface Instruction {
  readonly code: number
  readonly ifTrue?: number
  readonly ifFalse?: number
  readonly operand: number
}

const packetType = -4096 + 4 // SKF_AD_OFF + SKF_AD_PKTTYPE
const whole = 0x40000

const loadByte = (offset: number): Instruction => ({ code: 0x30, operand: offset })
const loadHalf = (offset: number): Instruction => ({ code: 0x28, operand: offset })
const loadWord = (offset: number): Instruction => ({ code: 0x20, operand: offset })
const headerLengthAt = (offset: number): Instruction => ({ code: 0xb1, operand: offset })
const loadHalfBehindHeader = (offset: number): Instruction => ({ code: 0x48, operand: offset })
const accept: Instruction = { code: 0x06, operand: whole }
const drop: Instruction = { code: 0x06, operand: 0 }

/** A test: go on when it holds, else drop. The jump is filled in when the program's length is known. */
type Line = Instruction | { readonly test: number; readonly operand: number; readonly goOn: boolean }

const equals = (operand: number): Line => ({ test: 0x15, operand, goOn: true })
const isAtLeast = (operand: number): Line => ({ test: 0x35, operand, goOn: true })
const isAtMost = (operand: number): Line => ({ test: 0x25, operand, goOn: false })
const hasNone = (operand: number): Line => ({ test: 0x45, operand, goOn: false })

/**
 * Only what came to this host, to all or to a group: not our own frames, not those for another MAC, not those
 * of a tagged network, whose tag the kernel has already taken off.
 */
const meantForUs: readonly Line[] = [loadHalf(packetType), isAtMost(2)]

/** Every ARP frame of a socket that is bound to ARP: malformed ones are dropped by us, so that they are counted. */
export const arpFilter: Uint8Array = assemble(meantForUs)

/**
 * Neighbour solicitations and advertisements that no router has passed on. What is wrong with them otherwise is left
 * to us, so that it can be counted; any other packet of IPv6 is none of our business.
 */
export const ndpFilter: Uint8Array = assemble([
  ...meantForUs,
  loadHalf(12),
  equals(0x86dd),
  loadByte(20),
  equals(58),
  loadByte(21),
  equals(255),
  loadByte(54),
  isAtLeast(135),
  isAtMost(136),
])

/** A filter tells no more senders apart than this. */
export const mostSenders = 200

/**
 * UDP in IPv6 packets to one group and port; the hop limit is left to us, so that it can be counted. Given senders, it
 * keeps only what comes from one of them, as far as the last four bytes of their MACs go.
 */
export function heartbeatFilter6(group: bigint, port: number, senders?: readonly bigint[]): Uint8Array {
  const lines = [
    ...meantForUs,
    loadHalf(12),
    equals(0x86dd),
    loadByte(20),
    equals(17),
    ...[0, 1, 2, 3].flatMap((word) => [loadWord(38 + 4 * word), equals(wordOf(group, word))]),
    loadHalf(56),
    equals(port),
  ]
  return assemble(lines, senders)
}

/** Word 0 is the first on the wire. */
function wordOf(address: bigint, word: number): number {
  return Number((address >> BigInt(96 - 32 * word)) & 0xffff_ffffn)
}

/** The same for unfragmented IPv4 packets, with the TTL. */
export function heartbeatFilter(group: number, port: number, senders?: readonly bigint[]): Uint8Array {
  const lines = [
    ...meantForUs,
    loadHalf(12),
    equals(0x0800),
    loadByte(23),
    equals(17),
    loadHalf(20),
    hasNone(0x3fff),
    loadWord(30),
    equals(group),
    headerLengthAt(14),
    loadHalfBehindHeader(16),
    equals(port),
  ]
  return assemble(lines, senders)
}

function assemble(lines: readonly Line[], senders?: readonly bigint[]): Uint8Array {
  const ends = senders ? oneOf(senders) : []
  const length = lines.length + ends.length
  const program: readonly Instruction[] = [
    ...lines.map((line, at) => ('test' in line ? jump(line, length - at) : line)),
    ...ends,
    accept,
    drop,
  ]
  const bytes = new Uint8Array(program.length * 8)
  for (const [at, instruction] of program.entries())
    encode(new DataView(bytes.buffer, at * 8, 8), instruction)
  return bytes
}

/** Goes on with what comes behind it when the sender is one of these, and else with what comes behind that. */
function oneOf(senders: readonly bigint[]): readonly Instruction[] {
  const last = senders.length - 1
  const tests = senders.map((mac, at): Instruction => {
    const operand = Number(mac & 0xffff_ffffn)
    return { code: 0x15, operand, ifTrue: last - at, ifFalse: at === last ? 1 : 0 }
  })
  return [loadWord(8), ...tests]
}

/** The last instruction drops: `linesLeft` ahead of this one. */
function jump(line: Extract<Line, { goOn: boolean }>, linesLeft: number): Instruction {
  const { test: code, operand } = line
  return line.goOn
    ? { code, ifTrue: 0, ifFalse: linesLeft, operand }
    : { code, ifTrue: linesLeft, ifFalse: 0, operand }
}

function encode(view: DataView, { code, ifTrue = 0, ifFalse = 0, operand }: Instruction): void {
  view.setUint16(0, code, hostIsLittleEndian)
  view.setUint8(2, ifTrue)
  view.setUint8(3, ifFalse)
  view.setInt32(4, operand | 0, hostIsLittleEndian)
}
