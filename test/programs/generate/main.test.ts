import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { customResourceDefinitions } from '../../../src/core/api/crds.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanlord-generate-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function generate(...flags: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['dist/generate.js', '--folder', folder, ...flags],
    {
      encoding: 'utf8',
    },
  )
  return { status, words: stdout + stderr }
}

describe('npm run generate', () => {
  it('writes one file for each kind, and --check is content with them', () => {
    expect(generate()).toEqual({ status: 0, words: '' })
    expect(readdirSync(folder).toSorted()).toEqual(['addresspools.yaml', 'speakers.yaml'])
    expect(generate('--check')).toEqual({ status: 0, words: '' })
  })

  it('writes what the schemas say, and where to change it', () => {
    generate()
    const texts = readdirSync(folder)
      .toSorted()
      .map((name) => readFileSync(join(folder, name), 'utf8'))
    expect(texts.map((text) => parse(text) as unknown)).toEqual(customResourceDefinitions())
    for (const text of texts) expect(text).toMatch(/^# .*src\/core\/api/)
  })

  it('mends what was edited', () => {
    generate()
    appendFileSync(join(folder, 'speakers.yaml'), 'x: 1\n')
    generate()
    expect(generate('--check').status).toBe(0)
  })

  it('--check names a file that was edited and the command that mends it, and leaves it alone', () => {
    generate()
    const path = join(folder, 'speakers.yaml')
    appendFileSync(path, 'x: 1\n')
    expect(generate('--check')).toEqual({ status: 1, words: `${path} is stale; run: npm run generate\n` })
    expect(readFileSync(path, 'utf8')).toContain('x: 1')
  })

  it('--check names a file that is missing', () => {
    generate()
    const path = join(folder, 'addresspools.yaml')
    rmSync(path)
    expect(generate('--check')).toEqual({ status: 1, words: `${path} is missing; run: npm run generate\n` })
  })

  it('--check names a file that belongs to no schema', () => {
    generate()
    const path = join(folder, 'leases.yaml')
    writeFileSync(path, '')
    expect(generate('--check')).toEqual({ status: 1, words: `${path} belongs to no schema; remove it\n` })
  })

  it('exits 2 for a flag that it does not know', () => {
    expect(generate('--chek')).toMatchObject({ status: 2, words: expect.stringContaining('--chek') })
  })
})
