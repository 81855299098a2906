import { isDeepStrictEqual } from 'node:util'
import { Leasing } from '../../core/allocation/leasing.ts'
import type { ReadObject } from './manifests.ts'
import { poolForecasts, serviceForecasts } from './outcome.ts'
import type { PoolForecast, ServiceForecast } from './outcome.ts'
import { emptyWorld, leasingView, putInto } from './world.ts'
import type { Reading, World } from './world.ts'

/** What the controller would do, and how the pools would be then. */
export interface Forecast {
  readonly services: readonly ServiceForecast[]
  readonly pools: readonly PoolForecast[]
  /** Whether objects were replaced, so that there is a before and an after. */
  readonly isEdit: boolean
  /** Namespaces of Services whose labels are not known, though a pool asks for labels of namespaces. */
  readonly unknownNamespaces: readonly string[]
  /** Pools whose status knows of more addresses in use than Services here hold: then these are not all Services. */
  readonly shortOfServices: readonly string[]
}

export interface ForecastOptions extends Reading {
  /** Whether Services without a class are ours. */
  readonly classLess: boolean
}

/**
 * Starts a controller on what the first files describe, and then tells it of each edit in turn, as the API server would.
 * The base is what stands before the first file that replaces an object of an earlier one.
 */
export function forecast(files: readonly (readonly ReadObject[])[], options: ForecastOptions): Forecast {
  const { now, classLess } = options
  const [base, edits] = atFirstEdit(files)
  const world = emptyWorld()
  for (const read of base) putInto(world, read, options)
  const leasing = new Leasing(leasingView(world, now), { classLess }, now)
  const isEdit = edits.length > 0
  const before = isEdit ? serviceForecasts(world, leasing, classLess) : undefined
  const shortOfServices = poolForecasts(world, leasing, now).filter((each) => isShort(world, each))
  for (const read of edits) edit(world, leasing, read, options)
  const services = serviceForecasts(world, leasing, classLess)
  return {
    services: before ? withBefore(services, before) : services,
    pools: poolForecasts(world, leasing, now),
    isEdit,
    unknownNamespaces: asksForLabels(world) ? [...world.unknownNamespaces] : [],
    shortOfServices: shortOfServices.map(({ name }) => name),
  }
}

function atFirstEdit(
  files: readonly (readonly ReadObject[])[],
): readonly [base: readonly ReadObject[], edits: readonly ReadObject[]] {
  const known = new Set<string>()
  const first = files.findIndex((objects) => {
    if (objects.some(({ key }) => known.has(key))) return true
    for (const { key } of objects) known.add(key)
    return false
  })
  return first < 0 ? [files.flat(), []] : [files.slice(0, first).flat(), files.slice(first).flat()]
}

/** Tells the allocator of one change, as the controller does: of a pool only when its spec is another one. */
function edit(world: World, leasing: Leasing, read: ReadObject, options: ForecastOptions): void {
  const { kind, key } = read
  const { name, namespace = 'default' } = read.object.metadata
  const before = world.objects.get(key)
  const labels = world.namespaces.get(name)?.labels
  putInto(world, read, options)
  const service = world.services.get(`${namespace}/${name}`)
  if (kind === 'Service' && service) leasing.service(service, options.now)
  if (kind === 'AddressPool' && !isSamePool(before, world.objects.get(key))) leasing.poolsChanged(options.now)
  if (kind === 'Namespace' && !isDeepStrictEqual(labels, world.namespaces.get(name)?.labels)) {
    leasing.namespaceChanged(name, options.now)
  }
}

interface PoolObject {
  readonly metadata: { readonly deletionTimestamp?: string }
  readonly spec?: unknown
}

function isSamePool(a: PoolObject | undefined, b: PoolObject | undefined): boolean {
  return (
    isDeepStrictEqual(a?.spec, b?.spec) && a?.metadata.deletionTimestamp === b?.metadata.deletionTimestamp
  )
}

function withBefore(
  after: readonly ServiceForecast[],
  before: readonly ServiceForecast[],
): readonly ServiceForecast[] {
  const former = new Map(before.map((each) => [`${each.namespace}/${each.name}`, each]))
  return after.map((each) => {
    const was = former.get(`${each.namespace}/${each.name}`)
    if (!was) return { ...each, before: null }
    const { decision, addresses, pool, reason, message } = was
    return isSameOutcome(was, each)
      ? each
      : { ...each, before: { decision, addresses, pool, reason, message } }
  })
}

function isSameOutcome(a: ServiceForecast, b: ServiceForecast): boolean {
  const outcome = ({ decision, addresses, pool, reason }: ServiceForecast): string =>
    [decision, addresses.join(), pool, reason].join()
  return outcome(a) === outcome(b)
}

function asksForLabels({ pools }: World): boolean {
  return [...pools.values()].some(({ pool }) => pool.namespaceSelectors !== undefined)
}

function isShort({ pools }: World, { name, ipv4, ipv6 }: PoolForecast): boolean {
  const { status = {} } = pools.get(name) ?? {}
  return (status.ipv4?.allocated ?? 0) > ipv4.allocated || (status.ipv6?.allocated ?? 0) > ipv6.allocated
}
