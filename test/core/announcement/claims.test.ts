import { beforeEach, describe, expect, test } from 'vitest'
import { a, AskingNode, kernel, minute, second } from './asking-node.ts'

let node: AskingNode

beforeEach(() => {
  node = new AskingNode()
})

describe('somebody who claims the address unasked', () => {
  test('is told of at once, and is asked whether it answers as well: then it is a conflict', () => {
    node.to('announcing', a)
    node.run(10 * second)
    const asked = node.asked.length
    node.answerers = [kernel]
    node.claim(kernel)
    expect(node.news).toEqual([`claim ${a} 2`])
    node.run(1_500)
    expect(node.asked.length).toBe(asked + 1)
    node.run(1_501)
    expect(node.news).toEqual([`claim ${a} 2`, `conflict ${a} 2`])
  })

  test('is no conflict when it answers nothing and does so once, or many times in a moment', () => {
    node.to('announcing', a)
    for (let claims = 0; claims < 49; claims++) {
      node.claim(kernel)
      node.run(100)
    }
    node.run(10 * minute)
    expect(node.news).toEqual([`claim ${a} 2`])
  })

  test('is a conflict with the third claim, each at least five seconds after the last', () => {
    node.to('announcing', a)
    for (let claims = 0; claims < 3; claims++) {
      expect(node.news).toEqual([`claim ${a} 2`].slice(0, claims))
      node.claim(kernel)
      node.run(5 * second)
    }
    expect(node.news).toEqual([`claim ${a} 2`, `conflict ${a} 2`, `insists ${a} 2`])
  })

  test('insists with the third claim in a row, each within half a minute of the last, and that is told once', () => {
    node.answerers = [kernel]
    node.to('announcing', a)
    node.run(10 * second)
    const claimEvery = (apart: number): void => {
      for (let claims = 0; claims < 4; claims++) {
        node.run(apart * second)
        node.claim(kernel)
      }
    }
    claimEvery(31)
    expect(node.news).toEqual([`conflict ${a} 2`, `claim ${a} 2`])
    claimEvery(30)
    expect(node.news).toEqual([`conflict ${a} 2`, `claim ${a} 2`, `insists ${a} 2`])
  })

  test('is over three minutes after its last claim when it answers nothing, give or take a question', () => {
    node.to('announcing', a)
    for (let claims = 0; claims < 10; claims++) {
      node.run(30 * second)
      node.claim(kernel)
    }
    node.run(3 * minute - 1)
    const told = [`claim ${a} 2`, `conflict ${a} 2`, `insists ${a} 2`]
    expect(node.news).toEqual(told)
    node.run(minute + 2 * second)
    expect(node.news).toEqual([...told, `conflictOver ${a} 2`])
    expect(node.asked.length).toBeLessThan(60)
  })

  test('counts as one that answers only after two answers in a row', () => {
    node.to('announcing', a)
    for (let claims = 0; claims < 3; claims++) {
      node.claim(kernel)
      node.run(6 * second)
    }
    for (const answerers of [[kernel], [], [kernel], []]) {
      node.answerers = answerers
      const asked = node.asked.length
      while (node.asked.length === asked) node.run(10)
    }
    node.run(10 * second)
    expect(node.news).toEqual([`claim ${a} 2`, `conflict ${a} 2`, `insists ${a} 2`])
  })

  test('is over within ten seconds of its last word when it used to answer', () => {
    node.to('announcing', a)
    node.answerers = [kernel]
    node.claim(kernel)
    node.run(minute)
    node.answerers = []
    node.claim(kernel)
    node.run(10 * second)
    expect(node.news.slice(1)).toEqual([`conflict ${a} 2`, `conflictOver ${a} 2`])
  })

  test('does not put off the questions, however often it claims', () => {
    node.to('announcing', a)
    for (let at = 0; at < minute; at += second) {
      node.run(second)
      node.claim(kernel)
    }
    expect(node.asked.length).toBeGreaterThan(20)
  })

  test('is one of eight at the most', () => {
    node.to('announcing', a)
    for (let mac = 2n; mac < 20n; mac++) node.claim(mac)
    expect(node.news).toHaveLength(8)
  })

  test('is nothing to us for an address that we do not announce', () => {
    node.claim(kernel)
    node.run(minute)
    expect(node.news).toEqual([])
  })
})
