import type { Frontend } from './frontends.ts'

/** How a node takes an address: as its own, or swallowing what comes for it. */
export type Taking = 'local' | 'blackhole'

export interface Plan {
  readonly frontends: ReadonlyMap<string, Frontend>
  readonly addresses: ReadonlyMap<string, Taking>
}

/**
 * What a node listens on for all Services. Where two claim the same address, protocol and port, the first in
 * the order given has it. An address of which nothing is to be answered is swallowed whole.
 */
export function planOf(services: Iterable<readonly Frontend[]>): Plan {
  const frontends = new Map<string, Frontend>()
  const addresses = new Map<string, Taking>()
  for (const list of services)
    for (const frontend of list) {
      if (!frontends.has(frontend.key)) frontends.set(frontend.key, frontend)
      const swallow = frontend.backends.length === 0 && frontend.empty === 'drop'
      if (!swallow) addresses.set(frontend.address, 'local')
      else if (!addresses.has(frontend.address)) addresses.set(frontend.address, 'blackhole')
    }
  return { frontends, addresses }
}

/** Marks the routes that are ours, so that a new start can sweep up after the last one. */
export const routeProtocol = 76

/** The lines for `ip -batch` that turn one set of taken addresses into another: additions first. */
export function routeLines(
  before: ReadonlyMap<string, Taking>,
  after: ReadonlyMap<string, Taking>,
): readonly string[] {
  const changed = [...after].filter(([address, taking]) => before.get(address) !== taking)
  const gone = [...before].filter(([address, taking]) => after.get(address) !== taking)
  return [
    ...changed.map((entry) => takingLine(...entry)),
    ...gone.map(([address, taking]) => `route del ${routeOf(address, taking)}`),
  ]
}

/** The line that takes one address. */
export function takingLine(address: string, taking: Taking): string {
  return `route replace ${routeOf(address, taking)}`
}

function routeOf(address: string, taking: Taking): string {
  return taking === 'local'
    ? `local ${address} dev lo table local proto ${routeProtocol}`
    : `blackhole ${address} table main proto ${routeProtocol}`
}
