import { beforeEach, describe, expect, it } from 'vitest'
import { keyOf } from '../../../src/core/election/key.ts'
import { chargeOf, speakersOn, testersEach, testersOn } from '../../../src/core/election/testers.ts'
import type { Charge } from '../../../src/core/election/testers.ts'
import { addressOf, dutyOf, Lan } from './lan.ts'

const a = '10.0.0.1'
const names = ['one', 'two', 'three', 'four', 'five']
let lan: Lan

beforeEach(() => {
  lan = new Lan(...names)
  lan.announce(dutyOf(a, names))
  lan.run(2_000)
})

function chargeAt(name: string, text = a): Charge | undefined {
  const testers = testersOn(lan.speaker(name).state, 'eth0')
  return testers && chargeOf(testers, keyOf(addressOf(text)))
}

/** Of all that are to ask, in order. */
function ranks(): readonly number[] {
  const all = names.filter((name) => lan.speaker(name).isUp).flatMap((name) => chargeAt(name)?.rank ?? [])
  return all.toSorted((a, b) => a - b)
}

describe('who tests an address', () => {
  it('are two of those that do not announce it, the first and the second', () => {
    expect(names.map((name) => chargeAt(name)?.announcer)).toEqual(names.map(() => 'one'))
    expect(chargeAt('one')?.rank).toBeUndefined()
    expect(ranks()).toEqual([0, 1])
    expect(testersEach).toBe(2)
  })

  it('are spread over all of them, whatever the address', () => {
    const texts = Array.from({ length: 200 }, (_, at) => `10.0.1.${at}`)
    lan.announce(...texts.map((text) => dutyOf(text, names)))
    lan.run(2_000)
    const shares = names
      .slice(1)
      .map((name) => texts.filter((text) => chargeAt(name, text)?.rank !== undefined).length)
    expect(shares.reduce((sum, each) => sum + each, 0)).toBe(400)
    expect(Math.min(...shares)).toBeGreaterThan(60)
  })

  it('are others when one of them is gone, or is about to leave', () => {
    const tester = names.find((name) => chargeAt(name)?.rank === 0) as string
    lan.tell(tester, { kind: 'leave' })
    expect(chargeAt(tester)).toBeUndefined()
    lan.run(1_000)
    expect(ranks()).toEqual([0, 1])
  })

  it('is nobody while it moves, or while nobody announces it', () => {
    lan.announce(dutyOf(a, names, { placement: { node: 'two', revision: 2 } }))
    expect(chargeAt('two')).toBeUndefined()
    lan.run(0.3)
    expect(['three', 'four', 'five'].map((name) => chargeAt(name))).toEqual([undefined, undefined, undefined])
    lan.run(1_000)
    expect(chargeAt('three')?.announcer).toBe('two')
    expect(chargeAt('three', '10.0.0.9')).toBeUndefined()
  })

  it('is nobody on an interface that is not there, or where this node only listens', () => {
    expect(testersOn(lan.speaker('one').state, 'eth1')).toBeUndefined()
    lan.tell('two', { kind: 'segments', segments: [lan.segment('two', { up: false })] })
    expect(chargeAt('two')).toBeUndefined()
  })
})

it('as many share the questions as are heard', () => {
  const testers = testersOn(lan.speaker('one').state, 'eth0')
  expect(testers && speakersOn(testers)).toBe(names.length)
})
