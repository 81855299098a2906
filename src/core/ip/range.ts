import type { Address, Family } from './address.ts'
import { compareAddresses, formatAddress, parseAddress } from './address.ts'

/** An inclusive run of addresses of one family; never empty. */
export interface Range {
  readonly family: Family
  readonly first: bigint
  readonly last: bigint
}

/** A range as read, or what is wrong with the text and what would mend it. */
export type ParsedRange = { readonly range: Range } | { readonly problem: string }

/** How many bits an address of the family has. */
export function bitsOf(family: Family): number {
  return family === 'IPv4' ? 32 : 128
}

/** Reads `192.168.10.0/24`, `192.168.10.200-192.168.10.250` or a single address; blanks around the parts are allowed. */
export function parseRange(text: string): ParsedRange {
  if (text.includes('/')) return parsePrefix(text)
  if (text.includes('-')) return parseSpan(text)
  const single = readAddress(text.trim())
  return 'problem' in single ? single : { range: rangeOf(single.address, single.address) }
}

function parseSpan(text: string): ParsedRange {
  const [left, right, ...rest] = text.split('-').map((part) => part.trim())
  if (!left || !right || rest.length > 0) {
    return {
      problem: `"${text}" is not a range; write it as first-last, such as 192.168.10.200-192.168.10.250`,
    }
  }
  const first = readAddress(left)
  if ('problem' in first) return first
  const last = readAddress(right)
  if ('problem' in last) return last
  if (first.address.family !== last.address.family) {
    return {
      problem: `"${text}" begins with an ${first.address.family} and ends with an ${last.address.family} address; write one range for each family`,
    }
  }
  if (compareAddresses(first.address, last.address) > 0) {
    return { problem: `"${text}" ends before it begins; write ${right}-${left}` }
  }
  return { range: rangeOf(first.address, last.address) }
}

function parsePrefix(text: string): ParsedRange {
  const slash = text.indexOf('/')
  const left = text.slice(0, slash).trim()
  const length = text.slice(slash + 1).trim()
  const base = readAddress(left)
  if ('problem' in base) return base
  const { family, value } = base.address
  const bits = bitsOf(family)
  if (!/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > bits) {
    return {
      problem: `"${text}" has no usable prefix length; write a number from 0 to ${bits} behind the slash`,
    }
  }
  const range = subnetOf(base.address, Number(length))
  return range.first === value ? { range } : hostBits(text, left, length, { family, value: range.first })
}

function hostBits(text: string, left: string, length: string, network: Address): ParsedRange {
  const whole = `${formatAddress(network)}/${length}`
  return {
    problem: `"${text}" has bits set behind its prefix; write ${whole} for the whole network or ${left} for the one address`,
  }
}

function readAddress(text: string): { readonly address: Address } | { readonly problem: string } {
  const address = parseAddress(text)
  return address ? { address } : { problem: problemOf(text) }
}

function problemOf(text: string): string {
  if (text === '') return 'an address is missing; write one such as 192.168.10.200 or fd00:10::1'
  return `"${text}" ${flawOf(text)}`
}

/** What is wrong with a text that is no address, and what would mend it: the words that follow the text. */
export function flawOf(text: string): string {
  if (text.includes('%')) return `has a zone; write it without "${text.slice(text.indexOf('%'))}"`
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text)?.[1]
  if (mapped) return `is an IPv4 address mapped into IPv6; write ${mapped}`
  if (/^\d+(\.\d+){3}$/.test(text) && /(^|\.)0\d/.test(text)) {
    return `has leading zeros; write ${text.replaceAll(/(^|\.)0+(?=\d)/g, '$1')}`
  }
  return 'is not an IP address; write one such as 192.168.10.200 or fd00:10::1'
}

function rangeOf(first: Address, last: Address): Range {
  return { family: first.family, first: first.value, last: last.value }
}

/** The shortest text that `parseRange` reads back to the same range. */
export function formatRange(range: Range): string {
  const first = formatAddress({ family: range.family, value: range.first })
  if (range.first === range.last) return first
  const size = sizeOf(range)
  if ((size & (size - 1n)) === 0n && range.first % size === 0n) {
    return `${first}/${bitsOf(range.family) - (size.toString(2).length - 1)}`
  }
  return `${first}-${formatAddress({ family: range.family, value: range.last })}`
}

/** Whether the address lies in the range; an address of the other family never does. */
export function contains(range: Range, address: Address): boolean {
  return range.family === address.family && range.first <= address.value && address.value <= range.last
}

/** Whether the two ranges share an address. */
export function overlaps(a: Range, b: Range): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last
}

/** How many addresses the range holds. */
export function sizeOf(range: Range): bigint {
  return range.last - range.first + 1n
}

/** What is left of the range without the other one: nothing, one piece or two, ascending. */
export function subtract(range: Range, cut: Range): readonly Range[] {
  if (!overlaps(range, cut)) return [range]
  const { family } = range
  const below = range.first < cut.first ? [{ family, first: range.first, last: cut.first - 1n }] : []
  const above = range.last > cut.last ? [{ family, first: cut.last + 1n, last: range.last }] : []
  return [...below, ...above]
}

/** The subnet of an interface's own address, such as 192.168.10.5/24; undefined for anything else. */
export function prefixOf(text: string): Range | undefined {
  const slash = text.indexOf('/')
  const address = parseAddress(text.slice(0, Math.max(slash, 0)))
  const length = text.slice(slash + 1)
  if (!address || !/^\d{1,3}$/.test(length) || Number(length) > bitsOf(address.family)) return undefined
  return subnetOf(address, Number(length))
}

/** All addresses that share the first `prefixLength` bits with this one. */
export function subnetOf({ family, value }: Address, prefixLength: number): Range {
  const size = 1n << BigInt(bitsOf(family) - prefixLength)
  const first = value - (value % size)
  return { family, first, last: first + size - 1n }
}
