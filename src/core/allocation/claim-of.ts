import { annotations } from '../api/names.ts'
import { formatAddress, parseAddress } from '../ip/address.ts'
import type { Address, Family } from '../ip/address.ts'
import { flawOf } from '../ip/range.ts'
import type { Labels } from '../pool/selector.ts'
import type { Claim, Sharing } from './claim.ts'
import { isOurs } from './service.ts'
import type { ServiceFacts } from './service.ts'

/** What a claim depends on besides its Service. */
export interface Surroundings {
  readonly namespaceLabels: Labels
  readonly arrival: number
  /** Whether Services without a class are ours. */
  readonly classLess: boolean
}

/** Reads a Service as a claim. What is wrong with its request becomes the claim's problem. */
export function claimOf(service: ServiceFacts, { namespaceLabels, arrival, classLess }: Surroundings): Claim {
  const familyPolicy = familyPolicyOf(service)
  const all = service.families.filter((family) => family === 'IPv4' || family === 'IPv6')
  const families: readonly Family[] = all.length > 0 ? all : ['IPv4']
  const request = requestOf(service, families)
  return {
    key: service.key,
    namespace: service.namespace,
    createdAt: service.createdAt,
    arrival,
    wantsLoadBalancer: isOurs(service, classLess),
    families: familyPolicy === 'SingleStack' ? families.slice(0, 1) : families,
    familyPolicy,
    asksFor: 'problem' in request ? [] : request.addresses,
    asksPool: service.asksPool,
    problem: 'problem' in request ? request.problem : undefined,
    sharing: sharingOf(service),
    labels: service.labels,
    namespaceLabels,
    holds: service.ingress.flatMap(({ ip = '' }) => parseAddress(ip) ?? []),
  }
}

function familyPolicyOf({ familyPolicy }: ServiceFacts): Claim['familyPolicy'] {
  return familyPolicy === 'PreferDualStack' || familyPolicy === 'RequireDualStack'
    ? familyPolicy
    : 'SingleStack'
}

function sharingOf(service: ServiceFacts): Sharing {
  const selector = Object.entries(service.selector).map(([key, value]) => `${key}=${value}`)
  // Without a selector its endpoints are its own, and only it has the same.
  const target = selector.length > 0 ? selector.toSorted().join() : service.key
  const backend = service.trafficPolicy === 'Local' ? `${service.namespace} ${target}` : ''
  return { key: service.sharingKey, ports: service.ports, backend }
}

type Request = { readonly addresses: readonly Address[] } | { readonly problem: string }

function requestOf(service: ServiceFacts, families: readonly Family[]): Request {
  const source = service.asksFor === undefined ? 'spec.loadBalancerIP' : annotations.addresses
  const texts = (service.asksFor ?? service.asksForIP ?? '').split(',').map((text) => text.trim())
  const addresses: Address[] = []
  for (const text of texts.filter((each) => each !== '')) {
    const address = parseAddress(text)
    if (!address) return { problem: `"${text}" in ${source} ${flawOf(text)}` }
    addresses.push(address)
  }
  const problem =
    tooMany(addresses, source) ?? foreign(addresses, families, source) ?? contradiction(service, addresses)
  return problem === undefined ? { addresses } : { problem }
}

function tooMany(addresses: readonly Address[], source: string): string | undefined {
  const second = addresses.find(
    ({ family }, index) => addresses.findIndex((each) => each.family === family) < index,
  )
  return (
    second && `${source} asks for more than one ${second.family} address; a Service has one of each family`
  )
}

function foreign(
  addresses: readonly Address[],
  families: readonly Family[],
  source: string,
): string | undefined {
  const address = addresses.find(({ family }) => !families.includes(family))
  if (!address) return undefined
  return `${formatAddress(address)} in ${source} is an ${address.family} address, and the Service has only ${families.join()}; change spec.ipFamilies or ask for another address`
}

function contradiction(
  { asksFor, asksForIP }: ServiceFacts,
  addresses: readonly Address[],
): string | undefined {
  if (asksFor === undefined || asksForIP === undefined) return undefined
  const other = parseAddress(asksForIP)
  if (other && addresses.some((address) => formatAddress(address) === formatAddress(other))) return undefined
  return `${annotations.addresses} asks for ${asksFor} and spec.loadBalancerIP for ${asksForIP}; remove one of the two`
}
