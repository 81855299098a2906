import type { ServiceNetwork } from '../service-network.ts'
import type { ServicePort, ServiceSpec } from './service-spec.ts'

/** Gives node ports to the Services that have them, and takes them back from those that no longer do. */
export function assignPorts(spec: ServiceSpec, old: ServiceSpec | undefined, network: ServiceNetwork): void {
  const { ports = [] } = spec
  const given = new Set(ports.map((port) => port.nodePort ?? 0))
  const before = old?.ports ?? []
  if (wantsNodePorts(spec)) givePorts(ports, before, given, network)
  else if (old !== undefined && wantsNodePorts(old)) takeBack(ports, before)
  assignHealthPort(spec, old?.healthCheckNodePort, () => network.freePort(given))
}

function assignHealthPort(spec: ServiceSpec, old: number | undefined, free: () => number): void {
  const wanted = spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local'
  if (wanted && !spec.healthCheckNodePort) spec.healthCheckNodePort = old ?? free()
  else if (!wanted && spec.healthCheckNodePort === old) delete spec.healthCheckNodePort
}

function wantsNodePorts({ type, allocateLoadBalancerNodePorts }: ServiceSpec): boolean {
  return type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false)
}

function matching(ports: readonly ServicePort[], { port, protocol }: ServicePort): ServicePort | undefined {
  return ports.find((known) => known.port === port && known.protocol === protocol)
}

function givePorts(
  ports: readonly ServicePort[],
  old: readonly ServicePort[],
  given: Set<number>,
  network: ServiceNetwork,
): void {
  for (const port of ports) {
    if (port.nodePort) continue
    const before = matching(old, port)?.nodePort
    port.nodePort =
      before !== undefined && !given.has(before) ? before : sharedOrFree(ports, port, given, network)
    given.add(port.nodePort)
  }
}

/** One port number in two protocols gets one node port for both. */
function sharedOrFree(
  ports: readonly ServicePort[],
  port: ServicePort,
  given: ReadonlySet<number>,
  network: ServiceNetwork,
): number {
  const twin = ports.find(
    (other) => other !== port && other.port === port.port && other.protocol !== port.protocol,
  )
  return twin?.nodePort || network.freePort(given)
}

/** A node port that was only sent back as it was read goes; one that was asked for stays and is refused. */
function takeBack(ports: readonly ServicePort[], old: readonly ServicePort[]): void {
  for (const port of ports) if (port.nodePort === matching(old, port)?.nodePort) delete port.nodePort
}
