import { lanInterface, managementInterface } from './plan.ts'
import type { LanPlan, Port, Station } from './plan.ts'

/** The shell commands that make the LAN. Cables are made inside namespaces: the host's own network gains nothing. */
export function buildScript(plan: LanPlan): string {
  const bridges = [
    ...namespace(plan.switchNamespace, switchSettings),
    ...bridgeLines(plan, lanBridge),
    ...(plan.control ? [...bridgeLines(plan, managementBridge), ...controlLines(plan, plan.control)] : []),
  ]
  const stations = [...plan.nodes, plan.client].flatMap((station) => stationLines(plan, station))
  return ['set -e', ...bridges, ...stations].join('\n')
}

const lanBridge = 'br0'
const managementBridge = 'br1'

function bridgeLines({ switchNamespace }: LanPlan, bridge: string): readonly string[] {
  return [
    `ip -n ${switchNamespace} link add ${bridge} type bridge stp_state 0 forward_delay 0`,
    `ip -n ${switchNamespace} link set ${bridge} up`,
  ]
}

function stationLines(plan: LanPlan, station: Station): readonly string[] {
  const { name, namespace: inside, address, address6, mac, management } = station
  const onLan: Cable = { link: name, address, mac, bridge: lanBridge, device: lanInterface }
  return [
    ...namespace(inside, station.kind === 'node' ? nodeSettings[plan.nodeSettings] : clientSettings),
    `ip -n ${inside} link set lo up`,
    ...cableLines(plan, inside, onLan),
    ...(address6 ? [`ip -n ${inside} address add ${address6}/64 dev ${lanInterface} nodad`] : []),
    ...(management ? managementLines(plan, inside, management) : []),
  ]
}

function controlLines(plan: LanPlan, control: NonNullable<LanPlan['control']>): readonly string[] {
  return [
    ...namespace(control.namespace, clientSettings),
    `ip -n ${control.namespace} link set lo up`,
    ...managementLines(plan, control.namespace, control.management),
  ]
}

function managementLines(plan: LanPlan, inside: string, port: Port): readonly string[] {
  return cableLines(plan, inside, { ...port, bridge: managementBridge, device: managementInterface })
}

interface Cable extends Port {
  readonly bridge: string
  readonly device: string
}

/** From a bridge of the switch to a device inside a station's namespace. */
function cableLines(plan: LanPlan, inside: string, cable: Cable): readonly string[] {
  const { link, address, mac, bridge, device } = cable
  const theSwitch = `ip -n ${plan.switchNamespace}`
  return [
    `${theSwitch} link add ${link} type veth peer name ${device} address ${mac} netns ${inside}`,
    `${theSwitch} link set ${link} master ${bridge} up`,
    `ip -n ${inside} address add ${address}/${plan.prefixLength} broadcast + dev ${device}`,
    `ip -n ${inside} link set ${device} up`,
  ]
}

/** The settings go in before the first link, so that each link inherits them; a new namespace copies the host's. */
function namespace(name: string, settings: Settings): readonly string[] {
  const writes = Object.entries(settings).map(([path, value]) => {
    return `[ ! -e /proc/sys/net/${path} ] || echo ${value} > /proc/sys/net/${path}`
  })
  return [`ip netns add ${name}`, `ip netns exec ${name} sh -e -c '${writes.join('; ')}'`]
}

type Settings = Readonly<Record<string, number>>

function onEveryLink(family: 'ipv4' | 'ipv6', settings: Settings): Settings {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => [
      [`${family}/conf/all/${name}`, value],
      [`${family}/conf/default/${name}`, value],
    ]),
  )
}

/** Addresses act at once and stay on a link that is set down, as IPv4's do, and nobody configures a link but we. */
const quietIpv6 = onEveryLink('ipv6', { accept_dad: 0, accept_ra: 0, autoconf: 0, keep_addr_on_down: 1 })

const switchSettings: Settings = onEveryLink('ipv6', { disable_ipv6: 1 })

/** What Linux does by default, whatever this machine was set to. */
const ordinary: Settings = {
  ...quietIpv6,
  ...onEveryLink('ipv4', { rp_filter: 0, arp_ignore: 0, arp_announce: 0, arp_accept: 0, arp_filter: 0 }),
}

const clientSettings: Settings = { ...ordinary, 'ipv4/ip_forward': 0 }

const routerSettings: Settings = { 'ipv4/ip_forward': 1, ...onEveryLink('ipv6', { forwarding: 1 }) }

const nodeSettings: Readonly<Record<LanPlan['nodeSettings'], Settings>> = {
  ordinary: { ...ordinary, ...routerSettings },
  // With kube-proxy in IPVS mode the kernel answers ARP for its own link's addresses only.
  strictArp: {
    ...ordinary,
    ...onEveryLink('ipv4', { arp_ignore: 1, arp_announce: 2, send_redirects: 0 }),
    ...routerSettings,
  },
}

/** Removes all that `buildScript` makes. */
export function removeScript(plan: LanPlan): string {
  const { switchNamespace, client, nodes, control } = plan
  const places = [client, ...nodes, ...(control ? [control] : [])]
  return removeNamespaces([switchNamespace, ...places.map(({ namespace: name }) => name)])
}

/**
 * Each line stands for itself, so that one missing namespace does not keep the others. What someone left running in one
 * is hung up on, as when a terminal closes: else it would keep the namespace.
 */
export function removeNamespaces(names: readonly string[]): string {
  const hangUp = names.map(
    (name) => `for pid in $(ip netns pids ${name} 2>/dev/null); do kill -HUP $pid; done`,
  )
  return [...hangUp, ...names.map((name) => `ip netns delete ${name} 2>/dev/null || true`)].join('\n')
}
