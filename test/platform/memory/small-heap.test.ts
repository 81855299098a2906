import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'

const mostMb = 4

/** Much that lives for a while and is then thrown away, in a process of its own; answers its young generation in MB. */
const churn = `
  import { getHeapSpaceStatistics } from 'node:v8'
  import { Worker } from 'node:worker_threads'
  const worker = new Worker('setInterval(() => undefined, 1000)', { eval: true })
  worker.once('online', () => {
    keepHeapSmall()
    const kept = []
    for (let at = 0; at < 1_000_000; at++) {
      kept.push({ at, list: [at] })
      if (kept.length > 100_000) kept.splice(0, 50_000)
    }
    const young = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')
    console.log(young.space_size / 1e6)
    process.exit()
  })`

async function youngMb(head: string): Promise<number> {
  const stdin = { contents: head + churn, resolveDir: resolve('.') }
  const { outputFiles } = await build({ stdin, bundle: true, platform: 'node', format: 'esm', write: false })
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module'], {
    input: outputFiles[0]?.text ?? '',
    encoding: 'utf8',
  })
  if (stderr !== '') throw new Error(stderr)
  return Number(stdout)
}

describe('a process that keeps its heap small', () => {
  it('has a small young generation under load, also after a worker was started', async () => {
    expect(await youngMb(`import { keepHeapSmall } from './src/platform/memory/small-heap.ts'`)).toBeLessThan(
      mostMb,
    )
  })

  it('would have a large one otherwise', async () => {
    expect(await youngMb('const keepHeapSmall = () => undefined')).toBeGreaterThan(mostMb)
  })
})
