import { expect, test } from 'vitest'
import { readinessOf } from '../../../src/core/election/readiness.ts'

const good = {
  keyTrouble: '',
  interfaces: [{ name: 'eth0', up: true }],
  isPermitted: true,
  trouble: '',
  leaving: false,
}

test('a speaker is ready when one of its interfaces has a link, and says which of them have one', () => {
  const interfaces = [
    { name: 'eth0', up: false },
    { name: 'eth1', up: true },
  ]
  expect(readinessOf({ ...good, interfaces })).toEqual({
    status: 'True',
    reason: 'Announcing',
    message: 'Can announce on eth1.',
  })
})

test.each([
  ['LinkDown', { interfaces: [{ name: 'eth0', up: false }] }, 'eth0: no link; look at the cable'],
  ['NoInterface', { interfaces: [] }, 'or is not chosen by --interfaces'],
  ['InterfaceTrouble', { trouble: 'eth1 is odd' }, 'eth1 is odd'],
  ['NotPermitted', { isPermitted: false }, 'capabilities.add: [NET_RAW]'],
  ['NoKey', { keyTrouble: 'no key', isPermitted: false }, 'no key'],
  ['Leaving', { leaving: true, trouble: 'eth1 is odd' }, 'has handed over'],
])('it says %s when that is so', (reason, facts, words) => {
  const message = expect.stringContaining(words)
  expect(readinessOf({ ...good, ...facts })).toEqual({ status: 'False', reason, message })
})
