import type { AddressPoolSpec, AddressPoolStatus } from '../api/address-pool.ts'
import { ready } from '../api/names.ts'
import { readAddressPool } from '../api/stored.ts'
import { announceOf } from './announce.ts'
import { poolOf, unreadablePool } from './pool.ts'
import type { Pool } from './pool.ts'

/** An AddressPool of the Kubernetes API, as far as it is read here. */
export interface AddressPoolObject {
  readonly metadata: {
    readonly name: string
    readonly creationTimestamp?: string
    readonly deletionTimestamp?: string
  }
  readonly spec?: Partial<AddressPoolSpec>
}

/** A pool as the API server stores it, and what its status and its metadata say that decides between two pools. */
export interface StoredPool {
  readonly pool: Pool
  /** `metadata.creationTimestamp`; empty for one that is not stored yet. */
  readonly createdAt: string
  readonly status: AddressPoolStatus
  readonly wasReady: boolean
}

/** Reads an AddressPool. One that cannot be read is a pool that gives out nothing and says why. */
export function readPool(raw: AddressPoolObject): StoredPool {
  const read = readAddressPool(raw)
  const { name, creationTimestamp = '', deletionTimestamp } = raw.metadata
  const status = ('ok' in read ? read.ok.status : undefined) ?? {}
  const isLeaving = deletionTimestamp !== undefined
  const pool =
    'ok' in read
      ? poolOf(name, read.ok.spec, { isLeaving })
      : { ...unreadablePool(name, read.problem, announceOf(raw.spec)), isLeaving }
  const wasReady = (status.conditions ?? []).some((each) => each.type === ready && each.status === 'True')
  return { pool, createdAt: creationTimestamp, status, wasReady }
}
