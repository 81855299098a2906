import { isIPv4 } from 'node:net'

/** What a DNS message asks (RFC 1035): a name in small letters without the last dot, and the type of record. */
export interface Question {
  readonly id: number
  readonly name: string
  readonly type: number
  /** The question as it came, to be sent back. */
  readonly bytes: Buffer
}

/** The addresses of a name, of the family that was asked for; undefined when there is no such name. */
export type Found = readonly string[] | undefined

export const typeOfFamily = { IPv4: 1, IPv6: 28 } as const

const headerLength = 12
const internet = 1
const nameError = 3
const secondsToKeep = 1

/** Reads a query of one question, or answers undefined for anything else. */
export function readQuestion(message: Buffer): Question | undefined {
  if (message.length < headerLength || isResponse(message) || message.readUInt16BE(4) !== 1) return undefined
  const labels: string[] = []
  let at = headerLength
  for (let length = message[at]; length; length = message[at]) {
    if (length > 63 || at + 1 + length >= message.length) return undefined
    labels.push(message.toString('latin1', at + 1, at + 1 + length).toLowerCase())
    at += 1 + length
  }
  const end = at + 5
  if (end > message.length || message.readUInt16BE(at + 3) !== internet) return undefined
  const bytes = Buffer.from(message.subarray(headerLength, end))
  return { id: message.readUInt16BE(0), name: labels.join('.'), type: message.readUInt16BE(at + 1), bytes }
}

/** The answer, from one who is the authority and asks nobody else. */
export function writeAnswer({ id, type, bytes }: Question, found: Found): Buffer {
  const header = Buffer.alloc(headerLength)
  header.writeUInt16BE(id, 0)
  header.writeUInt16BE(0x8580 | (found ? 0 : nameError), 2) // A response, authoritative, as recursive as was wished.
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(found?.length ?? 0, 6)
  return Buffer.concat([header, bytes, ...(found ?? []).map((address) => recordOf(type, address))])
}

function isResponse(message: Buffer): boolean {
  return ((message[2] ?? 0) & 0x80) !== 0
}

/** The name of every record is that of the question, to which the first two bytes point. */
function recordOf(type: number, address: string): Buffer {
  const data = isIPv4(address) ? bytesOf4(address) : bytesOf6(address)
  const head = Buffer.alloc(12)
  head.writeUInt16BE(0xc000 | headerLength, 0)
  head.writeUInt16BE(type, 2)
  head.writeUInt16BE(internet, 4)
  head.writeUInt32BE(secondsToKeep, 6)
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}

function bytesOf4(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number))
}

/** As Kubernetes prints it: hexadecimal groups, one `::` at the most. */
function bytesOf6(address: string): Buffer {
  const [left = '', right] = address.split('::')
  const groupsOf = (text = ''): readonly string[] => (text === '' ? [] : text.split(':'))
  const [before, after] = [groupsOf(left), groupsOf(right)]
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  const groups = right === undefined ? before : [...before, ...zeros, ...after]
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex')
}
