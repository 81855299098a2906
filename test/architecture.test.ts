import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, posix, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** One import statement: where it stands and what it names, a path from the root of the repository or a package. */
interface Import {
  readonly from: string
  readonly to: string
}

function sourcesIn(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.filter((name) => name.endsWith('.ts')).map((name) => posix.join(folder, name))
}

/** Every way to import: from, a bare import, import(), and re-exports. */
function importsOf(from: string, text: string): readonly Import[] {
  const statements = text.matchAll(
    /^(?:import|export)\b[^'"=]*?\bfrom ['"](.+?)['"]|^import ['"](.+?)['"]|\bimport\(\s*['"](.+?)['"]/gm,
  )
  return [...statements].map(([, named, bare, dynamic]) => {
    const to = named ?? bare ?? dynamic ?? ''
    return { from, to: to.startsWith('.') ? posix.join(dirname(from), to) : to }
  })
}

const anyPackage = 'any package'

const arrows: readonly (readonly [from: string, to: readonly string[]])[] = [
  ['src/core/', ['src/core/', 'ip-address']],
  ['src/core/api/', ['zod']],
  ['src/platform/', ['src/platform/', 'src/core/', anyPackage]],
  ['src/sandbox/', ['src/sandbox/', 'src/platform/', 'src/core/', anyPackage]],
  ['src/programs/', ['src/platform/', 'src/core/', anyPackage]],
  ['src/programs/demo/', ['src/sandbox/']],
]

/** The folder of a program; its files may import one another, and nobody else's. */
function programOf(path: string): string | undefined {
  return /^src\/programs\/[^/]+\//.exec(path)?.[0]
}

function isAllowed({ from, to }: Import): boolean {
  const program = programOf(from)
  if (program !== undefined && programOf(to) === program) return true
  const targets = arrows.flatMap(([source, ends]) => (from.startsWith(source) ? ends : []))
  return targets.some((end) => to.startsWith(end)) || (targets.includes(anyPackage) && !to.startsWith('src/'))
}

const sources = sourcesIn('src')
const imports = sources.flatMap((path) => importsOf(path, readFileSync(path, 'utf8')))

describe('the import arrows', () => {
  it.each(['src/core/', 'src/platform/', 'src/sandbox/', 'src/programs/'])(
    'are read from %s, which has files and imports',
    (folder) => {
      expect(sources.filter((path) => path.startsWith(folder)).length).toBeGreaterThan(3)
      expect(imports.filter(({ from }) => from.startsWith(folder)).length).toBeGreaterThan(3)
    },
  )

  it('point one way: programs to platform to core, and no program to another', () => {
    const wrong = imports.filter((found) => !isAllowed(found))
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([])
  })

  it.each([
    ['src/core/pool/pool.ts', "import { a } from '../ip/range.ts'", true],
    ['src/core/pool/pool.ts', "import { Address4 } from 'ip-address'", true],
    ['src/core/pool/pool.ts', "import * as z from 'zod'", false],
    ['src/core/api/speaker-spec.ts', "import * as z from 'zod'", true],
    ['src/core/api/speaker-spec.ts', "import { stringify } from 'yaml'", false],
    ['src/core/ip/range.ts', "import { readFile } from 'node:fs/promises'", false],
    ['src/core/ip/range.ts', "import { readFile } from 'fs'", false],
    ['src/core/ip/range.ts', "import 'undici'", false],
    ['src/core/ip/range.ts', "export { a } from '../../platform/http/server.ts'", false],
    ['src/core/ip/range.ts', "import {\n  a,\n} from '../../platform/http/server.ts'", false],
    ['src/core/ip/range.ts', "import type { A } from '../../sandbox/a.ts'", false],
    ['src/core/ip/range.ts', "const a = await import('../../programs/cli/main.ts')", false],
    ['src/platform/http/server.ts', "import { Hono } from 'hono'", true],
    ['src/platform/http/server.ts', "import { a } from '../../core/ip/range.ts'", true],
    ['src/platform/http/server.ts', "import { a } from '../../sandbox/a.ts'", false],
    ['src/platform/http/server.ts', "import { a } from '../../programs/cli/a.ts'", false],
    ['src/sandbox/main.ts', "import { a } from '../platform/http/server.ts'", true],
    ['src/sandbox/main.ts', "import { a } from '../programs/speaker/a.ts'", false],
    ['src/programs/cli/main.ts', "import json from '../../../package.json'", true],
    ['src/programs/speaker/wire/main.ts', "import { a } from '../cluster.ts'", true],
    ['src/programs/speaker/cluster.ts', "import { a } from '../controller/a.ts'", false],
    ['src/programs/speaker/cluster.ts', "import { a } from '../../sandbox/a.ts'", false],
    ['src/programs/demo/main.ts', "import { a } from '../../sandbox/a.ts'", true],
    ['src/programs/demo/main.ts', "import { a } from '../cli/a.ts'", false],
  ])('in %s: %s is allowed: %s', (from, text, expected) => {
    const found = importsOf(from, text)
    expect(found).toHaveLength(1)
    expect(found.every(isAllowed)).toBe(expected)
  })

  it('leave core without waiting: no async, no await, no promise', () => {
    const core = sources.filter((path) => path.startsWith('src/core/'))
    const waiting = core.filter((path) => {
      const code = readFileSync(path, 'utf8').replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, '')
      return /\b(async|await|Promise)\b/.test(code)
    })
    expect(waiting).toEqual([])
  })
})

