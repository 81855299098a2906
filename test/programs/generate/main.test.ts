import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { customResourceDefinitions } from '../../../src/core/api/crds.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lanlord-generate-'))
})
afterEach(() => rmSync(root, { recursive: true }))

/** Without Helm unless a test names one. */
function generate(...flags: readonly string[]) {
  const args = ['dist/generate.js', '--root', root, '--helm', 'no-such-helm', ...flags]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return { status, words: stdout + stderr }
}

const passedOver = 'deploy/lanlord.yaml was passed over: there is no no-such-helm; name one with --helm\n'
const folders = ['crds', 'charts/lanlord/templates/crds']

describe('npm run generate', () => {
  it('writes one file for each kind, for kubectl and for the chart, and --check is content with them', () => {
    expect(generate()).toEqual({ status: 0, words: passedOver })
    for (const folder of folders) {
      expect(readdirSync(join(root, folder)).toSorted()).toEqual(['addresspools.yaml', 'speakers.yaml'])
    }
    expect(generate('--check')).toEqual({ status: 0, words: passedOver })
  })

  it('writes what the schemas say, and where to change it', () => {
    generate()
    const texts = readdirSync(join(root, 'crds'))
      .toSorted()
      .map((name) => readFileSync(join(root, 'crds', name), 'utf8'))
    expect(texts.map((text) => parse(text) as unknown)).toEqual(customResourceDefinitions())
    for (const text of texts) expect(text).toMatch(/^# .*src\/core\/api/)
  })

  it.each(folders)('mends what was edited in %s', (folder) => {
    generate()
    appendFileSync(join(root, folder, 'speakers.yaml'), 'x: 1\n')
    generate()
    expect(generate('--check').status).toBe(0)
  })

  it.each(folders)(
    '--check names an edited file in %s and the command that mends it, and leaves it alone',
    (folder) => {
      generate()
      const path = join(root, folder, 'speakers.yaml')
      appendFileSync(path, 'x: 1\n')
      const words = `${passedOver}${path} is stale; run: npm run generate\n`
      expect(generate('--check')).toEqual({ status: 1, words })
      expect(readFileSync(path, 'utf8')).toContain('x: 1')
    },
  )

  it('--check names a file that is missing', () => {
    generate()
    const path = join(root, 'crds/addresspools.yaml')
    rmSync(path)
    const words = `${passedOver}${path} is missing; run: npm run generate\n`
    expect(generate('--check')).toEqual({ status: 1, words })
  })

  it('--check names a file that belongs to no schema', () => {
    generate()
    const path = join(root, 'crds/leases.yaml')
    writeFileSync(path, '')
    const words = `${passedOver}${path} belongs to no schema; remove it\n`
    expect(generate('--check')).toEqual({ status: 1, words })
  })

  it('writes the manifests of deploy/ from what Helm renders, and --check sees when they are stale', () => {
    cpSync('deploy', join(root, 'deploy'), { recursive: true })
    const helm = join(root, 'helm')
    writeFileSync(
      helm,
      `#!/bin/sh\n[ "$1 $3" = "template ${join(root, 'charts/lanlord')}" ] && cat "$0.yaml"\n`,
      { mode: 0o755 },
    )
    const rendered = (name: string) =>
      `# Source: a\nkind: A\nmetadata:\n  name: ${name}\n  labels:\n    helm.sh/chart: x\n`
    writeFileSync(`${helm}.yaml`, rendered('one'))
    expect(generate('--helm', helm)).toEqual({ status: 0, words: '' })
    const path = join(root, 'deploy/lanlord.yaml')
    expect(readFileSync(path, 'utf8')).toMatch(/kind: Namespace[^]*---\nkind: A\nmetadata:\n  name: one\n$/)
    writeFileSync(`${helm}.yaml`, rendered('two'))
    expect(generate('--check', '--helm', helm)).toEqual({
      status: 1,
      words: `${path} is stale; run: npm run generate -- --helm ${helm}\n`,
    })
  })

  it('exits 2 for a flag that it does not know', () => {
    expect(generate('--chek')).toMatchObject({ status: 2, words: expect.stringContaining('--chek') })
  })
})
