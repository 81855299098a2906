import { describe, expect, test } from 'vitest'
import { firstTryBoundMs, type FirstTry } from '../../../src/core/announcement/first-try.ts'
import { Newcomers } from '../../../src/core/announcement/newcomers.ts'
import { keyOf } from '../../../src/core/election/key.ts'
import { parseAddress, type Address } from '../../../src/core/ip/address.ts'

const text = '10.0.0.200'
const address = parseAddress(text) as Address

/** What one node sees, one look after the other; `placed` and `served` are about this node, `elsewhere` about another. */
function looking() {
  const newcomers = new Newcomers()
  return (
    now: number,
    seen: { placed?: boolean; served?: boolean; inUse?: boolean; elsewhere?: boolean } = {},
  ) => {
    const { placed: isPlaced = false, served: isServed = false, inUse = false, elsewhere = false } = seen
    const first: FirstTry = {
      address,
      text,
      pool: 'lab',
      services: [],
      port: 80,
      isWanted: true,
      isPlaced,
      isServed,
    }
    const standing = {
      tries: isPlaced || isServed ? [first] : [],
      inUse: isPlaced || inUse ? [text] : [],
      served: isServed || elsewhere ? [keyOf(address)] : [],
    }
    return newcomers.note(standing, now).map(({ isNewlyPlaced, isNewlyServed }) => {
      return [isNewlyPlaced && 'placed', isNewlyServed && 'served'].filter((word) => word !== false).join()
    })[0]
  }
}

const both = { placed: true, served: true }

describe('an address is new to a node', () => {
  test('when it is placed there and served, and was not known before; once only', () => {
    const look = looking()
    look(0)
    expect(look(1, both)).toBe('placed,served')
    expect(look(2, both)).toBeUndefined()
  })

  test('when the status of its Service is heard of before its placement, as long as a try takes', () => {
    const look = looking()
    look(0)
    look(1, { inUse: true, elsewhere: true })
    expect(look(firstTryBoundMs, both)).toBe('placed,served')
    const late = looking()
    late(0)
    late(1, { inUse: true, elsewhere: true })
    expect(late(1 + firstTryBoundMs, both)).toBeUndefined()
  })

  test('when something serves behind it at last, however long it was placed there before', () => {
    const look = looking()
    look(0)
    expect(look(1, { placed: true })).toBe('placed')
    expect(look(10 * firstTryBoundMs, both)).toBe('served')
    expect(look(20 * firstTryBoundMs, both)).toBeUndefined()
  })

  test('and so each time that nothing has served it for a while', () => {
    const look = looking()
    look(0)
    look(1, both)
    look(10 * firstTryBoundMs, { placed: true })
    expect(look(20 * firstTryBoundMs, both)).toBe('served')
  })

  test('also when it is placed on another that may not announce it', () => {
    const look = looking()
    look(0, { inUse: true })
    expect(look(10 * firstTryBoundMs, { inUse: true, served: true })).toBe('served')
  })
})

describe('an address is not new to a node', () => {
  test('that finds it at its start', () => {
    expect(looking()(0, both)).toBeUndefined()
  })

  test('that it moves to, when another could announce it before: a failover is not held', () => {
    const look = looking()
    look(0, { inUse: true, elsewhere: true })
    look(10 * firstTryBoundMs, { inUse: true, elsewhere: true })
    expect(look(10 * firstTryBoundMs + 1, both)).toBeUndefined()
  })

  test('that it comes back to', () => {
    const look = looking()
    look(0)
    look(1, both)
    look(10 * firstTryBoundMs, { inUse: true, elsewhere: true })
    expect(look(20 * firstTryBoundMs, both)).toBeUndefined()
  })

  test('whose placement begins again in the middle of a try: it was told', () => {
    const look = looking()
    look(0)
    look(1, both)
    look(2, { inUse: true, elsewhere: true })
    expect(look(3, both)).toBe('placed,served')
  })
})
