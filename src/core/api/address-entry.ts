import * as z from 'zod'
import { parseRange } from '../ip/range.ts'
import type { CelRule } from './twin.ts'
import { twin } from './twin.ts'

// CEL has no variables. These are the parts of an entry that the rules below speak about; blanks around a part are allowed.
const parts = "self.split('-').map(p, p.trim())"
const prefix = "self.split('/').map(p, p.trim()).join('/')"
// Kubernetes reads ::192.168.10.1, our parser does not: in a list it is more often a slip than a wish.
const isDotted6 = (text: string): string => `(${text}.contains(':') && ${text}.contains('.'))`
const isSpan = `(self.contains('-') && !self.contains('/') && size(${parts}) == 2 && ${parts}.all(p, isIP(p) && !${isDotted6('p')}))`
const isPrefix = `(isCIDR(${prefix}) && !${isDotted6('self')})`
const isSingle = `(isIP(self.trim()) && !${isDotted6('self')})`
const hasZone = "self.contains('%')"
const isMapped = "self.lowerAscii().matches('^ *::ffff:[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+ *$')"
const isOneFamily = `${parts}.all(p, p.contains(':') == self.split('-')[0].contains(':'))`

// Kubernetes cannot compare two addresses, but it can compare text: written out in full, both orders are the same.
const octets = "p.split('.').map(o, ('00' + o).substring(size(o) - 1)).join('')"
const groups = (half: string): string =>
  `${half}.split(':').filter(g, g != '').map(g, ('000' + g).substring(size(g) - 1)).join('')`
const halves = `p.lowerAscii().split('::').map(h, ${groups('h')})`
const zeros = "'00000000000000000000000000000000'"
const groupsInFull = `[${halves}].map(h, size(h) == 1 ? h[0] : h[0] + ${zeros}.substring(size(h[0]) + size(h[1])) + h[1])[0]`
const inFull = `${parts}.map(p, p.contains(':') ? ${groupsInFull} : ${octets})`
const isOrdered = `[${inFull}].all(f, f[0] <= f[1])`

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
    rule: `${hasZone} || ${isMapped} || (self.contains('/') ? ${isPrefix} : self.contains('-') ? ${isSpan} : ${isSingle})`,
    message: 'is not an address, a CIDR or a range; write one such as 192.168.10.200-192.168.10.250',
  },
  {
    rule: `!${isPrefix} || cidr(${prefix}) == cidr(${prefix}).masked()`,
    message: 'has bits set behind its prefix; write the network, or the address without a prefix',
    messageExpression: `'has bits set behind its prefix; write ' + string(cidr(${prefix}).masked()) + ' for the whole network or ' + string(cidr(${prefix}).ip()) + ' for the one address'`,
  },
  {
    rule: `!${isSpan} || ${isOneFamily}`,
    message: 'begins and ends in different families; write one range for each family',
  },
  {
    rule: `!${isSpan} || !${isOneFamily} || ${isOrdered}`,
    message: 'ends before it begins; write the lower address first',
    messageExpression: `'ends before it begins; write ' + ${parts}[1] + '-' + ${parts}[0]`,
  },
]

/** One entry of a pool's lists: what `parseRange` reads, and what the same rules in CEL let pass. */
export const addressEntry = twin(z.string().min(1).max(100), rules, (text) => {
  const parsed = parseRange(text)
  return 'problem' in parsed ? parsed.problem : undefined
})
