import type { Family } from '../../../core/ip/address.ts'
import { invalidValue } from '../failure.ts'
import { equal } from '../object.ts'
import type { Numbers } from '../service-network.ts'
import { keepsBothAsBefore, refuse, sameAddresses } from './service-families.ts'
import { isHeadless, needsClusterIP, type ServiceSpec } from './service-spec.ts'

/** A client that sends a Service back without its addresses means "as it is". */
export function keepAddresses(spec: ServiceSpec, old: ServiceSpec | undefined): void {
  if (spec.clusterIP === '') delete spec.clusterIP
  if (spec.clusterIPs?.length === 0) delete spec.clusterIPs
  if (old === undefined) return listAddress(spec)
  if (needsClusterIP(old) && needsClusterIP(spec)) takeOver(spec, old)
  alignLists(spec, old)
}

function listAddress(spec: ServiceSpec): void {
  if (spec.clusterIP !== undefined) spec.clusterIPs ??= [spec.clusterIP]
}

function takeOver(spec: ServiceSpec, { clusterIP, clusterIPs }: ServiceSpec): void {
  if (clusterIP !== undefined) spec.clusterIP ??= clusterIP
  if (clusterIPs !== undefined) spec.clusterIPs ??= [...clusterIPs]
}

/** `clusterIP` and `clusterIPs[0]` are one thing; whichever the client changed leads. */
function alignLists(spec: ServiceSpec, old: ServiceSpec): void {
  const { clusterIP } = spec
  if (old.clusterIP === clusterIP) {
    if (old.clusterIPs !== undefined) spec.clusterIPs ??= [...old.clusterIPs]
    return
  }
  const listIsKept = equal(spec.clusterIPs ?? [], old.clusterIPs ?? [])
  if (!listIsKept) return
  if (clusterIP === undefined) delete spec.clusterIPs
  else spec.clusterIPs = [clusterIP]
}

/** Gives a Service the addresses that it lacks and checks those that it asks for. */
export function assignAddresses(
  name: string,
  spec: ServiceSpec,
  old: ServiceSpec | undefined,
  network: Numbers,
): void {
  if (!needsClusterIP(spec) || keepsBothAsBefore(spec, old) || isHeadless(spec)) return
  if (old === undefined || !needsClusterIP(old)) return allocate(name, spec, 0, network)
  if (!isHeadless(old)) changeAddresses(name, spec, old, network)
}

function changeAddresses(name: string, spec: ServiceSpec, old: ServiceSpec, network: Numbers): void {
  const grew = old.ipFamilies?.length === 1 && spec.ipFamilies?.length === 2
  if (grew || !sameAddresses(spec, old)) allocate(name, spec, grew ? 1 : Infinity, network)
}

/** Addresses from a place on; those before it are held already. */
function allocate(name: string, spec: ServiceSpec, from: number, network: Numbers): void {
  const { ipFamilies = [] } = spec
  const addresses = [...(spec.clusterIPs ?? [])]
  ipFamilies.forEach((family, place) => {
    if (place >= from) addresses[place] = addressFor(name, spec, family, place, network)
  })
  spec.clusterIPs = addresses
  if (addresses[0] !== undefined) spec.clusterIP = addresses[0]
}

function addressFor(
  name: string,
  spec: ServiceSpec,
  family: Family,
  place: number,
  network: Numbers,
): string {
  const asked = spec.clusterIPs?.[place]
  if (!asked) return network.freeAddress(family)
  const why = network.whyNotAddress(asked)
  if (why === undefined) return asked
  // The list has a blank for each address that is still to be given.
  const list = (spec.ipFamilies ?? []).map((_, index) => spec.clusterIPs?.[index] ?? '')
  refuse(name, [invalidValue('spec.clusterIPs', list, `failed to allocate IP ${asked}: ${why}`)])
  return asked
}
