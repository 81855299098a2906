import { isIPv4 } from 'node:net'
import type { EndpointSlice, Service } from '../../cluster/objects.ts'
import type { Found } from './message.ts'

export type Family = 'IPv4' | 'IPv6'

/** What names are made of; `slicesOf` answers the EndpointSlices of the Service with this `namespace/name`. */
export interface Directory {
  find(service: string): Service | undefined
  slicesOf(service: string): Iterable<EndpointSlice>
}

const form = /^(?<name>[^.]+)\.(?<namespace>[^.]+)\.svc\.cluster\.local$/

/**
 * The addresses of `web.shop.svc.cluster.local`, as Kubernetes' specification of cluster DNS has them: the cluster IP, or
 * the endpoints of a Service without one. Of that specification it knows nothing else.
 */
export function addressesOf(question: string, family: Family, directory: Directory): Found {
  const { name, namespace } = form.exec(question)?.groups ?? {}
  const key = `${namespace}/${name}`
  const service = directory.find(key)
  if (!service) return undefined
  const isHeadless = service.spec?.clusterIP === 'None'
  const addresses = isHeadless ? endpointsOf(service, directory.slicesOf(key)) : clusterAddressesOf(service)
  return [...new Set(addresses.filter((address) => isIPv4(address) === (family === 'IPv4')))]
}

function clusterAddressesOf({ spec }: Service): readonly string[] {
  return spec?.clusterIPs ?? (spec?.clusterIP ? [spec.clusterIP] : [])
}

function endpointsOf({ spec }: Service, slices: Iterable<EndpointSlice>): readonly string[] {
  const isWanted = (ready = true): boolean => ready || spec?.publishNotReadyAddresses === true
  return [...slices]
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => isWanted(conditions?.ready))
    .flatMap(({ addresses }) => addresses ?? [])
}
