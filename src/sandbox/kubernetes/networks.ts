import type { LanPlan, Station } from '../lan/plan.ts'

export const apiPort = 6443
export const registryPort = 5000

/** The first address of the Services' range, which Kubernetes gives to its API server. */
export const apiServiceAddress = '10.96.0.1'
export const dnsAddress = '10.96.0.10'
export const dnsPort = 53

/** Where Services have their addresses. */
export function serviceRanges(dualStack: boolean): readonly string[] {
  return ['10.96.0.0/16', ...(dualStack ? ['fd96::/112'] : [])]
}

/** Where the Pods of the node with this number, counted from 1, have theirs. */
export function podRanges(node: number, dualStack: boolean): readonly string[] {
  return [`10.244.${node}.0/24`, ...(dualStack ? [`fd44:0:0:${node}::/64`] : [])]
}

export interface NodePlace {
  readonly name: string
  /** Counted from 1. */
  readonly number: number
  readonly namespace: string
  /** On the LAN, IPv4 first. */
  readonly addresses: readonly string[]
  readonly managementAddress: string
}

export interface ClusterNetwork {
  readonly dualStack: boolean
  readonly controlAddress: string
  readonly nodes: readonly NodePlace[]
}

/** The LAN as the cluster sees it. */
export function clusterNetwork(plan: LanPlan): ClusterNetwork {
  if (!plan.control) throw new Error('a cluster needs a LAN with a management network')
  return {
    dualStack: plan.subnet6 !== undefined,
    controlAddress: plan.control.management.address,
    nodes: plan.nodes.map(placeOf),
  }
}

function placeOf(station: Station, index: number): NodePlace {
  const { name, namespace, address, address6, management } = station
  if (!management) throw new Error(`${name} is not on the management network`)
  return {
    name,
    number: index + 1,
    namespace,
    addresses: [address, ...(address6 === undefined ? [] : [address6])],
    managementAddress: management.address,
  }
}

/** What `ip -batch` reads to make the node's ways to the Pods of the others; again after its link came back. */
export function podRoutes(network: ClusterNetwork, of: NodePlace): readonly string[] {
  return network.nodes
    .filter((node) => node !== of)
    .flatMap((node) => {
      const ranges = podRanges(node.number, network.dualStack)
      return ranges.map((range, family) => `route replace ${range} via ${node.addresses[family]}`)
    })
}

/** The control plane reaches nodes and Pods over the management network: no cable of the LAN is between them. */
export function controlRoutes(network: ClusterNetwork): readonly string[] {
  return network.nodes.flatMap((node) => {
    const [address] = node.addresses
    const [pods] = podRanges(node.number, network.dualStack)
    return [
      `route replace ${address} via ${node.managementAddress}`,
      `route replace ${pods} via ${node.managementAddress}`,
    ]
  })
}
