import type { KubeObject } from '../object.ts'
import { ageOf } from './age.ts'

export type Cell = string | number | boolean | null

/** One column of kubectl's table; a priority above zero shows it with -o wide only. */
export interface Column {
  readonly name: string
  readonly type: string
  readonly format: string
  readonly description: string
  readonly priority: number
}

export interface Columns {
  readonly definitions: readonly Column[]
  readonly cells: (object: KubeObject) => readonly Cell[]
}

type Extra = 'wide' | 'integer' | 'date'
type Printer = readonly [name: string, cell: (object: KubeObject) => Cell | undefined, extra?: Extra]

const name = ['Name', (object: KubeObject) => object.metadata.name] as const
export const age: Printer = ['Age', (object) => ageOf(object.metadata.creationTimestamp)]

/** The columns after NAME, which nearly every table begins with. */
export function columns(...printers: readonly Printer[]): Columns {
  return columnsOf([name, ...printers])
}

/** The columns of a table whose names say nothing: NAME comes last, with -o wide. */
export function columnsBeforeName(...printers: readonly Printer[]): Columns {
  return columnsOf([...printers, [...name, 'wide']])
}

function columnsOf(all: readonly Printer[]): Columns {
  return {
    definitions: all.map(([title, , extra]) => ({
      name: title,
      type: extra === undefined || extra === 'wide' ? 'string' : extra,
      format: title === 'Name' ? 'name' : '',
      description: '',
      priority: extra === 'wide' ? 1 : 0,
    })),
    cells: (object) => all.map(([, cell]) => cell(object) ?? '<none>'),
  }
}
