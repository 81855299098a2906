import { describe, expect, it } from 'vitest'
import { silenceOf, tellTurns } from '../../bench/timeline.ts'

const nodeOf = new Map([
  ['02:00:77:00:00:11', 'node-1'],
  ['02:00:77:00:00:12', 'node-2'],
])
const arp = (address: string, atMs: number, by: string) => ({ address, atMs, arp: by })
const [first, second] = ['02:00:77:00:00:11', '02:00:77:00:00:12']

describe('a line of time', () => {
  it('has what was done among what was seen, in order, with addresses that change alike in one line', () => {
    const turns = [
      arp('.1', 900, first),
      arp('.2', 950, first),
      arp('.1', 4000, second),
      arp('.2', 4100, second),
    ]
    const done = [{ atMs: 3800, words: 'node-1 loses its power' }]
    expect(tellTurns({ turns, done, startMs: 1000, nodeOf })).toEqual([
      '   -0.1 s  ARP is answered by node-1: .1, .2',
      '    2.8 s  * node-1 loses its power',
      '    3.0 s  ARP is answered by node-2: .1, .2',
    ])
  })

  it('leaves out the moment in which two nodes answer in turn, and tells how it ended', () => {
    const turns = [
      arp('.1', 0, first),
      arp('.1', 5000, second),
      arp('.1', 5100, first),
      arp('.1', 5200, second),
    ]
    expect(tellTurns({ turns, done: [], startMs: 0, nodeOf })).toEqual([
      '    0.0 s  ARP is answered by node-1: .1',
      '    5.2 s  ARP is answered by node-2: .1',
    ])
  })

  it('names a MAC that is no node’s, and says when nobody answers', () => {
    const turns = [arp('.1', 0, '02:00:00:00:00:99'), arp('.1', 1000, 'nobody')]
    expect(tellTurns({ turns, done: [], startMs: 0, nodeOf })).toEqual([
      '    0.0 s  ARP is answered by 02:00:00:00:00:99: .1',
      '    1.0 s  ARP is answered by nobody: .1',
    ])
  })
})

describe('the silence of an address', () => {
  const span = { startMs: 0, endMs: 10_000 }

  it('is what lies between each end of the answers and the next one', () => {
    const turns = [
      arp('.1', 1000, 'nobody'),
      arp('.1', 3000, first),
      arp('.1', 5000, 'nobody'),
      arp('.1', 5500, second),
    ]
    expect(silenceOf(turns, 'arp', span)).toBe(2500)
  })

  it('goes to the end when nobody answers any more, and begins no sooner than it is looked for', () => {
    expect(silenceOf([arp('.1', -500, 'nobody')], 'arp', span)).toBe(10_000)
  })

  it('is counted for ARP and for UDP alone', () => {
    const turns = [
      arp('.1', 1000, first),
      { address: '.1', atMs: 2000, udp: false },
      { address: '.1', atMs: 4000, udp: true },
    ]
    expect(silenceOf(turns, 'arp', span)).toBe(0)
    expect(silenceOf(turns, 'udp', span)).toBe(2000)
  })
})
