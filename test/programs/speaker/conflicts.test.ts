import { expect, test } from 'vitest'
import { parseAddress } from '../../../src/core/ip/address.ts'
import type { Address } from '../../../src/core/ip/address.ts'
import { Conflicts } from '../../../src/programs/speaker/conflicts.ts'
import type { SeenConflict } from '../../../src/programs/speaker/messages.ts'

const address = parseAddress('192.168.10.200') as Address

function conflict(change: Partial<SeenConflict> = {}): SeenConflict {
  return { interface: 'eth0', address, mac: 0x020000000001n, at: 0, ...change }
}

test('a conflict stands until it is told to be over, with the moment at which it began', () => {
  const conflicts = new Conflicts()
  conflicts.begin(conflict({ at: 5 }))
  expect(conflicts.told).toEqual([conflict({ at: 5 })])
  expect(conflicts.count).toBe(1)
  conflicts.end(conflict({ at: 9 }))
  expect(conflicts.told).toEqual([])
  expect(conflicts.count).toBe(0)
})

test('another device, another address and another interface are conflicts of their own', () => {
  const conflicts = new Conflicts()
  const all = [
    conflict(),
    conflict({ mac: 7n }),
    conflict({ address: parseAddress('192.168.10.201') as Address }),
    conflict({ interface: 'eth1' }),
  ]
  for (const each of all) conflicts.begin(each)
  expect(conflicts.count).toBe(4)
  for (const each of all) conflicts.end(each)
  expect(conflicts.count).toBe(0)
})

test('of more than a status has room for, one of each address is told first, the latest before', () => {
  const conflicts = new Conflicts()
  for (let host = 0; host < 700; host++) {
    const at = { address: { family: 'IPv4', value: 0x0a000000n + BigInt(host) }, at: host } as const
    conflicts.begin(conflict({ ...at, mac: 1n }))
    conflicts.begin(conflict({ ...at, mac: 2n }))
  }
  const { told } = conflicts
  expect(conflicts.count).toBe(1_400)
  expect(told).toHaveLength(1_024)
  expect(new Set(told.map((each) => each.address.value)).size).toBe(700)
  expect(told[0]).toMatchObject({ at: 699, mac: 2n })
})

test('a device that insists stands with the moment at which it began, and is counted', () => {
  const conflicts = new Conflicts()
  conflicts.begin(conflict({ at: 5 }))
  conflicts.begin(conflict({ mac: 7n }))
  conflicts.insist(conflict({ at: 30 }))
  expect(conflicts.told.filter(({ insists }) => insists)).toEqual([conflict({ at: 5, insists: true })])
  expect([conflicts.count, conflicts.insistingCount]).toEqual([2, 1])
})
