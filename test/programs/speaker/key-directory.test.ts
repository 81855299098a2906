import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { HeartbeatKeys } from '../../../src/platform/network/heartbeat-key.ts'
import { KeyDirectory } from '../../../src/programs/speaker/key-directory.ts'
import { readKeys } from '../../../src/programs/speaker/key-files.ts'
import { lingerMs } from '../../../src/programs/speaker/key-ring.ts'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lanlord-keys-'))
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
  rmSync(directory, { recursive: true })
})

const [older, newer] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]

function put(files: Readonly<Record<string, Buffer | string>>): void {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content)
}

function read(): HeartbeatKeys {
  return readKeys({ directory, namespace: 'lan', secret: 'own-key' })
}

const make = 'kubectl -n lan create secret generic own-key --from-literal=current='

test.each<[what: string, files: Readonly<Record<string, Buffer | string>>, words: string]>([
  ['no files', {}, `current is not there: ${make}`],
  ['a previous key alone', { previous: older }, 'current is not there'],
  ['an empty key', { current: '' }, `current holds 0 bytes, and a heartbeat key has 16 or more: ${make}`],
  ['a short key', { current: 'short' }, `current holds 5 bytes, and a heartbeat key has 16 or more: ${make}`],
  ['a short previous key', { current: newer, previous: 'x' }, 'previous holds 1 bytes'],
])('%s cannot be used, and it is said what would mend it', (_, files, words) => {
  put(files)
  expect(read).toThrow(words)
})

test('a file that cannot be read says why', () => {
  mkdirSync(join(directory, 'current'))
  expect(read).toThrow('current cannot be read: EISDIR')
})

test('an empty previous key, or the same one again, is none', () => {
  put({ current: newer, previous: '' })
  expect(Object.keys(read())).toEqual(['current'])
  put({ previous: newer })
  expect(Object.keys(read())).toEqual(['current'])
  put({ previous: older })
  expect(Object.keys(read())).toEqual(['current', 'previous'])
})

/** What it told, of keys only their first bytes. */
function watch() {
  const told: string[] = []
  let nowMs = 0
  const keys = new KeyDirectory({
    directory,
    namespace: 'lan',
    secret: 'own-key',
    onKeys: ({ current, previous }) => told.push(`${current[0]} ${previous?.[0] ?? '-'}`),
    onProblem: (words) => told.push(words.replace(directory, '').slice(0, 22)),
    now: () => nowMs,
  })
  const pass = (ms: number): void => {
    nowMs += ms
    vi.advanceTimersByTime(Math.min(ms, 2_000))
  }
  return { keys, told, pass }
}

test('keys that are made later are told of within a second, and what was wrong before once', () => {
  const { keys, told, pass } = watch()
  using _ = keys
  for (let seconds = 0; seconds < 5; seconds++) pass(1_000)
  put({ current: 'short' })
  for (let seconds = 0; seconds < 5; seconds++) pass(1_000)
  put({ current: newer })
  pass(1_000)
  expect(told).toEqual(['/current is not there:', '/current holds 5 bytes', '2 -'])
})

test('a change in two steps is told of step by step, and the former key is used a while longer', () => {
  put({ current: older })
  const { keys, told, pass } = watch()
  using _ = keys
  put({ current: newer, previous: older })
  pass(1_000)
  rmSync(join(directory, 'previous'))
  pass(1_000)
  pass(1_000)
  expect(told).toEqual(['1 -', '2 1', '2 1'])
  pass(lingerMs)
  expect(told.at(-1)).toBe('2 -')
})

test('files that become unreadable change nothing, and that is told once', () => {
  put({ current: older })
  const { keys, told, pass } = watch()
  using _ = keys
  put({ current: '' })
  pass(1_000)
  pass(1_000)
  put({ current: older })
  pass(1_000)
  expect(told).toEqual(['1 -', '/current holds 0 bytes'])
})
