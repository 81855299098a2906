import { beforeEach, describe, expect, test } from 'vitest'
import { AskingNode, kernel, minute, second } from './asking-node.ts'

let node: AskingNode

beforeEach(() => {
  node = new AskingNode()
})

describe('many addresses', () => {
  const many = Array.from({ length: 1_000 }, (_, index) => `10.0.${index >> 8}.${index & 255}`)

  /** The most questions in any second. */
  function rate(): number {
    return Math.max(
      ...node.asked.map(({ at }, index) => {
        const end = node.asked.findIndex((later) => later.at >= at + second)
        return (end < 0 ? node.asked.length : end) - index
      }),
    )
  }

  test('are asked for at no more than fifty a second, each within a minute and 25 seconds', () => {
    node.to('announcing', ...many)
    node.run(3 * second)
    node.ask()
    expect(node.asked).toHaveLength(1)
    node.run(22 * second)
    expect(new Set(node.asked.map(({ address }) => address)).size).toBe(many.length)
    node.run(minute)
    expect(node.asked.length).toBeGreaterThanOrEqual(2 * many.length)
    expect(rate()).toBeLessThanOrEqual(50)
  })

  test('are asked for at no more than fifty a second when somebody else answers for each of them, and all are found', () => {
    node.to('announcing', ...many)
    node.answerers = [kernel]
    node.run(2 * minute)
    expect(node.news).toHaveLength(many.length)
    node.answerers = []
    node.run(2 * minute)
    expect(node.news).toHaveLength(2 * many.length)
    expect(rate()).toBeLessThanOrEqual(50)
  })
})
