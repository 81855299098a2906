import { describe, expect, it } from 'vitest'
import { linesOf, type Seen } from '../../bench/moves/seen.ts'

const udp = (gapMs: number, lost: number): Seen['sights'][number] => ({ by: 'UDP', gapMs, lost, sent: 1000 })
const seen = (...sights: Seen['sights']): Seen => ({ sights, counts: [] })

describe('several tries of one move', () => {
  it('are one line for each client, with the middle and the worst of the gaps and of what was lost', () => {
    const arp = { by: 'ARP', gapMs: 0, lost: 0, sent: 200 }
    const tries = [seen(udp(110, 108), arp), seen(udp(150, 149), arp), seen(udp(90, 3), arp)]
    expect(linesOf(tries)).toEqual([
      { by: 'UDP', cells: ['110 ms', '150 ms', '150 ms', '108', '149', '1000'] },
      { by: 'ARP', cells: ['0.00 ms', '0.00 ms', '0.00 ms', '0', '0', '200'] },
    ])
  })

  it('have a line for each thing that was counted, in its unit', () => {
    const counts = [
      { what: 'answers', value: 2 },
      { what: 'slowest', value: 1033.4, unit: 'ms' },
      { what: 'after', value: 2.44, unit: 's' },
    ] as const
    expect(linesOf([{ sights: [], counts }])).toEqual([
      { by: 'answers', cells: ['2', '2', '2'] },
      { by: 'slowest', cells: ['1033 ms', '1033 ms', '1033 ms'] },
      { by: 'after', cells: ['2.4 s', '2.4 s', '2.4 s'] },
    ])
  })

  it('have the second worst of a hundred as their p99, and the worst as their maximum', () => {
    const tries = Array.from({ length: 200 }, (_, at) => seen(udp(at, 0)))
    expect(linesOf(tries)[0]?.cells.slice(0, 3)).toEqual(['100 ms', '198 ms', '199 ms'])
  })
})
