import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { placementFactsOf } from '../../../src/core/election/speaker-facts.ts'
import type { PlacementFacts } from '../../../src/core/election/speaker-facts.ts'
import { formatAddress } from '../../../src/core/ip/address.ts'
import { SelfTestDesk } from '../../../src/programs/speaker/self-test-desk.ts'
import type { SelfTestDeskOptions } from '../../../src/programs/speaker/self-test-desk.ts'

type Said = Parameters<SelfTestDeskOptions['say']>[0]

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const a = '10.0.0.200'
const since = '2024-01-01T00:00:00Z'

interface Finding {
  readonly node: string
  readonly result?: 'Unanswered' | 'AnsweredElsewhere' | 'AnsweredTwice'
  readonly since?: string
}

/** A Speaker with this number at the end of its MAC and of its own address, and what it found of one address. */
function speaker(number: number, finding?: Finding): PlacementFacts {
  const found = { address: a, interface: 'eth0', result: 'Unanswered', others: [], since } as const
  const interfaces = [
    {
      name: 'eth0',
      mac: `02:00:00:00:00:0${number}`,
      addresses: [`10.0.0.${number}/24`, `fd00::${number}/64`],
    },
  ]
  const selfTest = finding ? [{ ...found, ...finding }] : []
  return placementFactsOf({ metadata: { name: 'x' }, status: { interfaces, selfTest } })
}

/** The desk of node one before a cluster of speakers that say what the test says. */
function opened(isOn = true) {
  const said: Said[] = []
  const speakers = new Map([
    ['one', speaker(1)],
    ['two', speaker(2)],
  ])
  const desk = new SelfTestDesk({
    node: 'one',
    isOn,
    speakers: () => speakers,
    gateways: () => ['10.0.0.254', 'no address'],
    say: (message) => said.push(message),
  })
  const says = (node: string, number: number, finding?: Finding): void => {
    speakers.set(node, speaker(number, finding))
    desk.request()
    vi.advanceTimersByTime(1_000)
  }
  return { said, says }
}

function texts(message: Said | undefined, what: 'controls' | 'suspects'): readonly string[] {
  return message?.kind === 'tests' ? message[what].map(formatAddress) : []
}

function again(said: readonly Said[]): readonly string[] {
  return said.flatMap((each) => (each.kind === 'announceAgain' ? each.addresses.map(formatAddress) : []))
}

test('the worker is told whose MAC is whose, and who surely answers: routers, and other nodes', () => {
  const { said, says } = opened()
  says('three', 3)
  says('three', 3)
  expect(said).toHaveLength(1)
  expect(said[0]).toMatchObject({
    kind: 'tests',
    macs: [
      ['one', [0x0200_0000_0001n]],
      ['two', [0x0200_0000_0002n]],
      ['three', [0x0200_0000_0003n]],
    ],
  })
  expect(texts(said[0], 'controls')).toEqual(['10.0.0.254', '10.0.0.2', 'fd00::2', '10.0.0.3', 'fd00::3'])
})

test('what others find amiss is looked at here, too; what was found here is known here', () => {
  const { said, says } = opened()
  says('two', 2, { node: 'three' })
  expect(texts(said.at(-1), 'suspects')).toEqual([a])
  says('two', 2)
  says('one', 1, { node: 'three' })
  expect(texts(said.at(-1), 'suspects')).toEqual([])
  expect(again(said)).toEqual([])
})

test('an address of ours that somebody does not hear answered is announced again, once for each time that it is told', () => {
  const { said, says } = opened()
  says('two', 2, { node: 'one' })
  expect(again(said)).toEqual([a])
  says('two', 2, { node: 'one' })
  expect(again(said)).toEqual([a])
  vi.advanceTimersByTime(20_000)
  says('two', 2, { node: 'one', since: '2024-01-01T00:01:00Z' })
  expect(again(said)).toEqual([a, a])
})

test('it is announced again once in ten seconds at the most, whoever says what', () => {
  const { said, says } = opened()
  for (let at = 10; at < 30; at++) says('two', 2, { node: 'one', since: `2024-01-01T00:00:${at}Z` })
  expect(again(said).length).toBeGreaterThanOrEqual(2)
  expect(again(said).length).toBeLessThanOrEqual(3)
})

test('that somebody else answers, too, is no reason to announce it again: each claim is answered already', () => {
  const { said, says } = opened()
  says('two', 2, { node: 'one', result: 'AnsweredTwice' })
  expect(again(said)).toEqual([])
})

test('a speaker that is told to test nothing tests nothing, and announces again what others ask for', () => {
  const { said, says } = opened(false)
  says('two', 2, { node: 'one' })
  expect(said.map(({ kind }) => kind)).toEqual(['announceAgain'])
})
