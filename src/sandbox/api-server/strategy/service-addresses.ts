import { type Family, parseAddress } from '../../../core/ip/address.ts'
import { copyOf } from '../object.ts'
import type { ServiceNetwork } from '../service-network.ts'
import type { ServiceSpec } from './service-spec.ts'

/** Settles families and cluster addresses: kept from before where nothing else is asked, new ones otherwise. */
export function assignAddresses(
  spec: ServiceSpec,
  old: ServiceSpec | undefined,
  network: ServiceNetwork,
): void {
  if (spec.type === 'ExternalName') return
  keepFromBefore(spec, old)
  alignFirst(spec, old)
  const asked = (spec.clusterIPs ?? []).map((address) => parseAddress(address)?.family)
  const first = asked[0] ?? spec.ipFamilies?.[0] ?? 'IPv4'
  const dual = isDual(spec)
  spec.ipFamilyPolicy ??= dual ? 'RequireDualStack' : 'SingleStack'
  spec.ipFamilies = familiesOf(first, dual)
  if (spec.clusterIP === 'None') {
    spec.clusterIPs = ['None']
    return
  }
  spec.clusterIPs = spec.ipFamilies.map(
    (family, place) => spec.clusterIPs?.[place] || network.freeAddress(family),
  )
  spec.clusterIP = spec.clusterIPs[0] ?? ''
}

/** A client that sends a Service back without its addresses means "as it is". */
function keepFromBefore(spec: ServiceSpec, old: ServiceSpec | undefined): void {
  if (old === undefined || old.type === 'ExternalName') return
  const { clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy } = copyOf(old)
  const addresses = { clusterIP, clusterIPs }
  const isAsBefore = !spec.clusterIP && spec.clusterIPs === undefined
  const kept = { ipFamilies, ipFamilyPolicy, ...(isAsBefore ? addresses : {}) }
  for (const [field, value] of Object.entries(kept)) {
    if (value !== undefined) Object.assign(spec, { [field]: spec[field as keyof typeof kept] || value })
  }
}

/** `clusterIP` and `clusterIPs[0]` are one thing; whichever the client changed leads. */
function alignFirst(spec: ServiceSpec, old: ServiceSpec | undefined): void {
  if (spec.clusterIP === '') delete spec.clusterIP
  if (spec.clusterIP === undefined && spec.clusterIPs?.[0] !== undefined) spec.clusterIP = spec.clusterIPs[0]
  if (spec.clusterIP === undefined) return
  const changed = old !== undefined && spec.clusterIP !== old.clusterIP
  if (spec.clusterIPs === undefined || spec.clusterIPs.length === 0 || changed)
    spec.clusterIPs = [spec.clusterIP]
}

function isDual(spec: ServiceSpec): boolean {
  if (spec.ipFamilyPolicy !== undefined) return spec.ipFamilyPolicy !== 'SingleStack'
  return (spec.ipFamilies?.length ?? 0) > 1 || (spec.clusterIPs?.length ?? 0) > 1
}

function familiesOf(first: Family, dual: boolean): Family[] {
  if (!dual) return [first]
  return first === 'IPv4' ? ['IPv4', 'IPv6'] : ['IPv6', 'IPv4']
}
