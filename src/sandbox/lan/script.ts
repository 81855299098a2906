import { lanInterface } from './plan.ts'
import type { LanPlan, Station } from './plan.ts'

/** The shell commands that make the LAN. Cables are made inside namespaces: the host's own network gains nothing. */
export function buildScript(plan: LanPlan): string {
  const bridge = [
    ...namespace(plan.switchNamespace, switchSettings),
    `ip -n ${plan.switchNamespace} link add br0 type bridge stp_state 0 forward_delay 0`,
    `ip -n ${plan.switchNamespace} link set br0 up`,
  ]
  const stations = [...plan.nodes, plan.client].flatMap((station) => stationLines(plan, station))
  return ['set -e', ...bridge, ...stations].join('\n')
}

function stationLines(plan: LanPlan, station: Station): readonly string[] {
  const { name, namespace: inside, address, mac } = station
  const theSwitch = `ip -n ${plan.switchNamespace}`
  return [
    ...namespace(inside, station.kind === 'node' ? nodeSettings : clientSettings),
    `${theSwitch} link add ${name} type veth peer name ${lanInterface} address ${mac} netns ${inside}`,
    `${theSwitch} link set ${name} master br0 up`,
    `ip -n ${inside} link set lo up`,
    `ip -n ${inside} address add ${address}/${plan.prefixLength} broadcast + dev ${lanInterface}`,
    `ip -n ${inside} link set ${lanInterface} up`,
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

/** Addresses act at once, and nobody configures a link but we. */
const quietIpv6 = onEveryLink('ipv6', { accept_dad: 0, accept_ra: 0, autoconf: 0 })

const switchSettings: Settings = onEveryLink('ipv6', { disable_ipv6: 1 })

/** A host like any other: what Linux does by default, whatever this machine was set to. */
const clientSettings: Settings = {
  ...quietIpv6,
  ...onEveryLink('ipv4', { rp_filter: 0, arp_ignore: 0, arp_announce: 0, arp_accept: 0, arp_filter: 0 }),
}

/** What a node with kube-proxy in IPVS mode and strictARP has: the kernel answers ARP for its own link's addresses only. */
const nodeSettings: Settings = {
  ...quietIpv6,
  ...onEveryLink('ipv4', {
    rp_filter: 0,
    arp_ignore: 1,
    arp_announce: 2,
    arp_accept: 0,
    arp_filter: 0,
    send_redirects: 0,
  }),
  'ipv4/ip_forward': 1,
  ...onEveryLink('ipv6', { forwarding: 1 }),
}

/** Each line stands for itself, so that one missing namespace does not keep the others. */
export function removeScript(namespaces: readonly string[]): string {
  return namespaces.map((name) => `ip netns delete ${name} 2>/dev/null || true`).join('\n')
}
