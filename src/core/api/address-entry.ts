import * as z from 'zod'
import { parseRange } from '../ip/range.ts'
import type { CelRule } from './twin.ts'
import { twin } from './twin.ts'

// CEL has no variables, so these are the parts of an entry that the rules speak about. They are cut with indexOf,
// for the API server cannot bound the cost of what comes out of split and join and would refuse the definition.
const before = (mark: string): string => `self.substring(0, self.indexOf('${mark}')).trim()`
const after = (mark: string): string => `self.substring(self.indexOf('${mark}') + 1).trim()`
const first = before('-')
const last = after('-')
const prefix = `(${before('/')} + '/' + ${after('/')})`

// Kubernetes reads ::192.168.10.1, our parser does not: in a pool it is a slip more often than a wish.
const isAddress = (text: string): string =>
  `(isIP(${text}) && !(${text}.contains(':') && ${text}.contains('.')))`
const isPrefix = `(self.contains('/') && isCIDR(${prefix}) && !(self.contains(':') && self.contains('.')))`
const isSpan = `(self.contains('-') && !self.contains('/') && ${isAddress(first)} && ${isAddress(last)})`
const isOneFamily = `${first}.contains(':') == ${last}.contains(':')`
const hasZone = "self.contains('%')"
// What only looks like a digit or a blank: our side trims other characters off than Kubernetes' does.
const foreign = '[^\\t\\n\\r -~]'
const isForeign = `(!${hasZone} && self.matches('${foreign}'))`
const isMapped = "self.lowerAscii().matches('^ *::ffff:[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+ *$')"

// Kubernetes cannot compare two addresses, but it can compare two numbers; 128 bits do not fit into one of its numbers,
// so an IPv6 range that ends before it begins is stored, and found by the controller.
const octet = (text: string, place: number): string =>
  `int(${text}.split('.')[${place}]) * ${256 ** (3 - place)}`
const ipv4 = (text: string): string => [0, 1, 2, 3].map((place) => octet(text, place)).join(' + ')
const isReversed4 = `(self.contains('.') && ${ipv4(first)} > ${ipv4(last)})`

const notPlain = 'has a character that no address has; write plain digits, letters, dots and colons'

const rules: readonly CelRule[] = [
  {
    rule: `!${hasZone}`,
    message: 'has a zone; write it without the part that begins with %',
  },
  {
    rule: `!${isMapped}`,
    message: 'is an IPv4 address mapped into IPv6; write the IPv4 address',
  },
  {
    rule: `!${isForeign}`,
    message: notPlain,
  },
  {
    rule: `${hasZone} || ${isForeign} || ${isMapped} || (self.contains('/') ? ${isPrefix} : self.contains('-') ? ${isSpan} : ${isAddress('self.trim()')})`,
    message: 'is not an address, a CIDR or a range; write one such as 192.168.10.200-192.168.10.250',
  },
  {
    // "in", for Kubernetes 1.31 cannot bound the cost of == between addresses
    rule: `!${isPrefix} || cidr(${prefix}).masked().ip() in [cidr(${prefix}).ip()]`,
    message: 'has bits set behind its prefix; write the network, or the address without a prefix',
    messageExpression: `'has bits set behind its prefix; write the network there, or ' + ${before('/')} + ' for the one address'`,
  },
  {
    rule: `!${isSpan} || ${isOneFamily}`,
    message: 'begins and ends in different families; write one range for each family',
  },
  {
    rule: `!(${isSpan} && ${isOneFamily}) || !${isReversed4}`,
    message: 'ends before it begins; write the lower address first',
    messageExpression: `'ends before it begins; write ' + ${last} + '-' + ${first}`,
  },
]

const foreignCharacter = /[^\t\n\r -~]/

/** One entry of a pool's lists: what `parseRange` reads, and what the same rules in CEL let pass. */
export const addressEntry = twin(z.string().max(100), rules, (text) => {
  if (!text.includes('%') && foreignCharacter.test(text)) return `${JSON.stringify(text)} ${notPlain}`
  const parsed = parseRange(text)
  return 'problem' in parsed ? parsed.problem : undefined
})
