import type { Registry } from './registry.ts'
import type { ServiceNetwork } from './service-network.ts'
import type { Store } from './store.ts'

/** What every request works on. */
export interface Cluster {
  readonly store: Store
  readonly registry: Registry
  readonly network: ServiceNetwork
}
