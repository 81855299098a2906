import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { environmentOf, ground, openCluster, patienceMs, type Cluster } from './ground.ts'
import { networkOf } from './manifests.ts'

const execute = promisify(execFile)
const documents = ['README.md', 'CONTRIBUTING.md', 'docs/election.md', 'docs/failover.md']

/** A block of shell, and the output that the text shows below it. */
interface Example {
  readonly commands: string
  readonly shown: string | undefined
}

function examplesOf(text: string): readonly Example[] {
  const blocks = [...text.matchAll(/^```(sh|text)\n([\s\S]*?)^```$/gm)]
  return blocks.flatMap(([, language, body = ''], at) => {
    if (language !== 'sh') return []
    const next = blocks[at + 1]
    return [{ commands: body, shown: next?.[1] === 'text' ? next[2] : undefined }]
  })
}

/** Column headings of a kubectl table, or the keys of `key: value` lines. */
function shapeOf(output: string): readonly string[] {
  const lines = output.trim().split('\n')
  const [first = ''] = lines
  return /^[A-Z][A-Z0-9-]*(\s|$)/.test(first)
    ? first.trim().split(/\s{2,}/)
    : lines.map((line) => line.split(':')[0] ?? '')
}

describe('the README', () => {
  const examples = examplesOf(readFileSync('README.md', 'utf8'))
  const withKubectl = examples.filter(({ commands }) => /^(kubectl|\$CLIENT) /m.test(commands))
  let cluster: Cluster

  beforeAll(async () => {
    cluster = await openCluster(3)
  })
  afterAll(() => cluster?.close())

  it('has examples to run', () => {
    expect(withKubectl.length).toBeGreaterThan(4)
  })

  /** The real ground runs the real nginx, which says something else than the Pods that the text shows. */
  const isOfOtherPods = (commands: string): boolean => ground === 'cluster' && commands.includes('curl')

  it.each(withKubectl)('shows what really happens: $commands', async ({ commands, shown }) => {
    const script = commands.replaceAll('10.77.0.', `${networkOf(cluster)}.`)
    const options = { env: environmentOf(cluster), timeout: patienceMs }
    const { stdout } = await execute('bash', ['-euo', 'pipefail', '-c', script], options)
    if (isOfOtherPods(commands)) expect(stdout).toContain('nginx')
    else if (shown !== undefined) expect(shapeOf(stdout)).toEqual(shapeOf(shown))
  })

  it.each(documents)('%s names only npm scripts and files that exist', (name) => {
    const text = readFileSync(name, 'utf8')
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>
    }
    const named = [...text.matchAll(/npm run (?:-s )?([a-z:]+)/g)].map(([, script = '']) => script)
    expect(named.filter((script) => scripts[script] === undefined)).toEqual([])
    const folder = name.includes('/') ? 'docs/' : ''
    const linked = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, file = '']) => folder + file)
    expect(linked.filter((file) => !existsSync(file))).toEqual([])
  })
})
