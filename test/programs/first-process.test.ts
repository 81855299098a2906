import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { describeOnLinks } from '../support/namespaces.ts'

const program = new URL('../../dist/lanlord.js', import.meta.url).pathname
const ends: (() => unknown)[] = []

afterEach(() => {
  for (const end of ends.splice(0).toReversed()) end()
})

/** Starts it as a container does: number 1 of its process namespace, on a network of its own without a way out. */
function startFirst(...argv: readonly string[]) {
  const directory = mkdtempSync(join(tmpdir(), 'lanlord-first-'))
  const kubeconfig = join(directory, 'kubeconfig')
  const named = { name: 'away', cluster: { server: 'https://127.0.0.1:6443' } }
  const context = { name: 'away', context: { cluster: 'away' } }
  const config = { clusters: [named], contexts: [context], users: [], 'current-context': 'away' }
  writeFileSync(kubeconfig, JSON.stringify(config))
  const apart = ['--pid', '--net', '--fork', '--kill-child', '--mount-proc']
  const flags = ['--kubeconfig', kubeconfig, '--http', ':7470']
  const child = spawn('unshare', [...apart, process.execPath, program, ...argv, ...flags])
  const log: string[] = []
  child.stdout.on('data', (chunk: Buffer) => log.push(chunk.toString()))
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  ends.push(
    () => rmSync(directory, { recursive: true }),
    () => child.kill('SIGKILL'),
  )
  return { parent: child.pid ?? 0, log, ended }
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** The process itself, once it is there. */
async function pidUnder(parent: number): Promise<number> {
  for (;;) {
    const pid = Number(contentOf(`/proc/${parent}/task/${parent}/children`))
    if (pid > 0) return pid
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describeOnLinks('as the first process of a container', () => {
  test.each([
    ['the speaker', ['speaker', '--node', 'one', '--key-directory', '/nonexistent']],
    ['the controller', ['controller']],
  ])('%s that is told to end before it has said a word ends with 0', async (_, argv) => {
    const { parent, log, ended } = startFirst(...argv)
    const pid = await pidUnder(parent)
    // Again and again, for the kernel throws away what comes before Node itself is there.
    while (log.length === 0) {
      process.kill(pid, 'SIGTERM')
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    expect(await ended).toBe(0)
    expect(JSON.parse(log.join('').trim().split('\n').at(-1) ?? '')).toMatchObject({ msg: 'ended' })
  })

  test.each([
    ['the speaker', ['speaker', '--node', 'one', '--key-directory', '/nonexistent'], 'is not there: kubectl'],
    ['the controller', ['controller'], 'the API server is away; nothing is given'],
  ])('%s ends with 0 when it is told to while it waits', async (_, argv, words) => {
    const { parent, log, ended } = startFirst(...argv)
    const pid = await pidUnder(parent)
    await expect.poll(() => log.join(''), { timeout: 10_000 }).toContain(words)
    expect(JSON.parse(log.join('').split('\n')[0] ?? '')).toMatchObject({
      msg: 'started',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      nodeVersion: process.version,
    })
    process.kill(pid, 'SIGTERM')
    expect(await ended).toBe(0)
  })
})
