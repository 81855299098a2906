import { addressPoolSpec } from '../../../src/core/api/address-pool.ts'
import type { Pool } from '../../../src/core/pool/pool.ts'
import { poolOf } from '../../../src/core/pool/pool.ts'

/** A pool as the controller reads it; the entries are a comma list, all else has its default. */
export function pool(name: string, addresses: string, spec: object = {}): Pool {
  return poolOf(name, addressPoolSpec.parse({ addresses: addresses.split(','), ...spec }))
}
