import type { Shift } from './rebalance.ts'

/** So many ways from one node to another are named. */
const mostNamed = 3

/** What a rebalance would move of the `total` addresses of a pool, in words. */
export function unevennessText(shifts: readonly Shift[], total: number, isAutomatic: boolean): string {
  const counts = new Map<string, number>()
  for (const { from, to } of shifts) {
    const way = `from ${from} to ${to}`
    counts.set(way, (counts.get(way) ?? 0) + 1)
  }
  const ways = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([way, count]) => `${count} ${way}`)
  const named = ways.slice(0, mostNamed).join(', ')
  const more = ways.length > mostNamed ? ', and more' : ''
  const mend = isAutomatic ? 'a few move at a time' : 'with spec.l2.rebalance Auto they move by themselves'
  return `a rebalance would move ${shifts.length} of its ${total} addresses: ${named}${more}; ${mend}`
}
