import { describe, expect, test } from 'vitest'
import type { FirstTry } from '../../../src/core/announcement/first-try.ts'
import {
  beginTrial,
  hearProxy,
  isOver,
  isToAskProxy,
  isToConnect,
  kubeProxyPaceMs,
  nextToTry,
  outcomeOf,
  proxySyncIn,
  type Trial,
} from '../../../src/core/announcement/trial.ts'
import { parseAddress, type Address } from '../../../src/core/ip/address.ts'

function trial(changes: Partial<Trial> & { readonly port?: number | undefined } = {}): Trial {
  const { port, ...more } = { port: 80, ...changes }
  const roles = { isWanted: true, isPlaced: true, isServed: true }
  const address = parseAddress('10.0.0.200') as Address
  const first: FirstTry = { address, text: '10.0.0.200', pool: 'lab', services: [], port, ...roles }
  return { ...beginTrial(first, { forwards: 'notYet', others: 'none' }, 0), ...more }
}

describe('an address is held back', () => {
  test.each<[string, Partial<Trial>, number, boolean]>([
    ['until it forwards', {}, 1_999, false],
    ['no more once it forwards', { forwards: 'ready' }, 0, true],
    ['until nobody else is known to have it', { forwards: 'ready', others: 'asking' }, 1_999, false],
    ['no longer than two seconds', { others: 'asking' }, 2_000, true],
    ['as long as somebody else has it', { forwards: 'ready', others: 'foreign' }, 1e9, false],
    ['no more when there is nothing to wait for', { forwards: undefined }, 0, true],
  ])('%s', (_, changes, now, over) => {
    expect(isOver(trial(changes), now)).toBe(over)
  })

  test.each([
    ['notYet', 'boundReached'],
    ['ready', 'ready'],
    ['noWitness', 'noWitness'],
    [undefined, undefined],
  ] as const)('and %s ends as %s', (forwards, outcome) => {
    expect(outcomeOf(trial({ forwards }))).toBe(outcome)
  })
})

describe('what is tried', () => {
  test('is a connection where there is a TCP port, else kube-proxy is asked; neither once that is known', () => {
    const ways = (one: Trial): readonly boolean[] => [isToConnect(one), isToAskProxy(one)]
    expect(ways(trial())).toEqual([true, false])
    expect(ways(trial({ port: undefined }))).toEqual([false, true])
    expect(ways(trial({ forwards: 'ready' }))).toEqual([false, false])
    expect(ways(trial({ others: 'foreign' }))).toEqual([false, false])
    expect(ways(trial({ others: 'foreign', port: undefined }))).toEqual([false, false])
  })

  test('is the one that was tried longest ago', () => {
    const trials = [trial({ triedAt: 5 }), trial({ triedAt: 3 }), trial({ triedAt: 1, forwards: 'ready' })]
    expect(nextToTry(trials)).toBe(trials[1])
    expect(nextToTry([])).toBeUndefined()
  })
})

describe('what kube-proxy says', () => {
  test.each<[string, number | undefined, number, number, Trial['forwards']]>([
    ['is no proof before the address is public', undefined, 5_000, 6_000, 'notYet'],
    ['is no proof when it was told nothing since', 5_000, 4_899, 6_000, 'notYet'],
    ['is no proof while its work is not done', 5_000, 5_100, 5_099, 'notYet'],
    ['is proof when it has done its work since', 5_000, 5_100, 5_100, 'ready'],
    ['is proof when it heard of it a moment before us', 5_000, 4_900, 4_950, 'ready'],
  ])('%s', (_, publicAt, queuedAt, syncedAt, forwards) => {
    const one = trial({ port: undefined, publicAt })
    hearProxy(one, { queuedAt, syncedAt }, 1_999)
    expect(one.forwards).toBe(forwards)
  })

  test('is nothing where it does not answer: then a second must do', () => {
    const one = trial({ port: undefined })
    hearProxy(one, undefined, kubeProxyPaceMs - 1)
    expect(one.forwards).toBe('notYet')
    hearProxy(one, undefined, kubeProxyPaceMs)
    expect(one.forwards).toBe('noWitness')
  })

  const queued = 'kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds'
  const synced = 'kubeproxy_sync_proxy_rules_last_timestamp_seconds'

  test.each([
    ['for both families', `# HELP ${queued} x\n${queued} 1.5e+00\n${synced} 2\n`, 1_500, 2_000],
    [
      'for each family',
      `${queued}{ip_family="IPv4"} 1\n${queued}{ip_family="IPv6"} 3\n${synced}{ip_family="IPv4"} 2\n${synced}{ip_family="IPv6"} 4\n`,
      3_000,
      4_000,
    ],
  ])('is read from its metrics %s', (_, metrics, queuedAt, syncedAt) => {
    expect(proxySyncIn(metrics, 'IPv6')).toEqual({ queuedAt, syncedAt })
  })

  test.each(['', 'up 1\n', `${queued} 1\n`, `${synced} 1\n`, `${queued} x\n${synced} 1\n`])(
    'is nothing in %j',
    (metrics) => {
      expect(proxySyncIn(metrics, 'IPv4')).toBeUndefined()
    },
  )
})
