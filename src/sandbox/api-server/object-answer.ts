import { type Answer, warningHeaders } from './answer.ts'
import type { Call } from './call.ts'
import { badRequest } from './failure.ts'
import { render } from './render.ts'
import type { ResourceType } from './resource-type.ts'
import type { Entry } from './shelf.ts'
import { renderTable, tableWanted } from './table/render.ts'
import type { WriteOptions } from './write.ts'

interface Extras {
  readonly code?: number
  readonly warnings?: readonly string[]
}

/** One object in the form the client asked for. */
export function objectAnswer(type: ResourceType, entry: Entry, call: Call, extras: Extras = {}): Answer {
  const { code = 200, warnings = [] } = extras
  const included = tableWanted(call.accept, call.query)
  const metadata = { resourceVersion: String(entry.revision) }
  const json =
    included === undefined
      ? render(type, entry)
      : renderTable(type, [entry], metadata, { included, definitions: true })
  return { code, json, headers: warningHeaders(warnings) }
}

export function writeOptionsOf({ query }: Call): WriteOptions {
  const dryRun = query.getAll('dryRun')
  if (dryRun.some((value) => value !== 'All' && value !== '')) {
    throw badRequest(`Invalid value for dryRun: ${JSON.stringify(dryRun)}: only All is supported`)
  }
  const fieldValidation = query.get('fieldValidation') || 'Warn'
  if (fieldValidation !== 'Strict' && fieldValidation !== 'Warn' && fieldValidation !== 'Ignore') {
    throw badRequest(`Invalid value for fieldValidation: ${fieldValidation}: use Strict, Warn or Ignore`)
  }
  return { dryRun: dryRun.includes('All'), fieldValidation, warnings: [] }
}
