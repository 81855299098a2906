import { expect, test } from 'vitest'
import { heardAs } from '../../../src/core/election/heard-as.ts'
import type { Heartbeat } from '../../../src/core/wire/heartbeat.ts'
import { lastOf, strange } from './heartbeats.ts'
import { Lan } from './lan.ts'

/** What the first speaker makes of it. */
function madeOf(lan: Lan, heartbeat: Heartbeat, name = 'eth0'): string {
  const before = lan.speaker('n1').state
  lan.tell('n1', { kind: 'heartbeat', interface: name, heartbeat })
  return heardAs(before, lan.speaker('n1').state, name, heartbeat)
}

test('a sender is heard before it is live, and live from the packet on that names our session', () => {
  const lan = new Lan('n1')
  lan.run(60)
  const { nonce } = lastOf(lan, 'n1')
  expect(madeOf(lan, strange())).toBe('heard')
  expect(madeOf(lan, strange({ sequence: 2, hears: [{ nonce, complete: true }] }))).toBe('live')
  expect(madeOf(lan, strange({ sequence: 3 }))).toBe('live')
})

test('what was heard before, is our own, or comes on no interface of ours is refused, whoever sends it', () => {
  const lan = new Lan('n1')
  lan.run(60)
  const { nonce } = lastOf(lan, 'n1')
  const live = strange({ sequence: 2, hears: [{ nonce, complete: true }] })
  madeOf(lan, live)
  expect(madeOf(lan, live)).toBe('refused')
  expect(madeOf(lan, lastOf(lan, 'n1'))).toBe('refused')
  expect(madeOf(lan, strange(), 'eth7')).toBe('refused')
})
