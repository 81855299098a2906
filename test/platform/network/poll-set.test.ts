import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PollSet } from '../../../src/platform/network/poll-set.ts'

let folder: string
let pipe: string
let descriptor: number

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanlord-poll-set-'))
  pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  descriptor = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK)
})
afterEach(() => {
  closeSync(descriptor)
  rmSync(folder, { recursive: true })
})

/** Nothing of this process can, while it waits. */
const writeAfter = (seconds: number): ChildProcess =>
  spawn('sh', ['-c', `sleep ${seconds}; echo > "$0"`, pipe], { stdio: 'ignore' })

test('what becomes ready while it waits is seen', () => {
  writeAfter(0.1)
  const set = new PollSet([descriptor])
  expect(set.wait(20_000)).toBe(true)
  expect(set.isReady(0)).toBe(true)
})

test('the time runs out when nothing does', () => {
  const set = new PollSet([descriptor])
  expect(set.wait(1)).toBe(false)
  expect(set.isReady(0)).toBe(false)
})

test.each([0, -0.5, -1, -1_000])('%s ms is no wait, and least of all one that has no end', (timeoutMs) => {
  const writing = writeAfter(2)
  expect(new PollSet([descriptor]).wait(timeoutMs)).toBe(false)
  writing.kill()
})

test('each of several is told apart', () => {
  const other = openSync(join(folder, 'empty'), constants.O_RDWR | constants.O_CREAT)
  const set = new PollSet([descriptor, other])
  expect(set.wait(20_000)).toBe(true)
  expect([set.isReady(0), set.isReady(1)]).toEqual([false, true])
  closeSync(other)
})
