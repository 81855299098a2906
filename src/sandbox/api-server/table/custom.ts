import { isObject, type KubeObject } from '../object.ts'
import type { PrinterColumn } from '../strategy/definition-spec.ts'
import { ageOf } from './age.ts'
import type { Cell, Columns } from './columns.ts'
import { age, columns } from './columns.ts'
import { valuesAt } from './json-path.ts'

const plain = columns(age)
const nameColumn = plain.definitions.slice(0, 1)

/** The columns that a CustomResourceDefinition asks for, after NAME; only AGE where it asks for none. */
export function customColumns(wanted: readonly PrinterColumn[] | undefined): Columns {
  if (wanted === undefined || wanted.length === 0) return plain
  const own = wanted.map(({ name, type, format = '', description = '', priority = 0 }) => ({
    name,
    type,
    format,
    description,
    priority,
  }))
  return {
    definitions: [...nameColumn, ...own],
    cells: (object) => [object.metadata.name ?? '', ...wanted.map((column) => cellOf(column, object))],
  }
}

function cellOf({ type, jsonPath }: PrinterColumn, object: KubeObject): Cell {
  const values = valuesAt(object, jsonPath)
  const [first] = values
  if (first === undefined || first === null) return null
  if (type === 'date') return typeof first === 'string' ? ageOf(first) : null
  if (type !== 'string') return typeof first === 'object' ? null : (first as Cell)
  return textOf(values.length > 1 ? values : first)
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return isObject(value) || Array.isArray(value) ? JSON.stringify(value) : String(value)
}
