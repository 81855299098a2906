import { beforeEach, describe, expect, test } from 'vitest'
import { a, another, AskingNode, kernel, minute, second } from './asking-node.ts'

let node: AskingNode

beforeEach(() => {
  node = new AskingNode()
})

describe('an address that is announced', () => {
  test('is asked for once a move is surely over, and then once a minute', () => {
    const since = node.now
    node.to('announcing', a)
    node.run(5 * minute)
    expect(node.asked.map(({ at }) => Math.round(at - since))).toEqual([
      3_000, 63_000, 123_000, 183_000, 243_000,
    ])
    expect(node.news).toEqual([])
  })

  test('is asked for in its own family', () => {
    node.to('announcing', a, 'fd00::1')
    node.run(4 * second)
    expect(node.asked.map(({ address }) => address)).toEqual([a, 'fd00::1'])
  })

  test('is not asked for when it is yielded or silenced', () => {
    node.to('yielding', a)
    node.run(minute)
    node.to('announcing', a)
    node.to('silent', a)
    node.run(minute)
    expect(node.asked).toEqual([])
    expect(node.dueAt).toBe(Infinity)
  })

  test('is asked for anew, from the beginning, when it comes back', () => {
    node.to('announcing', a)
    node.run(4 * second)
    node.to('silent', a)
    const since = node.now
    node.to('announcing', a)
    node.run(4 * second)
    expect(node.asked.map(({ at }) => Math.round(at - since))).toEqual([-1_000, 3_000])
  })

  test('is asked for no more often when it is said again that it is announced, or that another is not', () => {
    node.to('announcing', a)
    node.run(2 * second)
    node.to('announcing', a)
    node.to('silent', '192.168.10.201')
    node.run(2 * second)
    expect(node.asked).toHaveLength(1)
  })

  test('is no conflict when nobody is heard, nor when somebody answers for one that is not ours', () => {
    node.to('announcing', a)
    node.run(4 * second)
    node.answer(kernel, '192.168.10.201')
    node.run(2 * minute)
    expect(node.news).toEqual([])
  })
})

