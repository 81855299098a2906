import { isObject, type Json, type JsonObject } from '../object.ts'
import type { Message } from './message.ts'
import { messageNamed } from './messages.ts'
import { problemOfScalar } from './decode-scalar.ts'

type Field = Message['fields'][number]

/** A body that cannot be read as the kind that it should be of; the words are those of Kubernetes' own decoder. */
export class Undecodable extends Error {}

/** Whose words: those of what reads JSON, or of what makes an object of what a strategic merge patch left. */
export type Reader = 'json' | 'patch'

interface Place {
  /** Field names only: the decoder names no index. */
  readonly path: string
  /** With indexes, as complaints about unknown fields have them. */
  readonly place: string
  readonly unknown: string[]
  readonly reader: Reader
}

/**
 * Reads an object as a built-in kind: what the kind does not know is dropped and named, what says nothing is dropped,
 * and what has a wrong type is refused with the words of the decoder that Kubernetes uses.
 */
export function decodeBuiltIn(
  message: Message,
  object: JsonObject,
  reader: Reader = 'json',
): { value: JsonObject; unknown: string[] } {
  const unknown: string[] = []
  return { value: decodeMessage(message, object, { path: '', place: '', unknown, reader }), unknown }
}

function decodeMessage(message: Message, object: JsonObject, at: Place): JsonObject {
  const fields = fieldsOf(message)
  const result: JsonObject = {}
  for (const [name, value] of Object.entries(object)) {
    if (value === undefined) continue
    const field = fields.get(name)
    if (field !== undefined) put(result, field, value, stepInto(at, name), message)
    else if (message.open || isEnvelope(name, at)) result[name] = value
    else at.unknown.push(stepInto(at, name).place)
  }
  for (const field of message.fields) if (isAlways(field)) result[field.name] ??= nothingOf(field)
  return result
}

const known = new WeakMap<Message, ReadonlyMap<string, Field>>()

function fieldsOf(message: Message): ReadonlyMap<string, Field> {
  const fields = known.get(message) ?? new Map(message.fields.map((field) => [field.name, field]))
  known.set(message, fields)
  return fields
}

function isEnvelope(name: string, { path }: Place): boolean {
  return path === '' && (name === 'kind' || name === 'apiVersion')
}

function stepInto(at: Place, name: string): Place {
  const join = (path: string): string => (path === '' ? name : `${path}.${name}`)
  return { ...at, path: join(at.path), place: join(at.place) }
}

function put(result: JsonObject, field: Field, value: Json, at: Place, owner: Message): void {
  if (value === null) return
  const decoded = decodeField(field, value, at, owner)
  // A list that must be there is null when it is empty: so it comes back from where it is kept.
  const isNone = field.type.shape !== 'one' && field.required && Object.keys(decoded ?? {}).length === 0
  if (isSomething(field, decoded)) result[field.name] = isNone ? null : decoded
}

/** A structure that is no pointer is always written, and so is a field that must be there. */
function isAlways({ type, pointer, required, always, omitted }: Field): boolean {
  if (always) return true
  if (pointer || omitted) return false
  return required || (type.shape === 'one' && messageNamed(type.of) !== undefined)
}

function nothingOf({ type }: Field): Json {
  if (type.shape !== 'one') return null
  if (messageNamed(type.of) !== undefined) return decodeMessage(messageNamed(type.of) as Message, {}, nowhere)
  if (type.of === 'time' || type.of === 'microTime') return null
  if (type.of === 'bool') return false
  return type.of.startsWith('int') ? 0 : ''
}

/** What stands for null inside a list or a map. */
function nothingIn(field: Field): Json {
  return nothingOf({ ...field, type: { ...field.type, shape: 'one' } })
}

const nowhere: Place = { path: '.', place: '', unknown: [], reader: 'json' }

function isSomething(field: Field, value: Json): boolean {
  if (field.pointer || field.required || field.always) return true
  if (Array.isArray(value)) return value.length > 0
  if (isObject(value)) return field.type.shape === 'one' || Object.keys(value).length > 0
  return value !== '' && value !== 0 && value !== false
}

function decodeField(field: Field, value: Json, at: Place, owner: Message): Json {
  const { shape, of } = field.type
  if (shape === 'one') return decodeOne(field, value, at, owner)
  if (shape === 'list') {
    if (!Array.isArray(value)) throw mismatch(value, owner, at, `[]${goTypeOf(field)}`)
    return value.map((item, index) =>
      decodeOne(field, item ?? nothingIn(field), { ...at, place: `${at.place}[${index}]` }, owner),
    )
  }
  if (!isObject(value)) throw mismatch(value, owner, at, `map[string]${goTypeOf(field)}`)
  const pairs = Object.entries(value).map(([key, inner]) => [
    key,
    inner === null || inner === undefined
      ? nothingIn(field)
      : decodeOne(field, inner, { ...at, place: `${at.place}.${key}` }, owner),
  ])
  return of === '' ? value : (Object.fromEntries(pairs) as JsonObject)
}

function decodeOne(field: Field, value: Json, at: Place, owner: Message): Json {
  const message = messageNamed(field.type.of)
  if (message !== undefined) {
    if (isObject(value)) return decodeMessage(message, value, at)
    throw mismatch(value, owner, at, goTypeOf(field))
  }
  const problem = problemOfScalar(field.type.of, value)
  if (problem === undefined) return value
  throw problem === 'type' ? mismatch(value, owner, at, goTypeOf(field)) : new Undecodable(problem)
}

const goTypes: Readonly<Record<string, string>> = { bytes: '[]uint8', time: 'string', microTime: 'string' }

function goTypeOf({ type: { of }, goType }: Field): string {
  if (goType !== undefined) return `v1.${goType}`
  const message = messageNamed(of)
  return message === undefined ? (goTypes[of] ?? of) : `v1.${message.goName}`
}

function mismatch(value: Json, owner: Message, { path, reader }: Place, wanted: string): Undecodable {
  if (reader === 'patch') return new Undecodable(misfit(value, wanted))
  const place = `Go struct field ${owner.goName}.${path}`
  return new Undecodable(
    `json: cannot unmarshal ${jsonTypeOf(value, wanted)} into ${place} of type ${wanted}`,
  )
}

/** What the decoder calls a value: a number that does not fit is named, one where none belongs is not. */
export function jsonTypeOf(value: Json, wanted = ''): string {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number' && wanted.startsWith('int')) return `number ${value}`
  return typeof value === 'boolean' ? 'bool' : typeof value
}

/** Go can make a text of a whole number, and a whole number of a broken one, but here it may not. */
function misfit(value: Json, wanted: string): string {
  const kind = goKindOf(value)
  if (wanted.startsWith('[]')) return `cannot restore slice from ${kind}`
  if (wanted.startsWith('map[')) return `cannot restore map from ${kind}`
  if (isMessage(wanted)) return `cannot restore struct from: ${kind}`
  const isText = wanted === 'string' || wanted.startsWith('v1.')
  const canBe = isText ? kind === 'int64' : wanted.startsWith('int') && kind === 'float64'
  if (canBe) return `cannot convert ${kind} to ${wanted}`
  return `unrecognized type: ${isText ? 'string' : wanted}`
}

function isMessage(wanted: string): boolean {
  return wanted.startsWith('v1.') && messageNamed(wanted.slice('v1.'.length)) !== undefined
}

function goKindOf(value: Json): string {
  if (Array.isArray(value)) return 'slice'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  if (typeof value === 'boolean') return 'bool'
  return isObject(value) ? 'map' : 'string'
}
