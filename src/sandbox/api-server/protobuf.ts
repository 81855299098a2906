import { badRequest, Failure } from './failure.ts'
import { isObject, type Json, type JsonObject } from './object.ts'
import { type WireField, wireFields } from './protobuf-reader.ts'
import type { Message } from './schema/message.ts'
import { messageNamed, messageOfKind } from './schema/messages.ts'

const magic = 'k8s\0'

type Field = Message['fields'][number]
type WireValue = WireField['value']

/** Reads a request body in the API's protobuf envelope, for the kinds that kubectl's typed commands send. */
export function decodeProtobuf(body: Buffer): Json {
  if (body.subarray(0, 4).toString('latin1') !== magic) throw badRequest('the body is no Kubernetes protobuf')
  const parts = new Map([...wireFields(body.subarray(4))].map(({ number, value }) => [number, value]))
  const [apiVersion, kind] = typeOf(bytesOf(parts.get(1)))
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : ''
  const message = messageOfKind(group, kind)
  if (message === undefined) {
    throw new Failure(415, 'UnsupportedMediaType', `${kind} is not read as protobuf here; send it as JSON`)
  }
  return { apiVersion, kind, ...decode(message, bytesOf(parts.get(2))) }
}

function typeOf(bytes: Uint8Array): readonly [apiVersion: string, kind: string] {
  const texts = new Map([...wireFields(bytes)].map(({ number, value }) => [number, textOf(value)]))
  return [texts.get(1) ?? '', texts.get(2) ?? '']
}

function bytesOf(value: WireValue | undefined): Uint8Array {
  return typeof value === 'object' ? value : new Uint8Array()
}

function textOf(value: WireValue | undefined): string {
  return Buffer.from(bytesOf(value)).toString()
}

function decode(message: Message, bytes: Uint8Array): JsonObject {
  const fields = new Map(message.fields.map((field) => [field.number, field]))
  const object: JsonObject = {}
  for (const { number, value } of wireFields(bytes)) {
    const field = fields.get(number)
    if (field !== undefined) put(object, field, value)
  }
  return object
}

function put(object: JsonObject, field: Field, value: WireValue): void {
  const { name, type, pointer } = field
  if (type.shape === 'list') {
    const list = object[name]
    object[name] = [...(Array.isArray(list) ? list : []), valueOf(type.of, value) ?? null]
  } else if (type.shape === 'map') {
    const map = object[name]
    object[name] = { ...(isObject(map) ? map : {}), ...pairOf(type.of, bytesOf(value)) }
  } else {
    const one = valueOf(type.of, value)
    // Go writes every field that is no pointer; its zero is what JSON leaves out.
    if (one !== undefined && (pointer || !isZero(one))) object[name] = one
  }
}

function pairOf(type: string, bytes: Uint8Array): JsonObject {
  const parts = new Map([...wireFields(bytes)].map(({ number, value }) => [number, value]))
  return { [textOf(parts.get(1))]: valueOf(type, parts.get(2) ?? new Uint8Array()) ?? '' }
}

function isZero(value: Json): boolean {
  return value === '' || value === 0 || value === false
}

function valueOf(type: string, value: WireValue): Json | undefined {
  const message = messageNamed(type)
  if (message !== undefined) return decode(message, bytesOf(value))
  if (typeof value === 'bigint') return type === 'bool' ? value !== 0n : Number(value)
  switch (type) {
    case 'bytes':
      return Buffer.from(value).toString('base64')
    case 'time':
    case 'microTime':
      return timeOf(value)
    case 'intOrString':
      return intOrString(value)
    case 'quantity':
      return textOf(new Map([...wireFields(value)].map((field) => [field.number, field.value])).get(1))
    default:
      return textOf(value)
  }
}

function timeOf(bytes: Uint8Array): string | undefined {
  const parts = new Map([...wireFields(bytes)].map(({ number, value }) => [number, Number(value)]))
  const seconds = parts.get(1)
  if (seconds === undefined) return undefined
  const micros = String(Math.floor((parts.get(2) ?? 0) / 1000)).padStart(6, '0')
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19)
  return parts.get(2) === undefined ? `${whole}Z` : `${whole}.${micros}Z`
}

function intOrString(bytes: Uint8Array): Json {
  const parts = new Map([...wireFields(bytes)].map(({ number, value }) => [number, value]))
  return parts.get(1) === 1n ? textOf(parts.get(3)) : Number(parts.get(2) ?? 0n)
}
