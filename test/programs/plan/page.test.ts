import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shop } from './shop.ts'

const page = readFileSync('docs/plan.md', 'utf8')
const program = resolve('dist/lanlord.js')

/** The commands of the page, in order, and the output that it shows below them. */
const examples = [...page.matchAll(/^```sh\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```)?/gm)].map(
  ([, commands = '', shown]) => ({ commands, shown }),
)

describe('docs/plan.md', () => {
  let directory: string

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'lanlord-plan-'))
    symlinkSync(resolve('examples'), join(directory, 'examples'))
    writeFileSync(join(directory, 'shop'), shop)
    const standIns = {
      lanlord: `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`,
      kubectl: `#!/bin/sh\ncat '${join(directory, 'shop')}'\n`,
    }
    for (const [name, script] of Object.entries(standIns)) {
      writeFileSync(join(directory, name), script)
      chmodSync(join(directory, name), 0o755)
    }
  })
  afterAll(() => rmSync(directory, { recursive: true }))

  it('has commands to run', () => {
    expect(examples.filter(({ shown }) => shown !== undefined).length).toBeGreaterThan(3)
  })

  it.each(examples)('shows what really happens: $commands', ({ commands, shown = '' }) => {
    const env = { PATH: `${directory}:${process.env['PATH'] ?? ''}` }
    const options = { cwd: directory, env, encoding: 'utf8' } as const
    const { stdout, status } = spawnSync('bash', ['-euo', 'pipefail', '-c', commands], options)
    expect({ stdout, status }).toEqual({ stdout: shown, status: 0 })
  })
})
