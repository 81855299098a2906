import { expect, test } from 'vitest'
import { canAsk, isFirstToAsk } from '../../../src/core/election/asks-for.ts'
import type { Duty } from '../../../src/core/election/event.ts'
import { prefixOf } from '../../../src/core/ip/range.ts'
import { addressOf, Lan } from './lan.ts'

const nodes = ['n1', 'n2', 'n3']
const a = '192.168.10.200'

function question(text = a, among: readonly string[] = nodes): Duty {
  const candidates = among.map((node) => ({ node, lastResort: false }))
  return { address: addressOf(text), placement: undefined, candidates }
}

function settled(): Lan {
  const lan = new Lan(...nodes)
  lan.run(2_000)
  return lan
}

function askersIn(lan: Lan, duty: Duty): readonly string[] {
  return nodes.filter((node) => isFirstToAsk(lan.speaker(node).state, 'eth0', duty))
}

test('for each address one of the candidates asks, and not the same one for all', () => {
  const lan = settled()
  const askers = Array.from({ length: 40 }, (_, at) => askersIn(lan, question(`192.168.10.${at}`)))
  expect(askers.every(({ length }) => length === 1)).toBe(true)
  expect(new Set(askers.flat())).toEqual(new Set(nodes))
})

test('when that one is dead the next one asks', () => {
  const lan = settled()
  const [first = ''] = askersIn(lan, question())
  lan.kill(first)
  lan.run(1_000)
  const left = askersIn(lan, question()).filter((node) => node !== first)
  expect(left).toHaveLength(1)
})

test('a node that is no candidate does not ask ahead, though it can ask', () => {
  const lan = settled()
  expect(askersIn(lan, question(a, ['n2']))).toEqual(['n2'])
  expect(canAsk(lan.speaker('n1').state, 'eth0', question(a, []))).toBe(true)
})

test('nobody asks who only listens, who is leaving, or where there is no such interface', () => {
  const lan = new Lan('n1')
  expect(canAsk(lan.speaker('n1').state, 'eth0', question())).toBe(false)
  lan.run(2_000)
  expect(canAsk(lan.speaker('n1').state, 'eth0', question())).toBe(true)
  expect(canAsk(lan.speaker('n1').state, 'eth9', question())).toBe(false)
  lan.tell('n1', { kind: 'leave' })
  expect(canAsk(lan.speaker('n1').state, 'eth0', question())).toBe(false)
})

test('it is asked for where it would be announced: in its subnet, and on the interfaces of its pool', () => {
  const lan = new Lan('n1')
  const prefixes = [prefixOf('192.168.10.1/24') ?? []].flat()
  const segments = [lan.segment('n1', { prefixes }), lan.segment('n1', { interface: 'eth1', mac: 0x0bn })]
  lan.tell('n1', { kind: 'segments', segments })
  lan.run(2_000)
  const { state } = lan.speaker('n1')
  const places = (duty: Duty): readonly string[] =>
    ['eth0', 'eth1'].filter((name) => canAsk(state, name, duty))
  expect(places(question())).toEqual(['eth0'])
  expect(places(question('10.9.9.9'))).toEqual(['eth0', 'eth1'])
  expect(places({ ...question(), interfaces: ['eth1'] })).toEqual(['eth1'])
})
