import type { Playground } from '../../src/sandbox/playground.ts'
import { row } from '../figures.ts'
import { repeat } from '../move.ts'
import { headings, linesOf, type Seen } from './seen.ts'

/** One move of the list. */
export interface Row<Scene> {
  /** What a person calls it by on the command line: one word. */
  readonly name: string
  /** What happens, in the words of the table. */
  readonly what: string
  /** Whether it is in the list that is taken when time is short. */
  readonly isShort?: boolean
  /** Does it once, from a scene in which all is well to one in which all is well again. */
  readonly once: (scene: Scene) => Promise<Seen>
}

/** Rows that are taken on the same scene, one after the other. */
export interface Series<Scene> {
  readonly rows: readonly Row<Scene>[]
  /** Undefined, after a line that says why, where the scene cannot be had. */
  readonly open: (setting: Setting) => Promise<(Scene & AsyncDisposable) | undefined>
}

export interface Wish {
  readonly tries: number
  /** Only rows whose name has one of these words in it; all of them unless there is one. */
  readonly only: readonly string[]
  readonly isShort: boolean
}

export interface Setting extends Wish {
  readonly ground: Playground['ground']
}

/** The rows that are wished for. Who names a row has it, in the short list or not. */
export function chosenOf<T extends { readonly name: string; readonly isShort?: boolean }>(
  rows: readonly T[],
  { only, isShort }: Pick<Wish, 'only' | 'isShort'>,
): readonly T[] {
  if (only.length > 0) return rows.filter(({ name }) => only.some((word) => name.includes(word)))
  return isShort ? rows.filter((each) => each.isShort === true) : rows
}

/** Takes those rows of a series that are wished for, and prints each when it is done. */
export async function take<Scene>({ rows, open }: Series<Scene>, setting: Setting): Promise<void> {
  const chosen = chosenOf(rows, setting)
  if (chosen.length === 0) return
  await using scene = await open(setting)
  if (scene === undefined) return
  for (const { name, what, once } of chosen) {
    const startMs = performance.now()
    const tries = await repeat(setting.tries, () => once(scene))
    print(name, what, tries, (performance.now() - startMs) / 1000)
  }
}

/** The heading over all rows. */
export function printHeadings(): void {
  row('', ...headings)
}

function print(name: string, what: string, tries: readonly Seen[], seconds: number): void {
  row(`${name}: ${what} (${seconds.toFixed(0)} s)`)
  for (const { by, cells } of linesOf(tries)) row(`    ${by}`, ...cells)
}
