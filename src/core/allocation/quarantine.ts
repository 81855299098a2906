import type { Address } from '../ip/address.ts'
import { firstFew } from '../words/listed.ts'
import { keyOf } from './ledger.ts'
import type { Ledger } from './ledger.ts'
import type { Quarantined } from './memory.ts'
import { quarantine, release } from './shelf.ts'
import type { Shelf, Slot } from './shelf.ts'
import { positionIn } from './shelves.ts'

/** Quarantines these addresses and no others; the addresses for which that is a change, or for which the device is another one. */
export function replaceQuarantine(ledger: Ledger, entries: readonly Quarantined[]): readonly Address[] {
  const { quarantined } = ledger
  const wanted = new Map(entries.map((entry) => [keyOf(entry.address), entry]))
  const ended = [...quarantined].filter(([key]) => !wanted.has(key)).map(([, { address }]) => address)
  const begun = [...wanted].filter(([key]) => !quarantined.has(key)).map(([, { address }]) => address)
  const told = [...wanted].filter(([key, { mac }]) => (quarantined.get(key)?.mac ?? mac) !== mac)
  for (const address of ended)
    onShelves(ledger, address, (shelf, position) => release(shelf, position, ledger.now))
  for (const address of begun) onShelves(ledger, address, quarantine)
  quarantined.clear()
  for (const [key, entry] of wanted) quarantined.set(key, entry)
  return [...ended, ...begun, ...told.map(([, { address }]) => address)]
}

function onShelves(
  { shelves }: Ledger,
  address: Address,
  change: (shelf: Shelf, position: Slot) => void,
): void {
  for (const each of shelves.values()) {
    const position = positionIn(each, address)
    if (position !== undefined) change(each[address.family], position)
  }
}

/** What people are told when addresses of a pool are quarantined; undefined when none are. */
export function quarantineText(
  entries: readonly { readonly address: string; readonly mac: string }[],
  pool: string,
): string | undefined {
  if (entries.length === 0) return undefined
  const named = firstFew(entries.map(({ address, mac }) => `${address} (${mac})`))
  const [what, it, mend] =
    entries.length === 1
      ? ['another device answers for', 'it', 'the address off that device, or exclude it from']
      : ['other devices answer for', 'them', 'the addresses off those devices, or exclude them from']
  return `${what} ${named}: nobody new gets ${it} while that lasts; take ${mend} AddressPool ${pool}`
}
