import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packageRoot } from '../src/sandbox/package-root.ts'
import { isInstalled } from './client.ts'

/** Programs of bench/ that are written in C, compiled; they go with it. */
export interface Compiled extends Disposable {
  /** Path of the program. */
  programOf(name: string): string
}

/** Compiles them; undefined where there is no compiler. */
export function compile(...names: readonly string[]): Compiled | undefined {
  if (!isInstalled('cc')) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'lanlord-bench-'))
  const programOf = (name: string): string => join(folder, name)
  for (const name of names) {
    const source = join(packageRoot(), 'bench', `${name}.c`)
    const { status, stderr } = spawnSync('cc', ['-O2', '-o', programOf(name), source])
    if (status !== 0) throw new Error(`cc: ${stderr.toString()}`)
  }
  return { programOf, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}
