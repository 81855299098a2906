import { describe, expect, it } from 'vitest'
import { follow, followDueAt, settleMs, unreadMs } from '../../../src/core/election/follow.ts'
import type { Differences, Sighting } from '../../../src/core/election/follow.ts'

const none: Differences = new Map()
const candidates = ['a', 'b', 'c'].map((node) => ({ node, lastResort: false, preference: 0 }))

/** Address x, placed on a node and announced by some. */
function seen(
  placedOn: string | undefined,
  announcedBy: readonly string[],
  more: Partial<Sighting> = {},
): readonly Sighting[] {
  return [
    {
      key: 'x',
      placedOn,
      isThere: true,
      isUnread: false,
      candidates,
      announcedBy: new Set(announcedBy),
      ...more,
    },
  ]
}

/** Only `good` is no candidate of last resort. */
const onlyGood = (good: string): Partial<Sighting> => ({
  candidates: candidates.map((each) => ({ ...each, lastResort: each.node !== good })),
})

/** What becomes the placement of x when the same is seen at both moments. */
function followedAfter(ms: number, sightings: readonly Sighting[]): string | undefined {
  const [differences] = follow(none, sightings, 5)
  return follow(differences, sightings, 5 + ms)[1].get('x')
}

describe('the placement follows the announcer', () => {
  it('when the two differ for a while', () => {
    const [first, atOnce] = follow(none, seen('a', ['b']), 5)
    expect([atOnce.size, followDueAt(first)]).toEqual([0, 5 + settleMs])
    expect(followedAfter(settleMs - 1, seen('a', ['b']))).toBe(undefined)
    expect(followedAfter(settleMs, seen('a', ['b']))).toBe('b')
  })

  it('but not when they agree, nobody announces, two do, or one that may not have it', () => {
    for (const announcers of [['a'], [], ['a', 'b'], ['b', 'c'], ['d']]) {
      expect(follow(none, seen('a', announcers), 0)[0].size).toBe(0)
    }
    expect(followDueAt(none)).toBe(Infinity)
  })

  it('also when one that may not have it announces it, too', () => {
    expect(followedAfter(settleMs, seen('a', ['d', 'b']))).toBe('b')
  })

  it('counting anew when it is another node or was in order between', () => {
    const [first] = follow(none, seen('a', ['b']), 0)
    expect(follow(first, seen('a', ['c']), 7)[0].get('x')).toMatchObject({ node: 'c', since: 7 })
    const [between] = follow(first, seen('a', ['a']), 7)
    expect(follow(between, seen('a', ['b']), 9)[0].get('x')?.since).toBe(9)
  })

  it('also where nothing was placed', () => {
    expect(followedAfter(settleMs, seen(undefined, ['b']))).toBe('b')
  })

  it('but a node of last resort does not keep what a good one can have: that one is placed anew', () => {
    expect(followedAfter(settleMs, seen('a', ['b'], onlyGood('a')))).toBe('a')
    const [first] = follow(none, seen('a', ['b'], onlyGood('a')), 0)
    const [second] = follow(first, seen('a', ['b'], onlyGood('a')), settleMs)
    expect(followDueAt(second)).toBe(Infinity)
  })

  it('from when the placed node has read of it: what is not read yet is a move under way', () => {
    const unread = seen('a', ['b'], { isUnread: true })
    expect(followedAfter(unreadMs - 1, unread)).toBe(undefined)
    expect(followedAfter(unreadMs, unread)).toBe('b')
    const [first] = follow(none, unread, 0)
    const [second, atOnce] = follow(first, seen('a', ['b']), unreadMs - 1)
    expect([atOnce.size, followDueAt(second)]).toEqual([0, unreadMs - 1 + settleMs])
  })

  it('and a placed node that is not there reads nothing', () => {
    expect(followedAfter(settleMs, seen('a', ['b'], { isUnread: true, isThere: false }))).toBe('b')
  })

  it('and of last resort nobody is looked at while the good one is away for a moment', () => {
    const away = { ...onlyGood('a'), isThere: false }
    expect(followedAfter(settleMs, seen('a', ['b'], away))).toBe(undefined)
    expect(followedAfter(settleMs, seen('b', ['c'], away))).toBe('c')
  })
})
