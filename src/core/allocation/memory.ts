import type { Address } from '../ip/address.ts'

/** Who had an address last, and when it was freed: milliseconds since the epoch, for `retain` outlives restarts. */
export interface Remembered {
  readonly address: Address
  /** `namespace/name`. */
  readonly service: string
  readonly freedAt: number
}

/** An address that another device on the LAN answers for. */
export interface Quarantined {
  readonly address: Address
  readonly mac: string
  /** When it was last seen to answer, in milliseconds since the epoch. */
  readonly seen: number
}

/** As many quarantined addresses stand in the status of a pool. */
export const mostQuarantined = 256

/** As many of the addresses of each family that are given next stand in the status of a pool. */
export const mostUpcoming = 8

/** How many addresses of a pool are persisted as remembered, and so how many can be retained. */
export const mostPersisted = 1_024

/** Orders memories: the longest freed first. */
export function compareFreed(a: Pick<Remembered, 'freedAt'>, b: Pick<Remembered, 'freedAt'>): number {
  return a.freedAt - b.freedAt
}
