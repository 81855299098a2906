import { describe, expect, it } from 'vitest'
import { parseHeard, takeoverIn, type Heard } from '../../bench/moves/takeover.ts'

const former = '02:00:77:01:00:11'
const [second, third] = ['02:00:77:01:00:12', '02:00:77:01:00:13'] as const
const addresses = new Set(['10.0.0.1', '10.0.0.2', '10.0.0.3'])
const heard = (ms: number, mac: string, address: string): Heard => ({ us: ms * 1000, mac, address })
const taken = (...all: readonly Heard[]): ReturnType<typeof takeoverIn> =>
  takeoverIn(all, { addresses, formerMac: former, cutUs: 100_000 })

describe('a line of the capture', () => {
  it('is read', () => {
    expect(parseHeard(`1795312177524000 ${former} 10.0.0.1`)).toEqual({
      us: 1_795_312_177_524_000,
      mac: former,
      address: '10.0.0.1',
    })
  })
  it.each(['', 'ready', `x ${former} 10.0.0.1`, `17 ${former}`])('is none when it is "%s"', (line) => {
    expect(parseHeard(line)).toBeUndefined()
  })
})

describe('a takeover', () => {
  it('is timed from the first word about the first address to the first word about the last', () => {
    const found = taken(
      heard(210, second, '10.0.0.1'),
      heard(240, third, '10.0.0.3'),
      heard(215, third, '10.0.0.2'),
      heard(900, second, '10.0.0.1'),
    )
    expect(found).toEqual({ count: 3, spreadMs: 30, shareMs: 25, fromCutMs: 140 })
  })
  it('knows nothing of what the former node said, of what was said before the cut, and of other addresses', () => {
    const found = taken(
      heard(105, former, '10.0.0.2'),
      heard(99, second, '10.0.0.2'),
      heard(300, second, '10.0.0.9'),
      heard(210, second, '10.0.0.1'),
    )
    expect(found).toEqual({ count: 1, spreadMs: 0, shareMs: 0, fromCutMs: 110 })
  })
  it('of nothing counts nothing', () => {
    expect(taken().count).toBe(0)
  })
})
