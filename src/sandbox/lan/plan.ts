/** One end of a cable: where a station is on one of the networks. */
export interface Port {
  /** Name of the switch's end. */
  readonly link: string
  readonly address: string
  readonly mac: string
}

export interface Station {
  readonly name: string
  readonly kind: 'node' | 'client'
  readonly namespace: string
  readonly address: string
  readonly mac: string
  /** On a dual-stack LAN. */
  readonly address6?: string
  /** The node's place on the management network, where there is one. */
  readonly management?: Port
}

/** Where the control plane runs: on the management network and nowhere else. */
export interface Control {
  readonly name: 'control'
  readonly namespace: string
  readonly management: Port
}

/** What a LAN is made of; the names of its ports on the switch are the names of its stations. */
export interface LanPlan {
  readonly subnet: string
  readonly prefixLength: number
  readonly subnet6?: string
  readonly switchNamespace: string
  readonly client: Station
  readonly nodes: readonly Station[]
  readonly control?: Control
  /** `strictArp` is what kube-proxy in IPVS mode asks for; `ordinary` is what Linux does by default. */
  readonly nodeSettings: 'strictArp' | 'ordinary'
}

export interface LanShape {
  readonly slot: number
  readonly nodes: number
  /** Starts the name of each namespace; `ownedNamePrefix(slot)`. */
  readonly namePrefix: string
  readonly nodeSettings?: LanPlan['nodeSettings']
  /** A second network, 10.78.SLOT.0/24, for nodes and a `control` station. */
  readonly management?: boolean
  /** IPv6 addresses beside the IPv4 ones. */
  readonly dualStack?: boolean
}

export const lanInterface = 'eth0'
export const managementInterface = 'mgmt0'

const controlHost = 2
const firstNodeHost = 11
const clientHost = 100
const prefixLength = 24
const lanNetwork = 77
const managementNetwork = 78

/** Each slot has a subnet of its own: 10.77.SLOT.0/24, nodes from .11, the client at .100, pools from .200. */
export function planLan(shape: LanShape): LanPlan {
  const { slot, namePrefix, nodes, management = false, dualStack = false } = shape
  const names = Array.from({ length: nodes }, (_, index) => `node-${index + 1}`)
  return {
    subnet: `10.${lanNetwork}.${slot}.0/${prefixLength}`,
    prefixLength,
    ...(dualStack && { subnet6: `${network6Of(slot)}/64` }),
    switchNamespace: `${namePrefix}-switch`,
    client: stationOf(shape, 'client', 'client', clientHost),
    nodes: names.map((name, index) => stationOf(shape, name, 'node', firstNodeHost + index)),
    ...(management && {
      control: {
        name: 'control',
        namespace: `${namePrefix}-control`,
        management: managementPort(slot, 'control', controlHost),
      },
    }),
    nodeSettings: shape.nodeSettings ?? 'strictArp',
  }
}

function stationOf(shape: LanShape, name: string, kind: Station['kind'], host: number): Station {
  const { slot, namePrefix, management = false, dualStack = false } = shape
  return {
    name,
    kind,
    namespace: `${namePrefix}-${name}`,
    address: `10.${lanNetwork}.${slot}.${host}`,
    mac: macOf(lanNetwork, slot, host),
    ...(dualStack && { address6: `${network6Of(slot)}${host}` }),
    ...(management && kind === 'node' && { management: managementPort(slot, name, host) }),
  }
}

function managementPort(slot: number, name: string, host: number): Port {
  return {
    link: `m-${name}`,
    address: `10.${managementNetwork}.${slot}.${host}`,
    mac: macOf(managementNetwork, slot, host),
  }
}

function network6Of(slot: number): string {
  return slot === 0 ? 'fd77::' : `fd77:0:0:${slot}::`
}

/** Reads like the address: 10.77.3.12 is 02:00:77:03:00:12. */
function macOf(network: number, slot: number, host: number): string {
  const digits = `${network}${String(slot).padStart(2, '0')}${String(host).padStart(4, '0')}`
  return `02:00:${(digits.match(/../g) ?? []).join(':')}`
}
