import type { Answer } from './answer.ts'
import type { Call } from './call.ts'
import { formOf, inNotation } from './negotiate.ts'
import { render, renderPartial } from './render.ts'
import type { ResourceType } from './resource-type.ts'
import type { Entry } from './shelf.ts'
import { includedIn, renderTable } from './table/render.ts'

/** One object in the form the client asked for. */
export function objectAnswer(type: ResourceType, entry: Entry, call: Call, code = 200): Answer {
  const json = textOf(type, entry, call)
  return inNotation({ code, json }, call.accept)
}

function textOf(type: ResourceType, entry: Entry, { accept, query }: Call): string {
  const { as } = formOf(accept)
  if (as === 'Object') return render(type, entry)
  if (as === 'Partial') return renderPartial(entry)
  const metadata = { resourceVersion: String(entry.revision) }
  return renderTable(type, [entry], metadata, { included: includedIn(query), definitions: true })
}
