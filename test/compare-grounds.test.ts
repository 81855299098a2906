import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'lanlord-grounds-'))
afterAll(() => rmSync(folder, { recursive: true }))

type Results = Readonly<Record<string, 'passed' | 'failed' | 'skipped'>>

/** A report as vitest writes it, with these tests in one end-to-end file, and what it says of other files. */
function report(
  name: string,
  results: Results,
  file = 'test/e2e/moves.test.ts',
  others: object[] = [],
): string {
  const assertionResults = Object.entries(results).map(([fullName, status]) => {
    return { fullName, status, duration: 1234 }
  })
  const path = join(folder, `${name}.json`)
  const e2e = { name: resolve(file), status: 'passed', startTime: 0, endTime: 1, assertionResults }
  writeFileSync(path, JSON.stringify({ testResults: [e2e, ...others] }))
  return path
}

function compare(...files: readonly string[]): { status: number | null; table: string; words: string } {
  const table = join(folder, 'table.md')
  const { status, stderr } = spawnSync('node', ['scripts/compare-grounds.js', ...files, table])
  return { status, words: stderr.toString(), table: status === 2 ? '' : readFileSync(table, 'utf8') }
}

describe('the table of both grounds', () => {
  it('has each end-to-end test with its result and time on both, and all is well when they agree', () => {
    const seen = compare(report('a', { moves: 'passed' }), report('b', { moves: 'passed' }))
    expect(seen).toMatchObject({ status: 0, words: '' })
    expect(seen.table).toContain('| moves: moves | passed, 1.23 s | passed, 1.23 s |')
  })

  it.each<[string, Results, Results]>([
    ['fails on one of them', { moves: 'passed' }, { moves: 'failed' }],
    ['is skipped on one of them', { moves: 'passed' }, { moves: 'skipped' }],
    ['is missing from one of them', { moves: 'passed', stays: 'passed' }, { moves: 'passed' }],
  ])('names the test that %s, and ends with 1', (_, embedded, cluster) => {
    const seen = compare(report('a', embedded), report('b', cluster))
    expect(seen.status).toBe(1)
    expect(seen.words).toMatch(/the grounds disagree: test\/e2e\/moves\.test\.ts (moves|stays): passed/)
  })

  it('asks nothing of the embedded ground for a test that only a real cluster can pass', () => {
    const failedFile = {
      name: resolve('test/e2e/cluster/chart.test.ts'),
      status: 'passed',
      startTime: 0,
      endTime: 1,
    }
    const only = [
      { ...failedFile, assertionResults: [{ fullName: 'installs', status: 'passed', duration: 1 }] },
    ]
    const both = { moves: 'passed' } as const
    const seen = compare(report('a', both), report('b', both, 'test/e2e/moves.test.ts', only))
    expect(seen).toMatchObject({ status: 0, words: '' })
    expect(seen.table).toContain('| cluster/chart: installs |  | passed, 0.00 s |')
  })

  it('takes a file that could not be loaded for a difference', () => {
    const broken = { name: resolve('test/e2e/nodes.test.ts'), status: 'failed', startTime: 0, endTime: 1 }
    const moves = { moves: 'passed' } as const
    const files = [{ ...broken, assertionResults: [] }]
    const seen = compare(report('a', moves), report('b', moves, 'test/e2e/moves.test.ts', files))
    expect(seen.status).toBe(1)
  })

  it('is not well when neither report has an end-to-end test', () => {
    const nothing = report('a', { decides: 'passed' }, 'test/core/decide.test.ts')
    expect(compare(nothing, nothing).status).toBe(1)
  })

  it('says how it is used when a report is missing', () => {
    const { status, stderr } = spawnSync('node', ['scripts/compare-grounds.js', 'one.json'])
    expect(status).toBe(2)
    expect(stderr.toString()).toContain('usage:')
  })
})
