import type { Seen } from './steps.ts'

type Json = string | number | boolean | null | Json[] | { [field: string]: Json }

/**
 * What differs between two servers without being a difference, such as uids and times, put into words that are the
 * same for both: the first uid that is seen, the second, and so on. Versions keep their order.
 */
export function alike(seen: readonly Seen[], namespace: string): unknown {
  const names = new Names(namespace, versionsIn(seen as unknown as Json))
  return walk(seen as unknown as Json, names, '')
}

class Names {
  readonly namespace: string
  readonly #versions: readonly string[]
  readonly #known = new Map<string, Map<string, string>>()

  constructor(namespace: string, versions: readonly string[]) {
    this.namespace = namespace
    this.#versions = versions
  }

  /** Version 1, 2, 3 … in the order of their numbers, whatever lies between. */
  version(text: string): string {
    const place = this.#versions.indexOf(text)
    return place < 0 ? text : `<version ${place + 1}>`
  }

  nth(kind: string, text: string): string {
    const known = this.#known.get(kind) ?? new Map<string, string>()
    this.#known.set(kind, known)
    const name = known.get(text) ?? `<${kind} ${known.size + 1}>`
    known.set(text, name)
    return name
  }
}

function versionsIn(value: Json): readonly string[] {
  const found = new Set<string>()
  const look = (one: Json): void => {
    if (Array.isArray(one)) one.forEach(look)
    else if (typeof one === 'object' && one !== null) {
      for (const [field, inner] of Object.entries(one)) {
        if (field === 'resourceVersion' && typeof inner === 'string' && Number(inner) > 1) found.add(inner)
        look(inner)
      }
    }
  }
  look(value)
  return [...found].toSorted((left, right) => Number(left) - Number(right))
}

function walk(value: Json, names: Names, field: string): Json {
  if (typeof value === 'string') return text(value, names, field)
  if (typeof value === 'number') return field === 'nodePort' || field === 'healthCheckNodePort' ? port(value, names) : value
  if (Array.isArray(value)) return value.map((item) => walk(item, names, field))
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([name]) => name !== 'managedFields' || !names)
  return Object.fromEntries(kept.map(([name, inner]) => [text(name, names, ''), walk(inner, names, name)]))
}

/** Node ports that were asked for are below 30100 in the tests, or above 32000; the rest was given. */
function port(value: number, names: Names): Json {
  return isGiven(value) ? names.nth('port', String(value)) : value
}

function isGiven(value: number): boolean {
  return value >= 30_000 && value < 32_700
}

function text(value: string, names: Names, field: string): string {
  if (field === 'resourceVersion') return names.version(value)
  if (field === 'continue') return '<continue>'
  return value
    .replaceAll(names.namespace, '<namespace>')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (uid) => names.nth('uid', uid))
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (time) => (isNow(time) ? '<now>' : time))
    .replaceAll(/\b10\.96\.\d+\.\d+\b/g, (address) => (/^10\.96\.0\.[01]$|^10\.96\.77\./.test(address) ? address : names.nth('IPv4', address)))
    .replaceAll(/\bfd00:10:96::[0-9a-f]+\b/g, (address) => (/::7777$/.test(address) ? address : names.nth('IPv6', address)))
    .replaceAll(/(?<![\d.-])3[0-2]\d{3}(?![\d.-])/g, (number) => (isGiven(Number(number)) ? names.nth('port', number) : number))
    .replaceAll(/(?<=made-)[a-z0-9]{5}\b/g, '<random>')
}

function isNow(time: string): boolean {
  return Math.abs(Date.parse(time) - Date.now()) < 3_600_000
}

interface Invalid {
  readonly message: string
  readonly details: { readonly causes: { readonly message: string; readonly field: string }[] }
}

export { type Invalid }
