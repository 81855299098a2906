import { isIP } from 'node:net'
import type { EndpointSlice, Service, ServicePort } from '../../cluster/objects.ts'
import { keyOf } from '../../cluster/objects.ts'
import { backendsOf, type Backend } from './endpoint-choice.ts'

/** One address and port of a Service, and where what arrives there goes. */
export interface Frontend {
  /** `TCP 192.168.10.200 80`: no two frontends of a node have the same. */
  readonly key: string
  readonly service: string
  readonly protocol: 'TCP' | 'UDP'
  readonly address: string
  readonly port: number
  /** Whether the Pod sees the node's address instead of the client's. */
  readonly masquerade: boolean
  /** Whether one client always goes to the same endpoint. */
  readonly sticky: boolean
  readonly backends: readonly Backend[]
  /** What a client meets that finds no backend. */
  readonly empty: 'refuse' | 'drop'
}

/** Everything that one node listens on for a Service: its load balancer addresses and its cluster address. */
export function frontendsOf(
  service: Service,
  slices: readonly EndpointSlice[],
  node: string,
): readonly Frontend[] {
  const { externalTrafficPolicy, internalTrafficPolicy, type } = service.spec ?? {}
  const outside = { local: externalTrafficPolicy === 'Local', masquerade: externalTrafficPolicy !== 'Local' }
  const inside = { local: internalTrafficPolicy === 'Local', masquerade: false }
  const external = type === 'LoadBalancer' ? ingressOf(service) : []
  return [
    ...external.flatMap((address) => frontendsAt(service, slices, { ...outside, address, node })),
    ...clusterIpsOf(service).flatMap((address) => frontendsAt(service, slices, { ...inside, address, node })),
  ]
}

/** Only with ipMode VIP (the default) does the address itself arrive at the node. */
function ingressOf(service: Service): readonly string[] {
  const ingress = service.status?.loadBalancer?.ingress ?? []
  return ingress.flatMap(({ ip, ipMode }) => (ip && isIP(ip) && (ipMode ?? 'VIP') === 'VIP' ? [ip] : []))
}

function clusterIpsOf({ spec }: Service): readonly string[] {
  return (spec?.clusterIPs ?? [spec?.clusterIP ?? '']).filter((address) => isIP(address) !== 0)
}

interface Place {
  readonly address: string
  readonly node: string
  readonly local: boolean
  readonly masquerade: boolean
}

function frontendsAt(service: Service, slices: readonly EndpointSlice[], place: Place): readonly Frontend[] {
  const chosen = slicesFor(`IPv${isIP(place.address)}`, slices)
  return (service.spec?.ports ?? []).flatMap((port) => frontendAt(service, chosen, place, port) ?? [])
}

/**
 * Those of the family. The Pods here have no IPv6 addresses, and need none: what comes by IPv6 is carried to them by
 * hand, unless somebody made slices of IPv6.
 */
function slicesFor(family: string, slices: readonly EndpointSlice[]): readonly EndpointSlice[] {
  const ofFamily = slices.filter((slice) => (slice.addressType ?? 'IPv4') === family)
  return family === 'IPv6' && ofFamily.length === 0 ? slices : ofFamily
}

function frontendAt(
  service: Service,
  slices: readonly EndpointSlice[],
  place: Place,
  { name = '', protocol = 'TCP', port }: ServicePort,
): Frontend | undefined {
  if (port === undefined || (protocol !== 'TCP' && protocol !== 'UDP')) return undefined
  return {
    key: `${protocol} ${place.address} ${port}`,
    service: keyOf(service.metadata),
    protocol,
    address: place.address,
    port,
    masquerade: place.masquerade,
    sticky: service.spec?.sessionAffinity === 'ClientIP',
    backends: backendsOf(slices, { name, protocol }, place.local ? place.node : undefined),
    empty: place.local ? 'drop' : 'refuse',
  }
}
