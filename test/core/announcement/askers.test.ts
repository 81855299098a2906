import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mostAskers, noAskers, remember, takeAnswers } from '../../../src/core/announcement/askers.ts'

const answerTo = (...who: readonly number[]): Uint8Array => new Uint8Array([...who, 0, 0])
const all = (): boolean => true

describe('who asks for an address that is held back', () => {
  test('is owed the answer as it would have been, once, whatever happens to the buffer', () => {
    const askers = noAskers()
    const answer = answerTo(1)
    remember(askers, 7, answer, 0)
    answer.fill(9)
    expect(takeAnswers(askers, all, 1)).toEqual([answerTo(1)])
    expect(takeAnswers(askers, all, 1)).toEqual([])
    expect(askers.count).toBe(0)
  })

  test('again and again is owed one answer, from the last time on', () => {
    const askers = noAskers()
    for (const now of [0, 1_000, 2_000, 3_000]) remember(askers, 7, answerTo(1), now)
    expect(askers.count).toBe(1)
    expect(takeAnswers(askers, all, 5_999)).toEqual([answerTo(1)])
  })

  test('is owed nothing any more after three seconds', () => {
    const askers = noAskers()
    remember(askers, 7, answerTo(1), 0)
    expect(takeAnswers(askers, all, 3_000)).toEqual([])
  })

  test('waits on while the address is not answered for', () => {
    const askers = noAskers()
    remember(askers, 7, answerTo(1), 0)
    remember(askers, 8n, answerTo(2), 0)
    expect(takeAnswers(askers, (key) => key === 8n, 1)).toEqual([answerTo(2)])
    expect([askers.count, takeAnswers(askers, all, 1)]).toEqual([1, [answerTo(1)]])
  })

  test('as one too many for the address is not remembered, and takes no place of another', () => {
    const askers = noAskers()
    for (let who = 0; who < 10 * mostAskers.each; who++) remember(askers, 7, answerTo(who & 255, who >> 8), 0)
    remember(askers, 8, answerTo(1), 0)
    expect(takeAnswers(askers, (key) => key === 7, 1)).toHaveLength(mostAskers.each)
    expect(takeAnswers(askers, all, 1)).toEqual([answerTo(1)])
  })

  test('takes the place of those who have given up', () => {
    const askers = noAskers()
    for (let who = 0; who < mostAskers.each; who++) remember(askers, 7, answerTo(who), 0)
    remember(askers, 7, answerTo(200), 3_000)
    expect(takeAnswers(askers, all, 3_000)).toEqual([answerTo(200)])
  })

  test('is counted right, and never more than there is room for, whatever comes', () => {
    const question = fc.tuple(fc.nat(60), fc.nat(99), fc.nat(10_000))
    fc.assert(
      fc.property(fc.array(question, { maxLength: 3_000, size: 'max' }), (questions) => {
        const askers = noAskers()
        for (const [key, who, now] of questions) remember(askers, key, answerTo(who), now)
        const sizes = [...askers.byAddress.values()].map(({ size }) => size)
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(askers.count)
        expect(askers.count).toBeLessThanOrEqual(mostAskers.all)
        for (const size of sizes) expect(size).toBeLessThanOrEqual(mostAskers.each)
      }),
      { numRuns: 50 },
    )
  })
})
