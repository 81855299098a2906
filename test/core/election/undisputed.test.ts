import { expect, test } from 'vitest'
import { isUndisputed } from '../../../src/core/election/undisputed.ts'
import { Lan, addressOf, dutyOf } from './lan.ts'

const a = '192.168.10.200'

function isAt(lan: Lan, name: string, address = a, on = 'eth0'): boolean {
  return isUndisputed(lan.speaker(name).state, on, addressOf(address))
}

function settled(): Lan {
  const lan = new Lan('n1', 'n2')
  lan.announce(dutyOf(a, ['n1', 'n2']))
  lan.run(5_000)
  return lan
}

test('an address is undisputed at the node that announces it alone, and nowhere else', () => {
  const lan = settled()
  expect(isAt(lan, 'n1')).toBe(true)
  expect(isAt(lan, 'n2')).toBe(false)
  expect(isAt(lan, 'n1', '192.168.10.201')).toBe(false)
  expect(isAt(lan, 'n1', a, 'eth9')).toBe(false)
})

test('it is disputed at both ends of a move, until the former announcer has let go', () => {
  const lan = settled()
  const moved = dutyOf(a, ['n1', 'n2'], { placement: { node: 'n2', revision: 2 } })
  lan.tell('n2', { kind: 'duties', duties: [moved] })
  expect(lan.answererOf(a)).toEqual(['n1', 'n2'])
  expect(isAt(lan, 'n2')).toBe(false)
  lan.run(0.3)
  expect(isAt(lan, 'n1')).toBe(false)
  lan.run(1_000)
  expect(lan.answererOf(a)).toEqual(['n2'])
  expect(isAt(lan, 'n2')).toBe(true)
})

test('it is no question while we are silent', () => {
  const lan = settled()
  lan.tell('n1', { kind: 'segments', segments: [lan.segment('n1', { up: false })] })
  expect(isAt(lan, 'n1')).toBe(false)
  lan.tell('n1', { kind: 'segments', segments: [lan.segment('n1')] })
  expect(isAt(lan, 'n1')).toBe(false)
})
