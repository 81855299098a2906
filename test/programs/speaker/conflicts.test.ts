import { expect, test } from 'vitest'
import { parseAddress } from '../../../src/core/ip/address.ts'
import type { Address } from '../../../src/core/ip/address.ts'
import { Conflicts } from '../../../src/programs/speaker/conflicts.ts'
import type { SeenConflict } from '../../../src/programs/speaker/messages.ts'

const minute = 60_000
const address = parseAddress('192.168.10.200') as Address

function conflict(change: Partial<SeenConflict> = {}): SeenConflict {
  return { interface: 'eth0', address, mac: 0x020000000001n, at: 0, ...change }
}

test('a conflict is forgotten when it was not seen again for ten minutes', () => {
  const conflicts = new Conflicts()
  conflicts.note(conflict())
  conflicts.note(conflict({ at: 5 * minute }))
  expect(conflicts.forgetOld(15 * minute - 1)).toBe(false)
  expect(conflicts.seen).toHaveLength(1)
  expect(conflicts.forgetOld(15 * minute)).toBe(true)
  expect(conflicts.seen).toEqual([])
})

test('one that goes on is one conflict, until it has been quiet for ten minutes', () => {
  const conflicts = new Conflicts()
  expect(conflicts.has(conflict())).toBe(false)
  for (let at = 0; at < 30 * minute; at += 1_000) conflicts.note(conflict({ at }))
  expect(conflicts.has(conflict({ at: 39 * minute }))).toBe(true)
  expect(conflicts.has(conflict({ at: 40 * minute }))).toBe(false)
})

test('when it was seen last is told to the minute: a device that claims on and on is no stream of writes', () => {
  const conflicts = new Conflicts()
  const told = new Set<number | undefined>()
  for (let at = 0; at < 10 * minute; at += 1_000) {
    conflicts.note(conflict({ at }))
    told.add(conflicts.seen[0]?.at)
  }
  expect(told.size).toBe(10)
})

test('another device, another address and another interface are conflicts of their own', () => {
  const conflicts = new Conflicts()
  const all = [
    conflict(),
    conflict({ mac: 7n }),
    conflict({ address: parseAddress('192.168.10.201') as Address }),
    conflict({ interface: 'eth1' }),
  ]
  for (const each of all) {
    expect(conflicts.has(each)).toBe(false)
    conflicts.note(each)
  }
  expect(conflicts.seen).toEqual(all.toReversed())
})

test('of many, the sixteen that were seen last are kept', () => {
  const conflicts = new Conflicts()
  for (let mac = 1; mac <= 16; mac++) conflicts.note(conflict({ mac: BigInt(mac), at: mac }))
  conflicts.note(conflict({ mac: 1n, at: 17 }))
  conflicts.note(conflict({ mac: 17n, at: 18 }))
  const macs = conflicts.seen.map(({ mac }) => Number(mac)).toSorted((a, b) => a - b)
  expect(macs).toEqual([1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17])
})
