import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { FirstTry } from '../../../src/core/announcement/first-try.ts'
import { dutyPoolOf } from '../../../src/core/election/duty-facts.ts'
import { placementFactsOf } from '../../../src/core/election/speaker-facts.ts'
import { formatAddress } from '../../../src/core/ip/address.ts'
import { LooksDesk } from '../../../src/programs/speaker/looks-desk.ts'
import type { Looks } from '../../../src/programs/speaker/messages.ts'
import { addressOf } from './wire-harness.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A desk before a cluster with one pool, which lists what the test says; and what was said to the worker. */
function opened() {
  const said: Looks[] = []
  const interfaces = [{ name: 'eth0', mac: '02:00:00:00:00:0a', addresses: [] }]
  const speakers = new Map([['one', placementFactsOf({ metadata: { name: 'one' }, status: { interfaces } })]])
  const pools = new Map([['lab', dutyPoolOf({})]])
  const view = { speakers, services: new Map(), slices: new Map(), nodes: new Map(), pools }
  const desk = new LooksDesk({
    view: () => view,
    ownInterfaces: () => ['eth0'],
    say: (looks) => said.push(looks),
  })
  const list = (probe: readonly string[], quarantine: readonly string[] = []): void => {
    const entries = quarantine.map((address) => ({ address, mac: '', seen: '' }))
    pools.set('lab', dutyPoolOf({ status: { probe, quarantine: entries } }))
    desk.noteLists()
  }
  return { desk, said, list }
}

function firstOf(text: string): FirstTry {
  const roles = { isWanted: true, isPlaced: true, isServed: true }
  return { address: addressOf(text), text, pool: 'lab', services: [], port: 80, ...roles }
}

function texts(duties: Looks['ahead'] = []): readonly string[] {
  return duties.map(({ address }) => formatAddress(address))
}

test('what the pools list is said once, with the MACs of the speakers', () => {
  const { said, list } = opened()
  list(['10.0.0.1'], ['10.0.0.9'])
  vi.advanceTimersByTime(1_000)
  list(['10.0.0.1'], ['10.0.0.9'])
  vi.advanceTimersByTime(1_000)
  expect(said).toHaveLength(1)
  expect(texts(said[0]?.ahead)).toEqual(['10.0.0.9', '10.0.0.1'])
  expect(said[0]?.macs).toEqual([0x0200_0000_000an])
})

test('what changes all the time is said five times a second at the most', () => {
  const { said, list } = opened()
  for (let at = 0; at < 500; at++) {
    list([`10.0.${at >> 8}.${at & 255}`])
    vi.advanceTimersByTime(10)
  }
  expect(said.length).toBeLessThanOrEqual(26)
})

test('a new address is asked for at once; that one needs no answer any more is said with the next word', () => {
  const { desk, said } = opened()
  desk.askFirst([firstOf('10.0.0.1')])
  vi.advanceTimersByTime(1)
  expect(texts(said[0]?.first)).toEqual(['10.0.0.1'])
  desk.askFirst([])
  vi.advanceTimersByTime(1)
  expect(said).toHaveLength(1)
  vi.advanceTimersByTime(200)
  expect(texts(said[1]?.first)).toEqual([])
})

test('an address is unasked unless it was listed for two seconds, and was not quarantined', () => {
  const { desk, list } = opened()
  list(['10.0.0.1', '10.0.0.2'])
  vi.advanceTimersByTime(2_000)
  expect(desk.isUnasked('10.0.0.1')).toBe(false)
  list(['10.0.0.2'], ['10.0.0.1'])
  expect([desk.isUnasked('10.0.0.1'), desk.isUnasked('10.0.0.2'), desk.isUnasked('10.0.0.3')]).toEqual([
    true,
    false,
    true,
  ])
})

test('an address that stands beyond those that are asked for is unasked however long it is listed', () => {
  const { desk, list } = opened()
  const many = Array.from({ length: 600 }, (_, at) => `10.0.${at >> 8}.${at & 255}`)
  list(many)
  vi.advanceTimersByTime(2_000)
  expect([many[511], many[512]].map((text = '') => desk.isUnasked(text))).toEqual([false, true])
})
