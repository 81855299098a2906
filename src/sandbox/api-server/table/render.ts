import { render } from '../render.ts'
import type { ResourceType } from '../resource-type.ts'
import type { Entry } from '../shelf.ts'

/** How much of each object a row carries along. */
type Included = 'None' | 'Metadata' | 'Object'

interface Wanted {
  readonly included: Included
  /** Watch events after the first repeat no column definitions. */
  readonly definitions: boolean
}

/** Whether a client asked for a table, and if so with what in its rows. */
export function tableWanted(accept: string, query: URLSearchParams): Included | undefined {
  if (!/as=Table\b[^,]*g=meta\.k8s\.io|g=meta\.k8s\.io[^,]*as=Table\b/.test(accept)) return undefined
  const included = query.get('includeObject')
  return included === 'None' || included === 'Object' ? included : 'Metadata'
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
  if (included === 'None') return `{"cells":${cells}}`
  const partial = {
    kind: 'PartialObjectMetadata',
    apiVersion: 'meta.k8s.io/v1',
    metadata: entry.object.metadata,
  }
  const object = included === 'Object' ? render(type, entry) : JSON.stringify(partial)
  return `{"cells":${cells},"object":${object}}`
}
