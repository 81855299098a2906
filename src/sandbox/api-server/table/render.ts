import { badRequest } from '../failure.ts'
import { render, renderPartial } from '../render.ts'
import type { ResourceType } from '../resource-type.ts'
import type { Entry } from '../shelf.ts'

/** How much of each object a row carries along. */
type Included = 'None' | 'Metadata' | 'Object'

interface Wanted {
  readonly included: Included
  /** Watch events after the first repeat no column definitions. */
  readonly definitions: boolean
}

/** With what in its rows a client asked for a table. */
export function includedIn(query: URLSearchParams): Included {
  const included = query.get('includeObject') ?? ''
  if (included === 'None' || included === 'Object') return included
  if (included === '' || included === 'Metadata') return 'Metadata'
  const why = `includeObject: Invalid value: ${JSON.stringify(included)}: must be 'Metadata', 'Object', 'None', or empty`
  throw badRequest(`Unable to convert to Table as requested: ${why}`)
}

/** Objects as kubectl's table, in JSON. */
export function renderTable(
  type: ResourceType,
  entries: readonly Entry[],
  metadata: object,
  { included, definitions }: Wanted,
): string {
  const rows = entries.map((entry) => rowOf(type, entry, included)).join(',')
  const columns = definitions ? JSON.stringify(type.columns.definitions) : 'null'
  const head = `{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":${JSON.stringify(metadata)}`
  return `${head},"columnDefinitions":${columns},"rows":[${rows}]}`
}

function rowOf(type: ResourceType, entry: Entry, included: Included): string {
  const cells = JSON.stringify(type.columns.cells(entry.object))
  if (included === 'None') return `{"cells":${cells},"object":null}`
  const object = included === 'Object' ? render(type, entry) : renderPartial(entry)
  return `{"cells":${cells},"object":${object}}`
}
