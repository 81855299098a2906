import { goQuoted } from './go-text.ts'
import type { JsonObject } from './object.ts'

/** What identifies a resource in messages. */
export interface Named {
  readonly group: string
  readonly plural: string
  readonly kind: string
}

interface Cause {
  readonly reason?: string
  readonly message: string
  readonly field?: string
}

interface Details {
  readonly name?: string
  readonly group?: string
  readonly kind?: string
  readonly uid?: string
  readonly causes?: readonly Cause[]
  readonly retryAfterSeconds?: number
}

/** An answer that is a Kubernetes Status with an error code. */
export class Failure extends Error {
  readonly code: number
  readonly reason: string
  readonly details: Details | undefined
  readonly metadata: JsonObject

  constructor(code: number, reason: string, message: string, details?: Details, metadata: JsonObject = {}) {
    super(message)
    this.metadata = metadata
    this.code = code
    this.reason = reason
    this.details = details
  }

  toStatus(): JsonObject {
    const status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: this.metadata,
      status: 'Failure',
      message: this.message,
    }
    const reason = this.reason === '' ? {} : { reason: this.reason }
    const details = this.details === undefined ? {} : { details: this.details }
    return { ...status, ...reason, ...details, code: this.code } as unknown as JsonObject
  }
}

/** One thing wrong with one field, as Kubernetes words it. */
export interface FieldProblem {
  readonly field: string
  readonly reason: string
  readonly message: string
}

export function required(field: string, detail = ''): FieldProblem {
  const message = detail === '' ? 'Required value' : `Required value: ${detail}`
  return { field, reason: 'FieldValueRequired', message }
}

export function invalidValue(field: string, value: unknown, detail: string): FieldProblem {
  return { field, reason: 'FieldValueInvalid', message: `Invalid value: ${goQuoted(value)}: ${detail}` }
}

export function forbidden(field: string, detail: string): FieldProblem {
  return { field, reason: 'FieldValueForbidden', message: `Forbidden: ${detail}` }
}

export function unsupported(field: string, value: unknown, supported: readonly unknown[]): FieldProblem {
  const list = supported
    .map((one) => goQuoted(typeof one === 'string' ? one : (JSON.stringify(one) ?? '')))
    .join(', ')
  const message = `Unsupported value: ${goQuoted(value)}: supported values: ${list}`
  return { field, reason: 'FieldValueNotSupported', message }
}

export function duplicate(field: string, value: unknown): FieldProblem {
  return { field, reason: 'FieldValueDuplicate', message: `Duplicate value: ${goQuoted(value)}` }
}

function resourceOf(type: Named): string {
  return type.group === '' ? type.plural : `${type.plural}.${type.group}`
}

function detailsOf(type: Named, name: string, kind = type.plural): Details {
  return { ...(name && { name }), ...(type.group && { group: type.group }), ...(kind && { kind }) }
}

export function notFound(type: Named, name: string): Failure {
  return new Failure(404, 'NotFound', `${resourceOf(type)} "${name}" not found`, detailsOf(type, name))
}

export function alreadyExists(type: Named, name: string): Failure {
  const message = `${resourceOf(type)} "${name}" already exists`
  return new Failure(409, 'AlreadyExists', message, detailsOf(type, name))
}

export function conflict(type: Named, name: string, why: string): Failure {
  const message = `Operation cannot be fulfilled on ${resourceOf(type)} "${name}": ${why}`
  return new Failure(409, 'Conflict', message, detailsOf(type, name))
}

export function stale(type: Named, name: string): Failure {
  const why = 'the object has been modified; please apply your changes to the latest version and try again'
  return conflict(type, name, why)
}

export function invalid(type: Named, name: string, problems: readonly FieldProblem[]): Failure {
  const kind = type.group === '' ? type.kind : `${type.kind}.${type.group}`
  // What is wrong twice is told once, and counts twice among the causes.
  const texts = [...new Set(problems.map((problem) => `${problem.field}: ${problem.message}`))]
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`
  return new Failure(422, 'Invalid', `${kind} "${name}" is invalid: ${list}`, {
    ...detailsOf(type, name, type.kind),
    causes: problems.map(({ field, reason, message }) => ({ reason, message, field })),
  })
}

export function forbiddenRequest(type: Named, name: string, why: string, causes?: readonly Cause[]): Failure {
  const message = `${resourceOf(type)} "${name}" is forbidden: ${why}`
  return new Failure(403, 'Forbidden', message, { ...detailsOf(type, name), ...(causes && { causes }) })
}

export function badRequest(message: string): Failure {
  return new Failure(400, 'BadRequest', message)
}

export function noSuchPath(): Failure {
  return new Failure(404, 'NotFound', 'the server could not find the requested resource', {})
}

/** Paths below no known root are answered by no API at all, in plain text. */
export class PageNotFound extends Error {}

export function methodNotAllowed(): Failure {
  return new Failure(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  )
}

export function unsupportedMediaType(accepted: string): Failure {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted}`
  return new Failure(415, 'UnsupportedMediaType', message)
}

/** `continues` is where to go on, for a client that does not mind what happened in between. */
export function expired(message: string, continues?: string): Failure {
  return new Failure(
    410,
    'Expired',
    message,
    undefined,
    continues === undefined ? {} : { continue: continues },
  )
}
