import { expect, test } from 'vitest'
import { Heartbeats } from '../../../src/sandbox/cluster/node-lifecycle.ts'

test('a node is lost when its Lease has not moved for the grace time, whatever its clock says', () => {
  const heartbeats = new Heartbeats(10_000)
  heartbeats.note('node-1', '1999-01-01T00:00:00Z', 0)
  heartbeats.note('node-1', '1999-01-01T00:00:02Z', 2000)
  heartbeats.note('node-1', '1999-01-01T00:00:02Z', 11_000)
  expect(heartbeats.isLost('node-1', 12_000)).toBe(false)
  expect(heartbeats.isLost('node-1', 12_001)).toBe(true)
})

test('a Lease that moves again brings its node back', () => {
  const heartbeats = new Heartbeats(10_000)
  heartbeats.note('node-1', 'a', 0)
  heartbeats.note('node-1', 'b', 20_000)
  expect(heartbeats.isLost('node-1', 20_001)).toBe(false)
})

test('the time in which the API server was away counts against nobody', () => {
  const heartbeats = new Heartbeats(10_000)
  heartbeats.note('node-1', 'a', 0)
  heartbeats.noteOutage(30_000)
  expect(heartbeats.isLost('node-1', 39_000)).toBe(false)
  expect(heartbeats.isLost('node-1', 40_001)).toBe(true)
})
