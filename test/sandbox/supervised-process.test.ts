import { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SupervisedProcess } from '../../src/sandbox/supervised-process.ts'

let directory = ''

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'supervised-'))
})

afterEach(async () => {
  vi.restoreAllMocks()
  await rm(directory, { recursive: true })
})

/** A process, and a list of how it ended. */
function supervised(argv: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const endings: string[] = []
  const watcher = { started: () => undefined, ended: (_: string, how: string) => void endings.push(how) }
  const recipe = { name: 'one', place: [], argv, logFile: join(directory, 'one.log'), env }
  return { one: new SupervisedProcess(recipe, watcher), endings }
}

// Such a signal would go to everyone in our process group: a child without a pid stands for pid 0.
test('signals nobody when the program could not be started', async () => {
  const kill = vi.spyOn(ChildProcess.prototype, 'kill').mockReturnValue(true)
  const { one } = supervised(['true'], { PATH: '/nowhere' })
  one.start()
  one.kill('SIGKILL')
  await one.stop('SIGKILL')
  expect(kill).not.toHaveBeenCalled()
  expect(one.pid).toBeUndefined()
})

test('says why the program could not be started', async () => {
  const { one, endings } = supervised(['true'], { PATH: '/nowhere' })
  one.start()
  await vi.waitFor(() => expect(endings).toEqual([expect.stringContaining('ENOENT')]))
  await one.stop()
})

test('ends what does not end by itself, and keeps it down', async () => {
  const { one, endings } = supervised(['sleep', '1000'])
  one.start()
  expect(one.pid).toBeTypeOf('number')
  await one.stop('SIGTERM')
  expect(one.pid).toBeUndefined()
  expect(endings).toEqual([])
})
