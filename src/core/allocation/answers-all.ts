import type { Pool } from '../pool/pool.ts'
import { shelvesOf } from './ledger.ts'
import type { Ledger } from './ledger.ts'
import type { Remark } from './remark.ts'
import { hasListed } from './shelves.ts'

/** Who answers for so many addresses of a pool that nobody announces has not got them: it answers for all. */
const enough = 8

/**
 * A remark on each device that answers for whatever it is asked, as a router does with proxy ARP or an NDP proxy: the
 * addresses look taken one by one, and what is wrong is one setting of one device. The words stay as more are found.
 */
export function answersAll(ledger: Ledger, { name }: Pool): readonly Remark[] {
  const shelves = shelvesOf(ledger, name)
  const counts = new Map<string, number>()
  for (const { address, mac } of ledger.quarantined.values()) {
    if (hasListed(shelves, address)) counts.set(mac, (counts.get(mac) ?? 0) + 1)
  }
  const macs = [...counts].filter(([, count]) => count >= enough).map(([mac]) => mac)
  return macs.toSorted().map((mac) => ({ reason: 'ProxyArp', message: words(mac) }))
}

function words(mac: string): string {
  return (
    `${mac} answers for ${enough} or more of its addresses that nobody announces, as a router does for whatever it is ` +
    `asked (proxy ARP, or an NDP proxy): none of them is given out; turn that off there`
  )
}