describe('somebody else who answers', () => {
  test('is a conflict the second time in a row, a second and a half after the first', () => {
    node.to('announcing', a)
    node.answerers = [kernel]
    node.run(4_499)
    expect(node.news).toEqual([])
    node.run(2)
    expect(node.news).toEqual([`conflict ${a} 2`])
  })

  test('is found within a minute and two seconds when it begins later', () => {
    node.to('announcing', a)
    node.run(3_001)
    node.answerers = [kernel]
    node.run(62 * second)
    expect(node.news).toEqual([`conflict ${a} 2`])
  })

  test('is told once, however long it goes on, and each one of several', () => {
    node.to('announcing', a)
    node.answerers = [kernel, another]
    node.run(10 * minute)
    expect(node.news).toEqual([`conflict ${a} 2`, `conflict ${a} 3`])
  })

  test('is asked every five seconds, and over within ten when it answers no more', () => {
    node.to('announcing', a)
    node.answerers = [kernel]
    node.run(minute)
    const asked = node.asked.length
    node.run(minute)
    expect(node.asked.length - asked).toBe(12)
    node.answerers = []
    node.run(10 * second)
    expect(node.news).toEqual([`conflict ${a} 2`, `conflictOver ${a} 2`])
  })

  test('is not over while it misses no more than two questions in a row', () => {
    node.to('announcing', a)
    node.answerers = [kernel]
    node.run(minute)
    for (let round = 0; round < 20; round++) {
      node.answerers = []
      while (node.asked.length % 3 !== 0) node.run(100)
      node.answerers = [kernel]
      while (node.asked.length % 3 === 0) node.run(100)
    }
    expect(node.news).toEqual([`conflict ${a} 2`])
  })

  test('is over for one while the other goes on', () => {
    node.to('announcing', a)
    node.answerers = [kernel, another]
    node.run(minute)
    node.answerers = [another]
    node.run(minute)
    expect(node.news.slice(2)).toEqual([`conflictOver ${a} 2`])
  })

  test('is over when the address is announced elsewhere, five seconds after it left', () => {
    node.to('announcing', a)
    node.answerers = [kernel]
    node.run(minute)
    const asked = node.asked.length
    node.to('yielding', a)
    node.run(2 * second)
    node.to('silent', a)
    node.claim(kernel)
    node.run(3 * second - 1)
    expect(node.news).toEqual([`conflict ${a} 2`])
    node.run(1)
    expect(node.news).toEqual([`conflict ${a} 2`, `conflictOver ${a} 2`])
    expect(node.asked.length).toBe(asked)
  })

  test('is not heard any more once the address has left', () => {
    node.to('announcing', a)
    node.answerers = [kernel]
    node.run(4_501)
    node.to('yielding', a)
    node.answer(another)
    node.run(6 * second)
    expect(node.news).toEqual([`conflict ${a} 2`, `conflictOver ${a} 2`])
    expect(node.dueAt).toBe(Infinity)
  })

  test('stands all along when we fell silent for a moment', () => {
    node.to('announcing', a)
    node.answerers = [kernel]
    for (let round = 0; round < 20; round++) {
      node.run(10 * second)
      node.to('silent', a)
      node.run(200)
      node.to('announcing', a)
    }
    expect(node.news).toEqual([`conflict ${a} 2`])
    node.answerers = []
    node.run(10 * second)
    expect(node.news).toEqual([`conflict ${a} 2`, `conflictOver ${a} 2`])
  })

  test('is no conflict when it answers every other question only', () => {
    node.to('announcing', a)
    for (let at = 0; at < 5 * minute; at += 10) {
      node.answerers = node.asked.length % 2 === 0 ? [kernel] : []
      node.run(10)
    }
    expect(node.asked.length).toBeGreaterThan(5)
    expect(node.news).toEqual([])
  })

  test('counts once when it answers one question many times', () => {
    node.to('announcing', a)
    node.answerers = [kernel, kernel, kernel]
    node.run(4 * second)
    expect(node.news).toEqual([])
  })

  test('counts only when it answers within a second', () => {
    node.to('announcing', a)
    for (let at = 0; at < minute; at += 10) {
      node.run(10)
      const asked = node.asked.at(-1)?.at ?? node.now
      if (node.now - asked > second) node.answer(kernel)
    }
    expect(node.news).toEqual([])
  })

  test('is one of eight at the most: a flood of MACs is not remembered', () => {
    node.to('announcing', a)
    node.answerers = Array.from({ length: 100 }, (_, index) => BigInt(index + 2))
    node.run(minute)
    expect(node.news).toHaveLength(8)
  })
})

describe('a move under way', () => {
  test('is no conflict: nothing is asked while a peer bids for the address', () => {
    node.to('announcing', a)
    node.answerers = [kernel]
    node.disputed.add(a)
    node.run(minute)
    expect(node.asked).toEqual([])
    node.disputed.delete(a)
    node.answerers = []
    node.run(minute)
    expect(node.news).toEqual([])
  })

  test('makes that an answer does not count which comes when a peer has begun to bid', () => {
    node.to('announcing', a)
    node.run(3 * second)
    node.disputed.add(a)
    node.answer(kernel)
    node.disputed.delete(a)
    node.answer(kernel)
    node.answerers = [kernel]
    node.run(minute + 10)
    expect(node.asked).toHaveLength(2)
    expect(node.news).toEqual([])
  })

  test('ends what was in a row before it', () => {
    node.to('announcing', a)
    node.answerers = [kernel]
    node.run(3_500)
    node.disputed.add(a)
    node.run(5 * second)
    node.disputed.delete(a)
    node.run(1_400)
    expect(node.news).toEqual([])
    node.run(2 * second)
    expect(node.news).toEqual([`conflict ${a} 2`])
  })

  test('does not make a conflict that stands look as if it were over', () => {
    node.to('announcing', a)
    node.answerers = [kernel]
    node.run(minute)
    node.disputed.add(a)
    node.run(minute)
    node.disputed.delete(a)
    node.run(minute)
    expect(node.news).toEqual([`conflict ${a} 2`])
  })
})
