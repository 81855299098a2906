import { isIP, isIPv4 } from 'node:net'
import { formatAddress, parseAddress } from '../../../core/ip/address.ts'

const needless = /(^|\.)0\d/

/** What is wrong with a text that should be one IP address. */
export function ipProblems(text: string): readonly string[] {
  if (isIP(text) === 0 || text.includes('%')) {
    const digits = text.split('.').map((part) => part.replace(/^0+(?=\d)/, ''))
    if (needless.test(text) && isIPv4(digits.join('.'))) return ['must not have leading 0s']
    return ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']
  }
  return isMapped(text) ? ['must not be an IPv4-mapped IPv6 address'] : []
}

/** What is wrong with a text that should be one CIDR. */
export function cidrProblems(text: string): readonly string[] {
  if (!isCidr(text)) return ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)']
  const [address = '', bits = ''] = text.split('/')
  if (/^0\d/.test(bits)) return ['must not have leading 0s in IP or prefix length']
  if (isMapped(address)) return ['must not have an IPv4-mapped IPv6 address']
  const value = parseAddress(address)?.value ?? 0n
  const host = (1n << BigInt(widthOf(address) - Number(bits))) - 1n
  return (value & host) === 0n ? [] : ['must not have bits set beyond the prefix length']
}

function isCidr(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/')
  if (rest.length > 0 || isIP(address) === 0) return false
  return /^\d{1,3}$/.test(bits) && Number(bits) <= widthOf(address)
}

function widthOf(address: string): number {
  return isIPv4(address) ? 32 : 128
}

function isMapped(text: string): boolean {
  return isIP(text) === 6 && parseAddress(text) === undefined && /^(0*:)*:?ffff:/i.test(text)
}

const ranges: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^(127\.|::1$)/, 'may not be in the loopback range (127.0.0.0/8, ::1/128)'],
  [/^(169\.254\.|fe[89ab][0-9a-f]:)/, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'],
  [/^(224\.0\.0\.|ff02:)/, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'],
]

/** Why an address that can be read is none that traffic could be sent to. */
export function specialProblems(text: string): readonly string[] {
  const plain = canonical(text)
  if (plain === '0.0.0.0' || plain === '::') return [`may not be unspecified (${text})`]
  return ranges.filter(([pattern]) => pattern.test(plain)).map(([, what]) => what)
}

/** What a client is told about an address that is fine and written in an unusual way. */
export function ipWarnings(field: string, text: string): readonly string[] {
  const plain = canonical(text)
  if (isIP(text) !== 6 || plain === text) return []
  return [
    `${field}: IPv6 address ${JSON.stringify(text)} should be in RFC 5952 canonical format (${JSON.stringify(plain)})`,
  ]
}

function canonical(text: string): string {
  const address = parseAddress(text)
  return address === undefined ? text : formatAddress(address)
}