const emptyNames = /^(utils?|helpers?|common|shared|misc|types?|index|managers?|base|lib)$/

describe('the names of files', () => {
  const names = [...sources, ...sourcesIn('test')].flatMap((path) =>
    path.split('/').map((part) => ({ path, part: part.replace(/(\.test|\.d)?\.ts$/, '') })),
  )

  it('say what is in them', () => {
    expect(names.filter(({ part }) => emptyNames.test(part)).map(({ path }) => path)).toEqual([])
  })

  it('are written in kebab-case', () => {
    const wrong = names.filter(({ part }) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(part))
    expect(wrong.map(({ path }) => path)).toEqual([])
  })
})

const decides = 'core decides and imports nothing but itself'
const acts = 'platform acts for programs and never knows them'
const runs = 'the sandbox runs the programs as processes'

/** Files that nobody should be able to add, and the words with which the linter refuses them; none where it is content. */
const planted: readonly (readonly [path: string, text: string, words?: string])[] = [
  ['src/core/ip/a.ts', "export { readFile } from 'node:fs/promises'", decides],
  ['src/core/ip/b.ts', "export { readFile } from 'fs'", decides],
  ['src/core/c.ts', "export { request } from 'undici'", decides],
  ['src/core/d.ts', "export { load } from 'koffi'", decides],
  ['src/core/e.ts', "import type { A } from '../platform/http/a.ts'\nexport type B = A", decides],
  ['src/core/election/f.ts', "export { a } from '../../programs/speaker/a.ts'", decides],
  ['src/core/election/g.ts', "export { a } from '../../sandbox/a.ts'", decides],
  ['src/core/pool/h.ts', "export { z } from 'zod'", decides],
  ['src/core/pool/i.ts', "export const a = await import('node:fs')", decides],
  ['src/core/api/j.ts', "export { stringify } from 'yaml'", decides],
  ['src/core/ip/k.ts', 'export const now = () => Date.now()', "Unexpected use of 'Date'"],
  ['src/core/ip/l.ts', 'export const pid = () => process.pid', "Unexpected use of 'process'"],
  ['src/platform/http/m.ts', "export { a } from '../../programs/controller/a.ts'", acts],
  ['src/platform/http/n.ts', "export { a } from '../../sandbox/a.ts'", acts],
  ['src/sandbox/o.ts', "export { a } from '../programs/controller/a.ts'", runs],
  ['src/platform/http/anyName.ts', 'export const a = 1', 'kebab-case'],
  ['src/platform/http/p.ts', 'export default 1', 'default'],
  ['src/core/ip/q.ts', "export { Address4 } from 'ip-address'"],
  ['src/core/api/r.ts', "export { z } from 'zod'"],
  ['src/core/pool/s.ts', "export { a } from '../ip/a.ts'"],
  ['src/platform/http/t.ts', "export { Hono } from 'hono'"],
]

interface Diagnostic {
  readonly filename: string
  readonly message: string
  readonly help?: string
}

describe('the linter', () => {
  let folder: string
  let diagnostics: readonly Diagnostic[]
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lanlord-lint-'))
    for (const name of ['.oxlintrc.json', 'tsconfig.json']) copyFileSync(name, join(folder, name))
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
    for (const [path, text] of planted) {
      mkdirSync(join(folder, dirname(path)), { recursive: true })
      writeFileSync(join(folder, path), `${text}\n`)
    }
    const linter = resolve('node_modules/.bin/oxlint')
    const { stdout } = spawnSync(linter, ['-f', 'json'], { cwd: folder, encoding: 'utf8' })
    diagnostics = (JSON.parse(stdout) as { readonly diagnostics: readonly Diagnostic[] }).diagnostics
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each(planted.map(([path, text, words]) => ({ path, text, words })))(
    'says to $text in $path: $words',
    ({ path, words }) => {
      const said = diagnostics.filter(({ filename }) => filename === path)
      const expected = words === undefined ? [] : [expect.stringContaining(words)]
      expect(said.map(({ message, help = '' }) => `${message} ${help}`)).toEqual(expected)
    },
  )
})
