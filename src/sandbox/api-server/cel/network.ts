import { isIP } from 'node:net'
import { Environment } from '@marcbachmann/cel-js'

/** An address, the same object each time, so that equality is identity. */
class Ip {
  static readonly #all = new Map<string, Ip>()

  static of(bits: bigint, width: bigint): Ip {
    const key = `${bits}/${width}`
    const known = Ip.#all.get(key) ?? new Ip()
    Ip.#all.set(key, known)
    return known
  }
}

class Cidr {
  readonly bits: bigint
  readonly length: bigint
  readonly width: bigint

  constructor(bits: bigint, length: bigint, width: bigint) {
    this.bits = bits
    this.length = length
    this.width = width
  }

  masked(): Cidr {
    const host = this.width - this.length
    return new Cidr((this.bits >> host) << host, this.length, this.width)
  }
}

/** CEL with those of Kubernetes' own functions that are about addresses. */
export const celOfKubernetes = new Environment({ unlistedVariablesAreDyn: false })
  .registerType('IP', Ip)
  .registerType('CIDR', Cidr)
  .registerFunction('isIP(string): bool', isReadable)
  .registerFunction('isCIDR(string): bool', (text: string) => cidrOf(text) !== undefined)
  .registerFunction('ip(string): IP', (text: string) => {
    if (!isReadable(text))
      throw new Error(`IP Address ${JSON.stringify(text)} parse error during conversion from string`)
    return Ip.of(bitsOf(text), widthOf(text))
  })
  .registerFunction('cidr(string): CIDR', (text: string) => {
    const found = cidrOf(text)
    if (found === undefined) throw new Error(`network address parse error during conversion from string`)
    return found
  })
  .registerFunction('CIDR.masked(): CIDR', (cidr: Cidr) => cidr.masked())
  .registerFunction('CIDR.prefixLength(): int', (cidr: Cidr) => cidr.length)
  .registerFunction('CIDR.ip(): IP', (cidr: Cidr) => Ip.of(cidr.bits, cidr.width))

/** Neither an address with a zone nor an IPv4 address inside an IPv6 one can be read. */
function isReadable(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%') && !(isIP(text) === 6 && bitsOf(text) >> 32n === 0xffffn)
}

function cidrOf(text: string): Cidr | undefined {
  const [, address = '', length = ''] = /^([^/]*)\/(0|[1-9][0-9]*)$/.exec(text) ?? []
  if (!isReadable(address)) return undefined
  const width = widthOf(address)
  return BigInt(length) <= width ? new Cidr(bitsOf(address), BigInt(length), width) : undefined
}

function widthOf(address: string): bigint {
  return isIP(address) === 4 ? 32n : 128n
}

function bitsOf(address: string): bigint {
  if (isIP(address) === 4) return joined(address.split('.').map(Number), 8n)
  // The URL parser writes every IPv6 address in hexadecimal groups.
  const [left = '', right = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const [head = [], tail = []] = [left, right].map(groupsOf)
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => 0)
  return joined([...head, ...zeros, ...tail], 16n)
}

function groupsOf(half: string): readonly number[] {
  return half
    .split(':')
    .filter(Boolean)
    .map((group) => parseInt(group, 16))
}

function joined(groups: readonly number[], width: bigint): bigint {
  return groups.reduce((bits, group) => (bits << width) | BigInt(group), 0n)
}
