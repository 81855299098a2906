import type { Compatibility } from '../../core/allocation/compatibility.ts'
import type { LeasingPool, LeasingService } from '../../core/allocation/leasing.ts'
import { readService } from '../../core/allocation/service.ts'
import { readPool } from '../../core/pool/stored-pool.ts'
import type { KubernetesObject } from '../../platform/kubernetes/object.ts'

/** What the allocator needs of a Service. */
export function serviceRecordOf(object: KubernetesObject, compatibility: Compatibility): LeasingService {
  const facts = readService(object, compatibility)
  return { key: facts.key, uid: object.metadata.uid ?? facts.key, facts }
}

/** What the allocator needs of an AddressPool. */
export function poolRecordOf(object: KubernetesObject): LeasingPool {
  return { ...readPool(object), resourceVersion: object.metadata.resourceVersion ?? '' }
}
