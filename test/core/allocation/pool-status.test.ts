import { expect, test } from 'vitest'
import { begin, quarantine, remove } from '../../../src/core/allocation/allocation.ts'
import {
  newlyQuarantined,
  newPoolRemarks,
  poolStatusPatch,
} from '../../../src/core/allocation/pool-status.ts'
import type { PoolStatusPatch, StandingPool } from '../../../src/core/allocation/pool-status.ts'
import type { Remark, RemarkReason } from '../../../src/core/allocation/remark.ts'
import { unreadablePool } from '../../../src/core/pool/pool.ts'
import { pool } from '../pool/build.ts'
import { addresses, claim, cluster, dual } from './build.ts'

const [before, now] = ['2024-01-01T00:00:00Z', '2024-01-02T00:00:00Z']
const fresh: StandingPool = { status: {}, generation: 1 }

/** What is written about a pool with two addresses of which one is given, over what stands there. */
function patch(
  standing: StandingPool,
  lab = pool('lab', '10.0.0.1-10.0.0.2'),
  remarks: readonly Remark[] = [],
) {
  return poolStatusPatch(cluster([lab], claim('a/a')), lab, standing, { remarks, now })
}

/** The status once the patch is merged into it. */
function merged({ status, generation }: StandingPool, more: PoolStatusPatch | undefined): StandingPool {
  const fields = Object.entries({ ...status, ...more }).filter(([, value]) => value !== null)
  return { status: Object.fromEntries(fields), generation }
}

function readyCondition(status: 'True' | 'False') {
  return { type: 'Ready', status, reason: '', message: '', lastTransitionTime: before, observedGeneration: 1 }
}

test('the status of a pool counts its addresses and says that it is ready', () => {
  expect(patch(fresh)).toMatchObject({
    ipv4: { total: 2, allocated: 1, available: 1 },
    ipv6: { total: 0 },
    conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: now, observedGeneration: 1 }],
  })
})

test('nothing is written when it says so already, in whatever order', () => {
  const { status, generation } = merged(fresh, patch(fresh))
  const reversed = Object.fromEntries(Object.entries(status).toReversed())
  expect(patch({ status: reversed, generation })).toBeUndefined()
})

test('of the status only what is another thing now is written', () => {
  const standing = merged(fresh, patch(fresh))
  const outdated = { ...standing, status: { ...standing.status, waiting: 3 } }
  expect(patch(outdated)).toEqual({ waiting: 0 })
})

test('what nobody remembers any more is taken out of the status', () => {
  const standing = merged(fresh, patch(fresh))
  const remembered = [{ address: '10.0.0.1', service: 'a/b', freedAt: before }]
  expect(patch({ ...standing, status: { ...standing.status, remembered } })).toEqual({ remembered: null })
})

test('who had which address last stands in the status, and read from there it is not written again', () => {
  const lab = pool('lab', '10.0.0.1-10.0.0.4,fd00::1-fd00::4', { retain: '1h' })
  const freedAt = Date.parse('2024-01-01T00:00:00.001Z')
  const names = ['a/a', 'a/b', 'a/c']
  const allocation = cluster([lab], ...names.map((name) => claim(name, dual)))
  for (const name of names.toReversed()) remove(allocation, name, name === 'a/a' ? freedAt + 1 : freedAt)
  const told = poolStatusPatch(allocation, lab, fresh, { remarks: [], now })
  expect(told?.ipv4).toMatchObject({ allocated: 0, retained: 3, available: 1 })
  expect(told?.remembered?.map(({ address, service }) => `${address} ${service}`)).toEqual([
    '10.0.0.2 a/b',
    '10.0.0.3 a/c',
    'fd00::2 a/b',
    'fd00::3 a/c',
    '10.0.0.1 a/a',
    'fd00::1 a/a',
  ])
  const read = (told?.remembered ?? []).flatMap(({ address, service, freedAt: moment }) =>
    addresses(address).map((each) => ({ address: each, service, freedAt: Date.parse(moment) })),
  )
  const again = begin([lab], [], read, freedAt + 1)
  expect(poolStatusPatch(again, lab, merged(fresh, told), { remarks: [], now })).toBeUndefined()
})

test('a pool that is being deleted has no address for anybody new', () => {
  const lab = { ...pool('lab', '10.0.0.1-10.0.0.9'), isLeaving: true }
  expect(patch(fresh, lab)?.ipv4).toMatchObject({ total: 9, available: 0 })
})

test('a pool that is being deleted says how many addresses are held, and by whom', () => {
  const leaving = (...names: readonly string[]) => {
    const lab = { ...pool('lab', '10.0.0.1-10.0.0.9'), isLeaving: true }
    const holding = names.map((name, index) => claim(name, { holds: `10.0.0.${index + 1}` }))
    return poolStatusPatch(cluster([lab], ...holding), lab, fresh, { remarks: [], now })?.conditions
  }
  const words = 'it is being deleted and gives out nothing new; '
  const leavingIs = (text: string) => [
    { status: 'False', reason: 'Leaving', message: expect.stringMatching(new RegExp(`^${words}${text};`)) },
  ]
  expect(leaving('a/b')).toMatchObject(leavingIs('one of its addresses is still held, by a/b'))
  expect(leaving('a/z', 'a/b', 'a/c', 'a/d', 'a/e')).toMatchObject(
    leavingIs('5 of its addresses are still held, by a/b, a/c, a/d and 2 more'),
  )
  expect(leaving()).toMatchObject([
    { message: 'it is being deleted, and nobody holds an address of it any more' },
  ])
})

