import { describe, expect, test } from 'vitest'
import { firstTryBoundMs } from '../../../src/core/announcement/first-try.ts'
import { Newcomers, type Standing } from '../../../src/core/announcement/newcomers.ts'
import { keyOf } from '../../../src/core/election/key.ts'
import { parseAddress, type Address } from '../../../src/core/ip/address.ts'

const text = '10.0.0.200'
const address = parseAddress(text) as Address

interface Seen {
  readonly placed?: boolean
  readonly served?: boolean
  readonly inUse?: boolean
  /** Another node may announce it. */
  readonly elsewhere?: boolean
}

const nothing = { placed: false, served: false, inUse: false, elsewhere: false }

function standingOf(seen: Seen): Standing {
  const { placed, served, inUse, elsewhere } = { ...nothing, ...seen }
  const roles = { isWanted: true, isPlaced: placed, isServed: served }
  const first = { address, text, pool: 'lab', services: [], port: 80, ...roles }
  return {
    tries: placed || served ? [first] : [],
    inUse: placed || inUse ? [text] : [],
    served: served || elsewhere ? [keyOf(address)] : [],
  }
}

/** What one node sees, one look after the other, and how the address is new to it. */
function looking(): (now: number, seen?: Seen) => string | undefined {
  const newcomers = new Newcomers()
  return (now, seen = {}) => {
    const [newcomer] = newcomers.note(standingOf(seen), now)
    const words = [newcomer?.isNewlyPlaced && 'placed', newcomer?.isNewlyServed && 'served']
    return newcomer && words.filter((word) => word !== false).join()
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
