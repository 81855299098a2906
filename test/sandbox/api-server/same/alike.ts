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
        if (field === 'metadata' && isOfList(inner)) continue
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
  if (typeof value === 'number')
    return isPortField(field) && isGiven(value) ? names.nth('port', String(value)) : value
  if (Array.isArray(value)) return inOrder(value, field).map((item) => walk(item, names, field))
  if (typeof value !== 'object' || value === null) return value
  if (field === 'metadata' && isOfList(value)) return listMeta(value)
  return fieldByField(value, names)
}

function listMeta(value: { [field: string]: Json }): Json {
  return { ...value, resourceVersion: '<list>', ...(value['continue'] && { continue: '<continue>' }) }
}

function fieldByField(value: { [field: string]: Json }, names: Names): Json {
  const pairs = Object.entries(sameOrder(value))
    .toSorted(byName)
    .filter(([name]) => !isUntold(name, value))
    .map(([name, inner]) => [text(name, names, ''), walk(inner, names, name)])
  return Object.fromEntries(pairs)
}

/** What is numbered as it is met is met in the same order, whatever the order of fields. */
function byName([left]: readonly [string, Json], [right]: readonly [string, Json]): number {
  return left < right ? -1 : 1
}

/** Who owns fields is sorted by time, which is in whole seconds: which of two was later may be seen or not. */
function inOrder(list: Json[], field: string): Json[] {
  if (field !== 'managedFields') return list
  const textOf = (entry: Json): string => JSON.stringify({ ...(entry as object), time: '', fieldsV1: '' })
  return list.toSorted((left, right) => (textOf(left) < textOf(right) ? -1 : 1))
}

/** What the columns of a built-in kind mean, Kubernetes says at length and no client shows. */
function isUntold(field: string, value: { [field: string]: Json }): boolean {
  return field === 'description' && 'priority' in value && 'format' in value
}

/** Lists are at a version of the whole cluster, in which more goes on than in a sequence. */
function isOfList(metadata: Json): boolean {
  if (typeof metadata !== 'object' || metadata === null) return false
  const fields = Object.keys(metadata)
  return fields.includes('resourceVersion') && fields.every((field) => listFields.includes(field))
}

const listFields = ['resourceVersion', 'continue', 'remainingItemCount']

function isPortField(field: string): boolean {
  return field === 'nodePort' || field === 'healthCheckNodePort'
}

/** Node ports that a test asks for are in the band below the one from which ports are given. */
function isGiven(port: number): boolean {
  return port >= 30_086 && port <= 32_767
}

const patterns: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['uid', /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g],
  ['IPv4', /\b10\.96\.(?!0\.)\d+\.\d+\b/g],
  ['IPv6', /\bfd00:10:96::[0-9a-f]{3,4}\b/g],
]

function text(value: string, names: Names, field: string): string {
  if (field === 'resourceVersion') return names.version(value)
  if (field === 'continue') return '<continue>'
  // What breaks more than one rule is warned of in any order.
  const said =
    field === 'warning'
      ? value
          .split(/, (?=299 )/)
          .toSorted()
          .join(', ')
      : value
  let result = said.replaceAll(names.namespace, '<namespace>')
  for (const [kind, pattern] of patterns)
    result = result.replaceAll(pattern, (found) => names.nth(kind, found))
  return (
    result
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (time) => (isNow(time) ? '<now>' : time))
      .replaceAll(/(?<![\d.-])3[0-2]\d{3}(?![\d.-])/g, (number) =>
        isGiven(Number(number)) ? names.nth('port', number) : number,
      )
      .replaceAll(/(?<=, current: )\d+/g, '<version>')
      .replaceAll(/(?<=[Mm]ade[-_])[a-z0-9]{5}\b/g, '<random>')
      .replaceAll(/(?<=record \(|resourceVersion: ")\d+\b/g, '<version>')
      .replace(/^\d+s$/, '<age>')
      // What differs between two Pods is shown in the structures of the program.
      .replace(/(?<=`spec\.terminationGracePeriodSeconds`[^\n]*)\n[^]*$/, '')
      // The object that a patch made is shown whole; it has its parts in another order, and versions in it.
      .replace(/^((?: "" is invalid: patch: )?Invalid value: )"\{\\"(?:[^"\\]|\\.)*"/, '$1<patched>')
  )
}

function isNow(time: string): boolean {
  return Math.abs(Date.parse(time) - Date.now()) < 3_600_000
}

interface Status {
  readonly kind: string
  readonly message: string
  readonly details: {
    readonly group?: string
    readonly causes: { readonly message: string; readonly field: string }[]
  }
}

/** Kubernetes walks maps in no order; what it finds wrong there it tells in no order either. */
function sameOrder(value: { [field: string]: Json }): { [field: string]: Json } {
  const { message, details } = value as unknown as Partial<Status>
  const causes = details?.causes
  if (value['kind'] !== 'Status' || message === undefined || causes === undefined || causes.length < 2)
    return value
  const textOf = (cause: Status['details']['causes'][number]): string => `${cause.field}: ${cause.message}`
  const isCustom = ['lanlord.dev', 'example.io', 'rules.example.io'].includes(details?.group ?? '')
  const sorted = isCustom
    ? causes.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1))
    : sortedInRuns(causes, textOf)
  const list = [...new Set(causes.map(textOf))].join(', ')
  const words = [...new Set(sorted.map(textOf))].join(', ')
  return {
    ...value,
    message: message.replace(list, words),
    details: { ...details, causes: sorted },
  } as unknown as { [field: string]: Json }
}

/** Only what is about one field may be told in any order. */
function sortedInRuns<Cause extends { readonly field: string }>(
  causes: readonly Cause[],
  textOf: (cause: Cause) => string,
): Cause[] {
  const fields = [...new Set(causes.map(({ field }) => field.replace(/\[.*$/, '')))]
  return causes.toSorted((a, b) => {
    const [one, two] = [a, b].map(({ field }) => fields.indexOf(field.replace(/\[.*$/, '')))
    if (one !== two || !/labels|annotations|selector|^data/.test(a.field)) return 0
    return textOf(a) < textOf(b) ? -1 : 1
  })
}