test('what is surely unmeant stands in a condition of its own, and is news only once', () => {
  const remark = (reason: RemarkReason): Remark => ({ reason, message: `${reason} is odd; mend it` })
  const both = [remark('NodeAddress'), remark('GatewayAddress')]
  const told = merged(fresh, patch(fresh, undefined, both))
  expect(told.status.conditions).toMatchObject([
    { type: 'Ready', status: 'True' },
    {
      type: 'Sound',
      status: 'False',
      reason: 'NodeAddress',
      message: 'NodeAddress is odd; mend it; GatewayAddress is odd; mend it',
    },
  ])
  expect(newPoolRemarks(both, {})).toEqual(both)
  expect(newPoolRemarks([...both, remark('NetworkAddress')], told.status)).toEqual([remark('NetworkAddress')])
  expect(patch(told, undefined, both)).toBeUndefined()
  expect(patch(told)?.conditions).toHaveLength(1)
})

test('that a rebalance would move something stands in a condition of its own, and is gone when it would not', () => {
  const lab = pool('lab', '10.0.0.1-10.0.0.2')
  const allocation = cluster([lab], claim('a/a'))
  const said = (standing: StandingPool, unevenness?: string) =>
    poolStatusPatch(allocation, lab, standing, { remarks: [], unevenness, now })
  const told = merged(fresh, said(fresh, 'it would move 2'))
  expect(told.status.conditions).toMatchObject([
    { type: 'Ready', status: 'True' },
    {
      type: 'Balanced',
      status: 'False',
      reason: 'Uneven',
      message: 'it would move 2',
      lastTransitionTime: now,
    },
  ])
  expect(said(told, 'it would move 2')).toBeUndefined()
  expect(said(told, 'it would move 1')?.conditions).toHaveLength(2)
  expect(said(told)?.conditions).toMatchObject([{ type: 'Ready' }])
})

test('a condition keeps the time of its last change, and conditions of others stay', () => {
  const other = { ...readyCondition('True'), type: 'example.com/Seen' }
  const stands = (status: 'True' | 'False') => ({
    status: { conditions: [readyCondition(status), other] },
    generation: 2,
  })
  const wanted = { type: 'Ready', status: 'True', observedGeneration: 2 }
  expect(patch(stands('True'))?.conditions).toMatchObject([other, { ...wanted, lastTransitionTime: before }])
  expect(patch(stands('False'))?.conditions).toMatchObject([other, { ...wanted, lastTransitionTime: now }])
})

test('a pool that cannot be read says why', () => {
  const message = 'spec.addresses: is missing'
  expect(patch(fresh, unreadablePool('lab', message))?.conditions).toMatchObject([
    { status: 'False', reason: 'InvalidSpec', message },
  ])
})

const mac = '02:00:00:00:00:0a'

test('what is quarantined stands in the status in the order of the addresses, and read from there it is not written again', () => {
  const lab = pool('lab', '10.0.0.1-10.0.0.4,fd00::1-fd00::4')
  const world = cluster([lab])
  const entries = addresses('fd00::2,10.0.0.2,192.168.1.1').map((address) => ({ address, mac, seen: 1 }))
  quarantine(world, entries, 0)
  const status = poolStatusPatch(world, lab, fresh, { remarks: [], now })
  expect(status?.quarantine).toEqual([
    { address: '10.0.0.2', mac, seen: '1970-01-01T00:00:00.001Z' },
    { address: 'fd00::2', mac, seen: '1970-01-01T00:00:00.001Z' },
  ])
  expect(poolStatusPatch(world, lab, merged(fresh, status), { remarks: [], now })).toBeUndefined()
  quarantine(world, [], 0)
  expect(poolStatusPatch(world, lab, merged(fresh, status), { remarks: [], now })).toMatchObject({
    quarantine: null,
  })
})

test('people are told of what is newly quarantined, and of an address that another device has than before', () => {
  const entry = (host: number, by = mac) => ({ address: `10.0.0.${host}`, mac: by, seen: now })
  const former = { quarantine: [entry(1), entry(2)] }
  expect(newlyQuarantined({ quarantine: [entry(1), entry(2, 'other'), entry(3)] }, former)).toEqual([
    entry(2, 'other'),
    entry(3),
  ])
  expect(newlyQuarantined({}, former)).toEqual([])
  expect(newlyQuarantined({ quarantine: null }, {})).toEqual([])
})

test('eight addresses of each family that are given next stand in the status', () => {
  const lab = pool('lab', '10.0.0.0/24,fd00::/64')
  const { probe } = poolStatusPatch(cluster([lab]), lab, fresh, { remarks: [], now }) ?? {}
  expect(probe?.filter((text) => text.includes('.'))).toHaveLength(8)
  expect(probe).toHaveLength(16)
})
