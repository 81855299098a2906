import { includes } from '../ip/address.ts'
import type { Address } from '../ip/address.ts'
import type { Sharing } from './claim.ts'
import { keyOf, listersOf, shelfOf } from './ledger.ts'
import type { Holding, Ledger } from './ledger.ts'
import { heldInNamespace } from './pool-usage.ts'
import { anyFree } from './shelf.ts'
import type { Shelves } from './shelves.ts'
import { addressTopic, freeTopic, quotaTopic, sharingTopic } from './topics.ts'
import type { Topic } from './topics.ts'

/** Topics that a change has opened, with whether anything is left there for one more claim. */
export type Opened = ReadonlyMap<Topic, () => boolean>

/** What others may have, or have to be told, since this claim holds other addresses than before or shares otherwise. */
export function openedBy(ledger: Ledger, before: Holding | undefined, after: Holding | undefined): Opened {
  const opened: Openings = new Map()
  if (before) openLeft(opened, ledger, before, after)
  for (const address of after?.addresses ?? []) {
    if (!includes(before?.addresses ?? [], address)) openShared(opened, ledger, address, [after?.sharing])
  }
  return opened
}

/** What others may have since the address is free to them, or what they have to be told of it. */
export function openedAt(ledger: Ledger, addresses: Iterable<Address>): Opened {
  const opened: Openings = new Map()
  for (const address of addresses) {
    for (const shelves of listersOf(ledger, address)) openAddress(opened, ledger, shelves, address)
  }
  return opened
}

type Openings = Map<Topic, () => boolean>

/** What the claim had: given up, or had otherwise. */
function openLeft(opened: Openings, ledger: Ledger, before: Holding, after: Holding | undefined): void {
  for (const address of before.addresses) {
    if (!after || !includes(after.addresses, address)) openFreed(opened, ledger, address, before)
    else if (!isSameSharing(before.sharing, after.sharing))
      openShared(opened, ledger, address, [before.sharing, after.sharing])
  }
}

function openFreed(
  opened: Openings,
  ledger: Ledger,
  address: Address,
  { namespace, sharing }: Holding,
): void {
  for (const shelves of listersOf(ledger, address)) {
    const { name, quota } = shelves.pool
    openAddress(opened, ledger, shelves, address)
    if (sharing.key !== undefined) opened.set(sharingTopic(name, sharing.key), always)
    if (quota === undefined) continue
    opened.set(quotaTopic(name, namespace), () => heldInNamespace(ledger, name, namespace, '') < quota)
  }
}

function openAddress(opened: Openings, ledger: Ledger, { pool }: Shelves, address: Address): void {
  const { family } = address
  const shelf = shelfOf(ledger, pool.name, family)
  opened.set(freeTopic(pool.name, family), () => anyFree(shelf) !== undefined)
  opened.set(addressTopic(pool.name, address), () => !ledger.holders.has(keyOf(address)))
}

/** There is somebody more to share with, or somebody who shares otherwise. */
function openShared(
  opened: Openings,
  ledger: Ledger,
  address: Address,
  sharings: readonly (Sharing | undefined)[],
): void {
  const keys = sharings.flatMap((sharing) => sharing?.key ?? [])
  for (const { pool } of listersOf(ledger, address)) {
    opened.set(addressTopic(pool.name, address), () => !ledger.holders.has(keyOf(address)))
    for (const key of keys) opened.set(sharingTopic(pool.name, key), always)
  }
}

function always(): boolean {
  return true
}

function isSameSharing(a: Sharing, b: Sharing): boolean {
  return (
    a === b ||
    (a.key === b.key &&
      a.backend === b.backend &&
      a.ports.join() === b.ports.join() &&
      a.sharesWith.join() === b.sharesWith.join())
  )
}
