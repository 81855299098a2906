import { stringify } from 'yaml'
import type { Answer } from './answer.ts'
import { Failure } from './failure.ts'

/** In which shape a client wants objects, and in which notation. */
export interface Form {
  readonly as: 'Object' | 'Table' | 'Partial'
  readonly notation: 'json' | 'yaml'
}

const partials = ['PartialObjectMetadata', 'PartialObjectMetadataList']
const json: Form = { as: 'Object', notation: 'json' }

/** The first form of those that a client accepts that there is here; what it is told where there is none depends on the kind. */
export function formOf(accept: string, isCustom = false): Form {
  const clauses = accept.split(',').map((clause) => clause.trim())
  if (accept.trim() === '') return json
  for (const clause of clauses) {
    const form = formOfClause(clause)
    if (form !== undefined) return form
  }
  const known = 'application/json, application/yaml, application/vnd.kubernetes.protobuf'
  if (isCustom || clauses.some((clause) => notationOf(mediaTypeOf(clause)) !== undefined)) {
    throw new Failure(406, 'NotAcceptable', `only the following media types are accepted: ${known}`)
  }
  const message = `406: Not Acceptable\n\nAvailable representations: ${known}`
  throw new Failure(406, 'NotAcceptable', message, {})
}

function mediaTypeOf(clause: string): string {
  return clause.split(';')[0]?.trim() ?? ''
}

function formOfClause(clause: string): Form | undefined {
  const [type = '', ...rest] = clause.split(';').map((part) => part.trim())
  const options = new Map(rest.map((part) => part.split('=', 2) as [string, string]))
  const notation = notationOf(type)
  const wanted = options.get('as')
  if (notation === undefined) return undefined
  if (wanted === undefined) return { as: 'Object', notation }
  if (options.get('g') !== 'meta.k8s.io' || options.get('v') !== 'v1') return undefined
  if (wanted === 'Table') return { as: 'Table', notation }
  return partials.includes(wanted) ? { as: 'Partial', notation } : undefined
}

/** Protobuf is read here and not written: who accepts it accepts JSON as well. */
function notationOf(type: string): Form['notation'] | undefined {
  if (['application/json', '*/*', 'application/*'].includes(type)) return 'json'
  return type === 'application/yaml' ? 'yaml' : undefined
}

/** An answer in the notation that the client wants. */
export function inNotation(answer: Answer, accept: string): Answer {
  const isJson = answer.headers?.['content-type'] === undefined
  if (!isJson || formOf(accept).notation === 'json') return answer
  const value = typeof answer.json === 'string' ? (JSON.parse(answer.json) as unknown) : answer.json
  const text = stringify(value, { sortMapEntries: true, lineWidth: 0, indentSeq: false, version: '1.1' })
  return { ...answer, json: text, headers: { ...answer.headers, 'content-type': 'application/yaml' } }
}
