import { describe, expect, it } from 'vitest'
import { speakerFactsOf } from '../../../src/core/election/speaker-facts.ts'
import type { SpeakerFacts } from '../../../src/core/election/speaker-facts.ts'
import { unheardIn } from '../../../src/core/election/unheard.ts'

const a = '10.0.0.1'
const since = '2024-01-01T00:00:00Z'
const names = ['one', 'two', 'three', 'four']

type Result = 'Unanswered' | 'AnsweredElsewhere' | 'AnsweredTwice'

/** What a speaker says: who it hears, what it announces, and what it finds. */
function says(
  node: string,
  finds: readonly (readonly [address: string, of: string, result: Result, mac?: string])[] = [],
  announces: readonly string[] = [],
  hears: readonly string[] = names,
): SpeakerFacts {
  return speakerFactsOf({
    metadata: { name: node },
    status: {
      announcing: announces.map((address) => ({
        address,
        interface: 'eth0',
        mac: '',
        since,
        cause: 'placed',
      })),
      peers: hears.filter((each) => each !== node).map((each) => ({ node: each, interface: 'eth0', since })),
      selfTest: finds.map(([address, of, result, mac]) => {
        return { address, node: of, interface: 'eth0', result, others: mac ? [{ mac }] : [], since }
      }),
    },
  })
}

const announcing = says('one', [], [a])
const silent = [[a, 'one', 'Unanswered']] as const

describe('that nobody answers for an address', () => {
  it('is believed when two say so', () => {
    const said = unheardIn([announcing, says('two', silent), says('three', silent), says('four')])
    expect(said.get(a)).toEqual({
      node: 'one',
      result: 'Unanswered',
      witnesses: ['three', 'two'],
      others: [],
    })
  })

  it('is not believed of one who says so of several', () => {
    expect(unheardIn([announcing, says('two', silent), says('three')]).size).toBe(0)
  })

  it('is believed of the only one who could know', () => {
    const [one, two] = [says('one', [], [a], ['two']), says('two', silent, [], ['one'])]
    expect(unheardIn([one, two]).get(a)?.witnesses).toEqual(['two'])
  })

  it('is not believed of one whom the announcer does not hear', () => {
    const apart = says('one', [], [a], ['three', 'four'])
    expect(unheardIn([apart, says('two', silent), says('three', silent), says('four')]).size).toBe(0)
  })

  it('is of no account once another node announces it, or the one that does has gone', () => {
    const witnesses = [says('two', silent), says('three', silent)]
    expect(unheardIn([says('one'), says('four', [], [a]), ...witnesses]).size).toBe(0)
    expect(unheardIn(witnesses).size).toBe(0)
  })

  it('is not for the announcer itself to say', () => {
    expect(unheardIn([says('one', silent, [a], ['two']), says('two')]).size).toBe(0)
  })
})

describe('that somebody else answers in its place', () => {
  it('is believed as that nobody does, and names all that were heard', () => {
    const [two, three, four] = [
      says('two', [[a, 'one', 'AnsweredElsewhere', '02:00:00:00:00:09']]),
      says('three', silent),
      says('four', [[a, 'one', 'AnsweredElsewhere', '02:00:00:00:00:08']]),
    ]
    expect(unheardIn([announcing, two, three, four]).get(a)).toMatchObject({
      result: 'AnsweredElsewhere',
      others: [{ mac: '02:00:00:00:00:08' }, { mac: '02:00:00:00:00:09' }],
    })
  })
})

describe('that somebody else answers, too', () => {
  it('is believed of anyone, for it moves nothing', () => {
    const two = says('two', [[a, 'one', 'AnsweredTwice', '02:00:00:00:00:09']])
    expect(unheardIn([announcing, two, says('three')]).get(a)).toEqual({
      node: 'one',
      result: 'AnsweredTwice',
      witnesses: ['two'],
      others: [{ mac: '02:00:00:00:00:09', node: undefined }],
    })
  })
})

it('says nothing of what is well', () => {
  expect(unheardIn([announcing, says('two'), says('three')]).size).toBe(0)
})
