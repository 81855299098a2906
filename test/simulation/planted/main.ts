import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { bugs } from './bugs.ts'
import type { Bug } from './bugs.ts'

/*
 * node dist/planted.js [seeds [name …]]
 *
 * The proof that the simulator can fail: plants one bug after the other in a copy of the source, plays histories until one
 * goes wrong, and prints how many that took. Exits with 1 when one was not found.
 */

const root = resolve(import.meta.dirname, '..')
const [seeds = '1600', ...names] = process.argv.slice(2)
const wanted =
  names.length === 0 ? bugs : bugs.filter(({ name }) => names.some((each) => name.includes(each)))
const missed = wanted.filter((bug) => !find(bug))
console.log(`\n${wanted.length - missed.length} of ${wanted.length} found within ${seeds} seeds`)
process.exitCode = missed.length > 0 ? 1 : 0

function find(bug: Bug): boolean {
  const copy = mkdtempSync(join(tmpdir(), 'lanlord-planted-'))
  try {
    copyTo(copy)
    plant(bug, copy)
    execFileSync('node', ['scripts/build.js', 'simulate'], { cwd: copy, stdio: 'inherit' })
    const played = play(copy)
    const [, seed, words] = /^seed (\d+): (.*)$/m.exec(played) ?? []
    console.log(`${(seed ?? 'not found').padStart(9)}  ${bug.name}\n           ${words ?? ''}`)
    return seed !== undefined
  } finally {
    rmSync(copy, { recursive: true })
  }
}

function copyTo(copy: string): void {
  for (const name of ['src', 'scripts', 'package.json'])
    cpSync(join(root, name), join(copy, name), { recursive: true })
  mkdirSync(join(copy, 'test'))
  cpSync(join(root, 'test/simulation'), join(copy, 'test/simulation'), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
}

function plant({ name, file, from, to }: Bug, copy: string): void {
  const path = join(copy, file)
  const source = readFileSync(path, 'utf8')
  if (source.split(from).length !== 2)
    throw new Error(`"${name}" has no place in ${file} any more: mend test/simulation/planted/bugs.ts`)
  writeFileSync(
    path,
    source.replace(from, () => to),
  )
}

/** What the simulator says; it exits with 1 when a history goes wrong, and that is what is asked for. */
function play(copy: string): string {
  try {
    return execFileSync('node', ['dist/simulate.js', '--seeds', seeds, '--no-shrink'], {
      cwd: copy,
      encoding: 'utf8',
    })
  } catch (error) {
    return (error as { readonly stdout: string }).stdout
  }
}
