import type { Compatibility } from '../../core/allocation/compatibility.ts'
import type { LeasingPool, LeasingService } from '../../core/allocation/leasing.ts'
import { readService } from '../../core/allocation/service.ts'
import { ready } from '../../core/api/names.ts'
import { readAddressPool } from '../../core/api/stored.ts'
import { poolOf } from '../../core/pool/pool.ts'
import type { KubernetesObject } from '../../platform/kubernetes/object.ts'

/** What the allocator needs of a Service. */
export function serviceRecordOf(object: KubernetesObject, compatibility: Compatibility): LeasingService {
  const facts = readService(object, compatibility)
  return { key: facts.key, uid: object.metadata.uid ?? facts.key, facts }
}

/** What the allocator needs of an AddressPool, which has been found valid. */
export function poolRecordOf(object: KubernetesObject): LeasingPool {
  const read = readAddressPool(object)
  if (!('ok' in read)) throw new Error(`AddressPool ${object.metadata.name}: ${read.problem}`)
  const { spec, status = {} } = read.ok
  const { name, creationTimestamp = '', resourceVersion = '', deletionTimestamp } = object.metadata
  return {
    pool: poolOf(name, spec, { isLeaving: deletionTimestamp !== undefined }),
    createdAt: creationTimestamp,
    resourceVersion,
    status,
    wasReady: (status.conditions ?? []).some((each) => each.type === ready && each.status === 'True'),
  }
}
