import { manyUnused, type SpeakerStatus } from '../../core/api/speaker.ts'
import { unusedWords } from '../../core/election/unused-interface.ts'
import { formatAddress } from '../../core/ip/address.ts'
import { formatMac } from '../../core/wire/ethernet.ts'
import type { NetworkInterface, UnusedInterface } from '../../platform/network/interfaces.ts'
import type { WireFacts } from './wire-facts.ts'

type Facts = Pick<WireFacts, 'interfaces' | 'unused' | 'twins'>
type InterfaceStatus = NonNullable<SpeakerStatus['interfaces']>[number]
type UnusedStatus = NonNullable<SpeakerStatus['unusedInterfaces']>[number]

/** The interfaces that can announce, as the status tells them. */
export function interfacesOf(
  facts: Facts,
  gatewaysOf: (name: string) => readonly string[],
): InterfaceStatus[] {
  return facts.interfaces.map((each) =>
    interfaceStatusOf(each, segmentOf(each.name, facts), gatewaysOf(each.name)),
  )
}

/** Those that are not used, and why, by name: as many as a status has room for. */
export function unusedInterfacesOf({ unused }: Facts, globs: readonly string[]): UnusedStatus[] {
  const inOrder = unused.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return inOrder.slice(0, manyUnused).map((each) => unusedStatusOf(each, globs))
}

/** The name of the interface that speaks where this one is: itself, or another one on its segment. */
function segmentOf(name: string, { twins }: Facts): string {
  return twins.find((twin) => twin.interface === name)?.speaks ?? name
}

function interfaceStatusOf(
  described: NetworkInterface,
  segment: string,
  gateways: readonly string[],
): InterfaceStatus {
  const { name, mac } = described
  return {
    name,
    mac: formatMac(mac),
    ...linkOf(described),
    segment,
    ...(gateways.length > 0 && { gateways }),
  }
}

function unusedStatusOf(described: UnusedInterface, globs: readonly string[]): UnusedStatus {
  const { name, mac, reason } = described
  return {
    name,
    ...(mac > 0n && { mac: formatMac(mac) }),
    ...linkOf(described),
    reason,
    message: unusedWords(described, globs),
  }
}

function linkOf({ up, addresses }: NetworkInterface) {
  return {
    link: up ? ('Up' as const) : ('Down' as const),
    addresses: addresses.map(({ address, prefixLength }) => `${formatAddress(address)}/${prefixLength}`),
  }
}
