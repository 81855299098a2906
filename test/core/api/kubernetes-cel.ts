import { isIP } from 'node:net'
import { Environment } from '@marcbachmann/cel-js'
import type { StructuralSchema } from '../../../src/core/api/structural.ts'
import type { CelRule } from '../../../src/core/api/twin.ts'

/**
 * The CEL rules of a schema, evaluated as the API server does: the text of the rules is the real one, and Kubernetes'
 * own functions (isIP, cidr, ...) are written here from its documentation, with nothing of src/core in them.
 */
export function celProblems(schema: StructuralSchema, value: unknown, path = ''): readonly string[] {
  if (value === undefined) return []
  const own = (schema['x-kubernetes-validations'] ?? []).flatMap((rule) => judge(rule, value, path))
  return [
    ...own,
    ...partsOf(schema, value, path).flatMap(([part, inner, at]) => celProblems(part, inner, at)),
  ]
}

type Part = readonly [schema: StructuralSchema, value: unknown, path: string]

function partsOf(schema: StructuralSchema, value: unknown, path: string): readonly Part[] {
  const { items, additionalProperties, properties = {} } = schema
  if (Array.isArray(value)) return items ? value.map((item, i): Part => [items, item, `${path}[${i}]`]) : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, field]): readonly Part[] => {
    const part = properties[name] ?? additionalProperties
    return part ? [[part, field, path === '' ? name : `${path}.${name}`]] : []
  })
}

function judge(
  { rule, message, messageExpression }: CelRule,
  self: unknown,
  path: string,
): readonly string[] {
  const environment = environmentFor(self)
  if (environment.evaluate(rule, { self }) === true) return []
  const words: unknown = messageExpression ? environment.evaluate(messageExpression, { self }) : message
  return [`${path}: ${String(words)}`]
}

function environmentFor(self: unknown): Environment {
  return base.clone().registerVariable('self', typeof self === 'string' ? 'string' : 'map')
}

/** An address, the same object each time, so that equality is identity. */
class Ip {
  static readonly all = new Map<string, Ip>()

  static of(bits: bigint, width: bigint): Ip {
    const key = `${bits}/${width}`
    const known = Ip.all.get(key) ?? new Ip()
    Ip.all.set(key, known)
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

const base = new Environment()
  .registerType('Ip', Ip)
  .registerType('Cidr', Cidr)
  .registerFunction('isIP(string): bool', readable)
  .registerFunction('isCIDR(string): bool', (text: string) => cidrOf(text) !== undefined)
  .registerFunction('cidr(string): Cidr', (text: string) => {
    const found = cidrOf(text)
    if (!found) throw new Error(`cidr(${text})`)
    return found
  })
  .registerFunction('Cidr.masked(): Cidr', (cidr: Cidr) => cidr.masked())
  .registerFunction('Cidr.ip(): Ip', (cidr: Cidr) => Ip.of(cidr.bits, cidr.width))

/** Go's netip reads an address; Kubernetes refuses zones and IPv4-mapped IPv6 on top of that. */
function readable(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%') && !(isIP(text) === 6 && bitsOf(text) >> 32n === 0xffffn)
}

function cidrOf(text: string): Cidr | undefined {
  const [, address = '', length = ''] = /^([^/]*)\/(0|[1-9][0-9]*)$/.exec(text) ?? []
  if (!readable(address)) return undefined
  const width = isIP(address) === 4 ? 32n : 128n
  return BigInt(length) <= width ? new Cidr(bitsOf(address), BigInt(length), width) : undefined
}

function bitsOf(address: string): bigint {
  if (isIP(address) === 4) return joined(address.split('.').map(Number), 8n)
  // the URL parser writes every IPv6 address in hexadecimal groups
  const [left = '', right = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const [head, tail] = [left, right].map((half) =>
    half
      .split(':')
      .filter(Boolean)
      .map((group) => parseInt(group, 16)),
  )
  const zeros = Array.from({ length: 8 - (head?.length ?? 0) - (tail?.length ?? 0) }, () => 0)
  return joined([...(head ?? []), ...zeros, ...(tail ?? [])], 16n)
}

function joined(groups: readonly number[], width: bigint): bigint {
  return groups.reduce((bits, group) => (bits << width) | BigInt(group), 0n)
}
