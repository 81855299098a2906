import { Failure, invalidValue } from '../failure.ts'
import type { Numbers } from '../service-network.ts'
import { refuse } from './service-families.ts'
import {
  givesNodePorts,
  hasNodePorts,
  needsHealthPort,
  type ServicePort,
  type ServiceSpec,
} from './service-spec.ts'

/** Ports of a Service that was sent back without their node ports keep them, told apart by name. */
export function keepPorts(spec: ServiceSpec, old: ServiceSpec | undefined): void {
  if (old === undefined) return
  if (givesNodePorts(old) && givesNodePorts(spec)) keepNodePorts(spec, old)
  if (needsHealthPort(old) && needsHealthPort(spec) && !spec.healthCheckNodePort && old.healthCheckNodePort) {
    spec.healthCheckNodePort = old.healthCheckNodePort
  }
}

function keepNodePorts(spec: ServiceSpec, old: ServiceSpec): void {
  const now = new Set(portNumbers(spec))
  const used = new Set(portNumbers(old).filter((port) => now.has(port)))
  const before = new Map((old.ports ?? []).map((port) => [port.name ?? '', port.nodePort]))
  for (const port of spec.ports ?? []) {
    const known = before.get(port.name ?? '')
    if (!port.nodePort && known !== undefined && !used.has(known)) port.nodePort = known
  }
}

function portNumbers({ ports = [] }: ServiceSpec): readonly number[] {
  return ports.map(({ nodePort }) => nodePort ?? 0).filter((port) => port !== 0)
}

/** Gives a Service the node ports that it lacks and checks those that it asks for. */
export function assignPorts(
  name: string,
  spec: ServiceSpec,
  old: ServiceSpec | undefined,
  network: Numbers,
): void {
  const operation = new Operation(network)
  if (hasNodePorts(spec)) {
    if (old === undefined) givePorts(name, spec, operation)
    else changePorts(name, spec, old, operation)
  }
  if (!needsHealthPort(spec) || (old !== undefined && needsHealthPort(old))) return
  const asked = spec.healthCheckNodePort
  const why = asked ? operation.take(asked) : undefined
  if (why !== undefined) {
    throw internal(`failed to allocate requested HealthCheck NodePort ${asked}: ${why}`)
  }
  spec.healthCheckNodePort = asked || operation.next()
}

function internal(why: string): Failure {
  const causes = [{ message: why }]
  return new Failure(500, 'InternalError', `Internal error occurred: ${why}`, { causes })
}

/** One port number in two protocols gets one node port for both. */
function givePorts(name: string, spec: ServiceSpec, operation: Operation): void {
  const ports = spec.ports ?? []
  const given = new Map<number, number>()
  ports.forEach((port, index) => {
    if (!port.nodePort && !givesNodePorts(spec)) return
    const known = given.get(port.port)
    if (known === undefined) {
      const asked = ports.find((one) => one.port === port.port && one.nodePort)?.nodePort
      if (asked) check(name, index, asked, operation)
      port.nodePort = asked ?? operation.next()
      given.set(port.port, port.nodePort)
    } else if (!port.nodePort) port.nodePort = known
    else if (port.nodePort !== known) check(name, index, port.nodePort, operation)
  })
}

function changePorts(name: string, spec: ServiceSpec, old: ServiceSpec, operation: Operation): void {
  const before = new Set(portNumbers(old))
  const pairs = new Set<string>()
  spec.ports?.forEach((port, index) => {
    if (!port.nodePort && !givesNodePorts(spec)) return
    if (!port.nodePort) port.nodePort = operation.next()
    else if (!before.has(port.nodePort) && !operation.has(port.nodePort)) {
      check(name, index, port.nodePort, operation)
    }
    const pair = pairOf(port)
    if (pairs.has(pair)) throw new Failure(500, '', `duplicate nodePort: {${pair}}`)
    pairs.add(pair)
  })
}

function pairOf({ protocol = 'TCP', nodePort }: ServicePort): string {
  return `${protocol} ${nodePort}`
}

function check(name: string, index: number, port: number, operation: Operation): void {
  const why = operation.take(port)
  if (why !== undefined) refuse(name, [invalidValue(`spec.ports[${index}].nodePort`, port, why)])
}

/** The ports that one request takes, besides those that are taken already. */
class Operation {
  readonly #network: Numbers
  readonly #taken = new Set<number>()

  constructor(network: Numbers) {
    this.#network = network
  }

  has(port: number): boolean {
    return this.#taken.has(port)
  }

  /** Takes a port, or answers why it cannot be had. */
  take(port: number): string | undefined {
    if (this.#taken.has(port)) return 'provided port is already allocated'
    const why = this.#network.whyNotPort(port)
    if (why !== undefined) return why
    this.#taken.add(port)
    return undefined
  }

  next(): number {
    const port = this.#network.freePort(this.#taken)
    this.#taken.add(port)
    return port
  }
}
