import { expect, test } from 'vitest'
import { ApiError } from '../../../src/platform/kubernetes/api-error.ts'
import { ContactLog } from '../../../src/platform/kubernetes/contact-log.ts'

function logged() {
  const lines: string[] = []
  const say =
    (level: string) =>
    (first: unknown, words?: string): void => {
      const { path = '' } = first as { readonly path?: string }
      if (level !== 'debug')
        lines.push(words === undefined ? `${level} ${String(first)}` : `${level} ${path} ${words}`)
    }
  const log = { debug: say('debug'), info: say('info'), warn: say('warn') }
  const meaning = { before: 'nothing is known', after: 'all goes on' }
  return { lines, contact: new ContactLog({ log: log as never, meaning }) }
}

function failure(status: number, path: string): ApiError {
  return new ApiError(`GET ${path}: ${status} no`, { status, reason: 'No' })
}

test('an outage is one line however many requests fail and however often, and one when it is over', () => {
  const { lines, contact } = logged()
  contact.note(true)
  for (let times = 0; times < 3; times++) {
    for (const path of ['/a', '/b']) contact.failed(path, failure(0, path))
  }
  expect(contact.troubles).toEqual(['GET /a: 0 no'])
  for (const path of ['/a', '/b']) contact.heard(path)
  contact.note(true)
  expect(lines).toEqual([
    'info the API server is there',
    'warn /a the API server is away; all goes on',
    'info the API server is back',
  ])
  expect(contact.troubles).toEqual([])
})

test('another kind of trouble is another line, also before the first is over', () => {
  const { lines, contact } = logged()
  contact.failed('/a', failure(0, '/a'))
  contact.failed('/a', failure(403, '/a'))
  contact.failed('/a', failure(0, '/a'))
  expect(lines).toEqual([
    'warn /a the API server is away; nothing is known',
    'warn /a the API server refuses; nothing is known',
  ])
})

test('what is refused is told one by one, the next when the one before was granted', () => {
  const { lines, contact } = logged()
  for (const path of ['/a', '/b']) contact.failed(path, failure(403, path))
  expect(contact.refusals).toEqual(['GET /a: 403 no'])
  contact.heard('/a')
  contact.failed('/b', failure(403, '/b'))
  expect(lines).toHaveLength(2)
  expect(lines[1]).toBe('warn /b the API server refuses; nothing is known')
  contact.heard('/b')
  expect(contact.refusals).toEqual([])
})

test('that the server has forgotten a version is no trouble', () => {
  const { lines, contact } = logged()
  contact.failed('/a', failure(410, '/a'))
  expect([lines, contact.troubles]).toEqual([[], []])
})
