import { annotations } from '../api/names.ts'
import { formatAddress, parseAddress } from '../ip/address.ts'
import type { Labels } from '../pool/selector.ts'
import { firstFew } from '../words/listed.ts'
import { nearestName } from './nearest-name.ts'
import { shortened } from './quoted.ts'
import type { Remark } from './remark.ts'

/** What an annotation, or a field, asks for, and which one that is. */
export interface Said {
  readonly text: string
  readonly source: string
}

/** The part of a Service that says by which families it is reached. */
export interface Reached {
  readonly ipFamilies?: readonly string[]
  readonly ipFamilyPolicy?: string
  readonly clusterIPs?: readonly string[]
}

const prefix = 'lanlord.dev/'
const known: readonly string[] = Object.values(annotations)

/** What others call it, or people may, and our name of it. */
const called: Readonly<Record<string, string>> = {
  addresspool: annotations.pool,
  ipaddresspool: annotations.pool,
  loadbalancerips: annotations.addresses,
  loadbalancerip: annotations.addresses,
  ip: annotations.addresses,
  ips: annotations.addresses,
  allowsharedip: annotations.sharingKey,
  node: annotations.preferredNode,
}

/** Of several that should say the same the first one counts: a remark on the one that says something else. */
export function contradictionIn([first, ...others]: readonly Said[]): readonly Remark[] {
  const other = first && others.find(({ text }) => comparable(text) !== comparable(first.text))
  if (!first || !other) return []
  const message = `${first.source} says ${shortened(first.text)}, and ${other.source} ${shortened(other.text)}; the first counts, remove the other`
  return [{ reason: 'ContradictingAnnotations', message }]
}

/** Who shares with other namespaces must first share at all. */
export function lonelySharing(key: string | undefined, namespaces: string | undefined): readonly Remark[] {
  if (key !== undefined || namespaces === undefined) return []
  const message = `${annotations.sharingNamespaces} means nothing without ${annotations.sharingKey}; add that or remove this`
  return [{ reason: 'ContradictingAnnotations', message }]
}

/** A remark on annotations that are ours by their prefix and that nobody reads. */
export function unknownIn(annotated: Labels): readonly Remark[] {
  const unknown = Object.keys(annotated).filter((name) => name.startsWith(prefix) && !known.includes(name))
  if (unknown.length === 0) return []
  const named = firstFew(unknown.toSorted().map(unknownText))
  return [{ reason: 'UnknownAnnotation', message: `nobody reads ${named}` }]
}

/** A remark on a family that no cluster IP is of: nothing in the cluster forwards what comes to such an address. */
export function unreachedFamilies(spec: Reached): readonly Remark[] {
  const texts = (spec.clusterIPs ?? []).filter((text) => text !== '' && text !== 'None')
  if (texts.length === 0) return []
  const wanted = isDual(spec) ? (spec.ipFamilies ?? []) : (spec.ipFamilies ?? []).slice(0, 1)
  const missing = wanted.filter((family) => !texts.some((text) => familyOf(text) === family))
  return missing.map((family) => ({
    reason: 'FamilyWithoutClusterIP',
    message: `it asks for ${shortened(family)} and its cluster IP is ${shortened(texts.join(', '))}, so nothing forwards what comes to such an address; take the family out of spec.ipFamilies, or make the Service anew`,
  }))
}

function isDual({ ipFamilyPolicy }: Reached): boolean {
  return ipFamilyPolicy === 'PreferDualStack' || ipFamilyPolicy === 'RequireDualStack'
}

function familyOf(text: string): string {
  return text.includes(':') ? 'IPv6' : 'IPv4'
}

/** Lists of addresses are the same in whatever order and form they are written. */
function comparable(text: string): string {
  const parts = text.split(',').map((part) => part.trim())
  const read = parts
    .filter((part) => part !== '')
    .map((part) => {
      const address = parseAddress(part)
      return address ? formatAddress(address) : part
    })
  return read.toSorted().join()
}

function unknownText(name: string): string {
  const own = name.slice(prefix.length)
  const plain = own.toLowerCase().replaceAll(/[-_.]/g, '')
  const meant = (Object.hasOwn(called, plain) ? called[plain] : undefined) ?? nearest(own)
  return meant === undefined ? name : `${name} (did you mean ${meant}?)`
}

function nearest(own: string): string | undefined {
  const found = nearestName(
    own,
    known.map((name) => name.slice(prefix.length)),
  )
  return found && `${prefix}${found}`
}
