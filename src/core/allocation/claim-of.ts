import { annotations } from '../api/names.ts'
import { formatAddress, parseAddress } from '../ip/address.ts'
import type { Address, Family } from '../ip/address.ts'
import { flawOf } from '../ip/range.ts'
import type { Labels } from '../pool/selector.ts'
import type { Claim, Sharing } from './claim.ts'
import { quoted, shortened } from './quoted.ts'
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
  const partners = partnersOf(service.sharingNamespaces)
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
    problem: 'problem' in request ? request.problem : partners.problem,
    sharing: sharingOf(service, partners.names),
    labels: service.labels,
    namespaceLabels,
    holds: service.ingress.flatMap(({ ip = '' }) => parseAddress(ip) ?? []),
    remarks: service.remarks,
  }
}

function familyPolicyOf({ familyPolicy }: ServiceFacts): Claim['familyPolicy'] {
  return familyPolicy === 'PreferDualStack' || familyPolicy === 'RequireDualStack'
    ? familyPolicy
    : 'SingleStack'
}

function sharingOf(service: ServiceFacts, sharesWith: Sharing['sharesWith']): Sharing {
  const selector = Object.entries(service.selector).map(([key, value]) => `${key}=${value}`)
  // Without a selector its endpoints are its own, and only it has the same.
  const target = selector.length > 0 ? selector.toSorted().join() : service.key
  const backend = service.trafficPolicy === 'Local' ? `${service.namespace} ${target}` : ''
  return { key: service.sharingKey, namespace: service.namespace, ports: service.ports, backend, sharesWith }
}

interface Partners {
  readonly names: readonly string[]
  readonly problem: string | undefined
}

const nobody: Partners = { names: [], problem: undefined }
const everybody: Partners = { names: ['*'], problem: undefined }

function partnersOf(text: string | undefined): Partners {
  if (text === undefined) return nobody
  if (text === '*') return everybody
  const names = text.split(',').map((name) => name.trim())
  const written = names.filter((name) => name !== '')
  const wrong = written.find((name) => name !== '*' && !isNamespace(name))
  if (wrong === undefined) return { names: written, problem: undefined }
  const problem = `${quoted(wrong)} in ${annotations.sharingNamespaces} is not the name of a namespace; write names such as shop,web or * for all`
  return { names: [], problem }
}

/** As Kubernetes wants namespaces to be named (RFC 1123). */
function isNamespace(text: string): boolean {
  return text.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text)
}

type Request = { readonly addresses: readonly Address[] } | { readonly problem: string }

function requestOf(service: ServiceFacts, families: readonly Family[]): Request {
  const { asksFor, asksForIP } = service
  const { text, source } = asksFor ?? { text: asksForIP ?? '', source: 'spec.loadBalancerIP' }
  const read = addressesIn(text, source)
  if ('problem' in read) return read
  const { addresses } = read
  const problem =
    tooMany(addresses, source) ?? foreign(addresses, families, source) ?? contradiction(service, addresses)
  return problem === undefined ? read : { problem }
}

function addressesIn(list: string, source: string): Request {
  const texts = list.split(',').map((text) => text.trim())
  const addresses: Address[] = []
  for (const text of texts.filter((each) => each !== '')) {
    const address = parseAddress(text)
    if (!address) return { problem: `${quoted(text)} in ${source} ${flawOf(shortened(text))}` }
    if (address.value === 0n) return { problem: unspecified(text, source) }
    addresses.push(address)
  }
  return { addresses }
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

/** kube-vip's way to ask for an address by DHCP. */
function unspecified(text: string, source: string): string {
  return `${text} in ${source} is no address that a Service can have, and Lanlord asks no DHCP server; remove it, and one is chosen from the AddressPools`
}

function contradiction(
  { asksFor, asksForIP }: ServiceFacts,
  addresses: readonly Address[],
): string | undefined {
  if (asksFor === undefined || asksForIP === undefined) return undefined
  const other = parseAddress(asksForIP)
  if (other && addresses.some((address) => formatAddress(address) === formatAddress(other))) return undefined
  return `${asksFor.source} asks for ${shortened(asksFor.text)} and spec.loadBalancerIP for ${shortened(asksForIP)}; remove one of the two`
}
