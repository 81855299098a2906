import { badRequest, Failure } from './failure.ts'
import {
  copyOf,
  isObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type ObjectMeta,
  textOf,
} from './object.ts'
import { apiVersionOf, type ResourceType } from './resource-type.ts'
import { decodeBuiltIn, type Reader, Undecodable } from './schema/decode.ts'
import { decodeCustom } from './schema/decode-custom.ts'
import type { Message } from './schema/message.ts'
import { messageOfKind } from './schema/messages.ts'

/** What a client wants to hear about fields that a kind does not have. */
export interface Strictness {
  readonly fieldValidation: 'Strict' | 'Warn' | 'Ignore'
  /** Filled with what the client should be told although the request is fine. */
  readonly warnings: string[]
}

/** What arrived in a body as an object of its resource, with its defaults; whether it may be stored is still to be seen. */
export function draftOf(type: ResourceType, body: Json, strictness: Strictness): KubeObject {
  try {
    const sent = envelopeOf(type, body, strictness)
    return decoded(type, sent, strictness)
  } catch (error) {
    if (!(error instanceof Undecodable)) throw error
    const what = `${type.kind} in version ${JSON.stringify(type.version)}`
    throw badRequest(`${what} cannot be handled as a ${type.kind}: ${error.message}`)
  }
}

/** As draftOf, for what a patch made of an object; a mistake is then one of the patch. */
export function patchedDraftOf(
  type: ResourceType,
  patched: Json,
  strictness: Strictness,
  { shown, reader }: { readonly shown: string; readonly reader: Reader },
): KubeObject {
  try {
    const body = isObject(patched) ? copyOf(patched) : {}
    const stranger = strangerIn(type, body)
    if (stranger !== undefined) throw new Undecodable(stranger)
    return decoded(type, body, strictness, reader)
  } catch (error) {
    if (!(error instanceof Undecodable)) throw error
    const message = `Invalid value: ${JSON.stringify(shown)}: ${error.message}`
    const causes = [{ reason: 'FieldValueInvalid', message, field: 'patch' }]
    throw new Failure(422, 'Invalid', ` "" is invalid: patch: ${message}`, { causes })
  }
}

function decoded(
  type: ResourceType,
  sent: JsonObject,
  strictness: Strictness,
  reader: Reader = 'json',
): KubeObject {
  const message = type.custom ? undefined : messageOfKind(type.group, type.kind)
  const { value, unknown } =
    message === undefined ? decodeCustom(type, sent) : decodeBuiltIn(message, sent, reader)
  complain(unknown, strictness)
  const { kind, apiVersion, metadata, ...rest } = value
  const draft: KubeObject = {
    kind: type.custom ? textOf(kind ?? '') : type.kind,
    apiVersion: type.custom ? textOf(apiVersion ?? '') : apiVersionOf(type),
    metadata: metadataOf(metadata),
    ...rest,
  }
  const stored = type.view === undefined ? draft : type.view.stored(draft)
  type.strategy.fillIn?.(stored)
  return stored
}

function complain(unknown: readonly string[], { fieldValidation, warnings }: Strictness): void {
  const complaints = unknown.map((field) => `unknown field ${JSON.stringify(field)}`)
  if (fieldValidation === 'Warn') warnings.push(...complaints)
  if (fieldValidation !== 'Strict' || complaints.length === 0) return
  throw new Undecodable(`strict decoding error: ${complaints.join(', ')}`)
}

function metadataOf(metadata: Json | undefined): ObjectMeta {
  if (!isObject(metadata)) return {}
  const { selfLink: _, ...rest } = metadata
  return rest as ObjectMeta
}

const typeMeta =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'

/** The body as an object that does not say to be of another kind. */
function envelopeOf(type: ResourceType, body: Json, strictness: Strictness): JsonObject {
  if (type.custom) return customEnvelope(type, body, strictness)
  if (body === null) return {}
  if (!isObject(body)) throw unrecognized(type, notAnObject(body), summaryOf(body))
  const stranger = strangerIn(type, body)
  if (stranger === undefined) return copyOf(body)
  const { kind, version } = sentKind(type, body)
  const what = `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${type.kind}`
  throw badRequest(`${what}: ${stranger}`)
}

/** A custom resource must say what it is; whether that is of the right kind is seen later. */
function customEnvelope(type: ResourceType, body: Json, strictness: Strictness): JsonObject {
  if (body !== null && !isObject(body)) throw unrecognized(type, notAnObject(body), summaryOf(body))
  if (body === null || !body['kind']) {
    throw unrecognized(type, `Object 'Kind' is missing in '${JSON.stringify(body)}'`, summaryOf(body))
  }
  const sent = textOf(body['apiVersion'] ?? '')
  const expected = apiVersionOf(type)
  if (sent === expected) return copyOf(body)
  const { kind: _, apiVersion: __, metadata: ___, ...strange } = body
  complain(Object.keys(strange).toSorted(), strictness)
  throw badRequest(
    `the API version in the data (${sent}) does not match the expected API version (${expected})`,
  )
}

/** What Kubernetes' decoder says of JSON that is no object. */
export function notAnObject(body: Json): string {
  const name = Array.isArray(body) ? 'array' : typeof body === 'boolean' ? 'bool' : typeof body
  return `couldn't get version/kind; json parse error: json: cannot unmarshal ${name} into Go value of type ${typeMeta}`
}

const shown = 30

/** The beginning of a body, in hexadecimal where it is no object. */
function summaryOf(body: Json): string {
  const text = Buffer.from(JSON.stringify(body))
  const head = text.subarray(0, shown).toString(isObject(body) ? 'utf8' : 'hex')
  return text.length > shown ? `${head} ...` : head
}

export function unrecognized(type: ResourceType, why: string, summary: string): Failure {
  return badRequest(`the object provided is unrecognized (must be of type ${type.kind}): ${why} (${summary})`)
}

interface SentKind {
  readonly kind: string
  readonly group: string
  readonly version: string
}

function sentKind(type: ResourceType, { kind, apiVersion }: JsonObject): SentKind {
  const sent = textOf(apiVersion ?? '') || apiVersionOf(type)
  const [version = '', group = ''] = sent.split('/').toReversed()
  return { kind: textOf(kind ?? '') || type.kind, group, version }
}

const scheme = '"pkg/runtime/scheme.go:111"'

/** What is wrong with an object that says to be of another kind; undefined for one of the right kind. */
function strangerIn(type: ResourceType, body: JsonObject): string | undefined {
  const { kind, group, version } = sentKind(type, body)
  if (type.custom) return undefined
  if (kind === type.kind && group === type.group && version === type.version) return undefined
  const message = messageOfKind(group, kind)
  if (message === undefined || version !== 'v1' || group !== type.group) {
    const gv = JSON.stringify(group === '' ? version : `${group}/${version}`)
    return `no kind ${JSON.stringify(kind)} is registered for version ${gv} in scheme ${scheme}`
  }
  return mistakeIn(message, body) ?? `converting (v1.${kind}) to (core.${type.kind}): unknown conversion`
}

/** An object of another kind is first read as what it says to be. */
function mistakeIn(message: Message, body: JsonObject): string | undefined {
  try {
    decodeBuiltIn(message, body)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const letters = 'bcdfghjklmnpqrstvwxz2456789'

export function randomSuffix(length = 5): string {
  const pick = (): string => letters[Math.floor(Math.random() * letters.length)] ?? 'x'
  return Array.from({ length }, pick).join('')
}
