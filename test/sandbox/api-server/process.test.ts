import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ApiProcess } from './api-process.ts'
import { configMap } from './manifests.ts'

const maps = '/api/v1/namespaces/default/configmaps'
const program = new URL('../../../dist/api-server.js', import.meta.url).pathname

async function post(url: string, name: string): Promise<number> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url + maps, { method: 'POST', headers, body: JSON.stringify(configMap(name)) })
  return response.status
}

async function namesAt(url: string): Promise<readonly string[]> {
  const response = await fetch(url + maps)
  const { items } = (await response.json()) as { items: { metadata: { name: string } }[] }
  return items.map((item) => item.metadata.name)
}

async function revisionAt(url: string): Promise<number> {
  const response = await fetch(url + maps)
  return Number(
    ((await response.json()) as { metadata: { resourceVersion: string } }).metadata.resourceVersion,
  )
}

test('what was acknowledged before a SIGKILL is there afterwards, under versions that go on counting', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lanlord-killed-'))
  const acknowledged: string[] = []
  const first = await ApiProcess.start(folder)
  const killed = new Promise<void>((resolve) => {
    setTimeout(() => void first.end('SIGKILL').then(() => resolve()), 300)
  })
  const write = async (): Promise<void> => {
    for (let count = 0; ; count++) {
      await post(first.url, `m${count}`)
      acknowledged.push(`m${count}`)
    }
  }
  await expect(write()).rejects.toThrow()
  await killed
  appendFileSync(join(folder, 'state'), '{"revision":99999,"half":"of a li')
  await using second = await ApiProcess.start(folder)
  const names = await namesAt(second.url)
  expect(names).toEqual(expect.arrayContaining(acknowledged))
  const revision = await revisionAt(second.url)
  expect(revision).toBeGreaterThanOrEqual(acknowledged.length)
  expect(revision).toBeLessThan(99_999)
  expect(await post(second.url, 'after')).toBe(201)
  await second.end('SIGTERM')
  await using third = await ApiProcess.start(folder)
  expect(await namesAt(third.url)).toContain('after')
})

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends it cleanly, also while somebody watches',
  async (signal) => {
    await using server = await ApiProcess.start()
    const watching = await fetch(`${server.url}${maps}?watch=1`)
    expect(watching.status).toBe(200)
    const ended = watching.text().catch(() => 'cut off')
    expect(await server.end(signal)).toBe(0)
    await ended
  },
)

test('it listens on its Unix socket too', async () => {
  await using server = await ApiProcess.start()
  const socket = join(server.folder, 'api.sock')
  const script = `require('node:http').get({ socketPath: ${JSON.stringify(socket)}, path: '/readyz' }, (r) => r.pipe(process.stdout))`
  expect(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })).toBe('ok')
})

test.each([
  [[], "required option '--socket <path>' not specified"],
  [
    ['--socket', 'x', '--state', 'y', '--listen', 'nowhere'],
    'write an address and a port, such as 127.0.0.1:6443',
  ],
  [['--socket', 'x', '--state', 'y', '--history', 'none'], 'write a number of at least 1'],
])('flags %j are refused in words', (flags, message) => {
  const folder = mkdtempSync(join(tmpdir(), 'lanlord-flags-'))
  const { status, stderr } = spawnSync(process.execPath, [program, ...flags], {
    cwd: folder,
    encoding: 'utf8',
  })
  rmSync(folder, { recursive: true })
  expect(status).toBe(1)
  expect(stderr).toContain(message)
})
