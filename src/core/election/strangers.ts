/*
 * Who sends heartbeats that nobody here can verify: a speaker of this cluster with another key, one of another cluster
 * on the same LAN, or somebody who plays either. Nothing of what they say is believed; that they are there is told. Who
 * it is cannot be known, so a name is only what is said, and the table is small: a flood of senders fills it, and no more.
 */

/** As many are told apart. */
export const mostStrangers = 16
/** Who sent as many, over so long, does so on purpose: a key that is being changed, or a stray packet, is no news. */
const enoughPackets = 3
const notBeforeMs = 1_000
/** Who has sent nothing for so long is gone. */
const goneAfterMs = 10_000
/** What is told changes no oftener than this, whatever is sent. */
const toldApartMs = 5_000

/** One sender on one interface; `says` is the node that it claims to be, if its packet can be read at all. */
export interface Stranger {
  readonly interface: string
  readonly mac: bigint
  readonly says: string | undefined
  readonly since: number
}

interface Seen extends Stranger {
  packets: number
  heardAt: number
}

/** All who were heard lately; it changes in place, by the functions below alone. */
export interface Strangers {
  readonly seen: Map<string, Seen>
  told: string
  notBefore: number
}

/** Nobody was heard yet. */
export function beginStrangers(): Strangers {
  return { seen: new Map(), told: '', notBefore: -Infinity }
}

/** Takes note of a packet that could not be verified; `readName` is asked once for each sender. */
export function hearStranger(
  { seen }: Strangers,
  { interface: name, mac }: Pick<Stranger, 'interface' | 'mac'>,
  readName: () => string | undefined,
  now: number,
): void {
  const key = `${mac} ${name}`
  const known = seen.get(key)
  if (known !== undefined) {
    known.packets++
    known.heardAt = now
  } else if (seen.size < mostStrangers) {
    seen.set(key, { interface: name, mac, says: readName(), since: now, packets: 1, heardAt: now })
  }
}

/** Everyone who is to be told of, when that is another list than was told before; undefined otherwise. */
export function newStrangers(strangers: Strangers, now: number): readonly Stranger[] | undefined {
  if (now < strangers.notBefore || (strangers.seen.size === 0 && strangers.told === '')) return undefined
  for (const [key, { heardAt }] of strangers.seen) {
    if (heardAt + goneAfterMs <= now) strangers.seen.delete(key)
  }
  const found = [...strangers.seen].filter(([, each]) => isOnPurpose(each))
  const text = found.map(([key]) => key).join()
  if (text === strangers.told) return undefined
  strangers.told = text
  strangers.notBefore = now + toldApartMs
  return found.map(([, { interface: name, mac, says, since }]) => ({ interface: name, mac, says, since }))
}

function isOnPurpose({ packets, since, heardAt }: Seen): boolean {
  return packets >= enoughPackets && heardAt - since >= notBeforeMs
}
