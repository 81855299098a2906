import { formatAddress, parseAddress } from '../ip/address.ts'
import type { Remembered } from './memory.ts'

/** An address that a node was to announce, and the Services that held it then. */
export interface Announced {
  readonly address: string
  readonly services: readonly string[]
}

/**
 * What Services had that were deleted while no controller ran: nobody noted that, and all that is left of them is that a
 * node was to announce their addresses. It counts as freed now, unless a pool remembers it already.
 */
export function leftBehind(
  announced: Iterable<Announced>,
  isThere: (service: string) => boolean,
  remembered: Iterable<Omit<Announced, 'services'> & { readonly service: string }>,
  now: number,
): readonly Remembered[] {
  const known = new Set([...remembered].map(({ address, service }) => `${address} ${service}`))
  const found = new Map<string, Remembered>()
  for (const { address: text, services } of announced) {
    const address = parseAddress(text)
    if (!address) continue
    for (const service of services) {
      const key = `${formatAddress(address)} ${service}`
      if (!isThere(service) && !known.has(key)) found.set(key, { address, service, freedAt: now })
    }
  }
  return [...found.values()]
}
