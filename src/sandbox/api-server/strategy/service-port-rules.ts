import { duplicate, type FieldProblem, forbidden, invalidValue, required, unsupported } from '../failure.ts'
import type { ServiceNetwork } from '../service-network.ts'
import type { ServicePort, ServiceSpec } from './service-spec.ts'

const protocols = ['SCTP', 'TCP', 'UDP']
const portName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/

/** What is wrong with the ports of a Service. */
export function portProblems(
  spec: ServiceSpec,
  old: ServiceSpec | undefined,
  network: ServiceNetwork,
): readonly FieldProblem[] {
  const { ports = [], type, clusterIP } = spec
  if (ports.length === 0 && type !== 'ExternalName' && clusterIP !== 'None') return [required('spec.ports')]
  const single = ports.flatMap((port, index) =>
    onePortProblems(port, `spec.ports[${index}]`, ports.length > 1),
  )
  return [...single, ...clashes(ports), ...nodePortProblems(spec, old, network)]
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535
}

function onePortProblems(port: ServicePort, path: string, named: boolean): readonly FieldProblem[] {
  const { protocol = 'TCP', targetPort } = port
  const problems = portNameProblems(port, path, named)
  problems.push(...numberProblems(port.port, `${path}.port`))
  if (!protocols.includes(protocol)) problems.push(unsupported(`${path}.protocol`, protocol, protocols))
  if (typeof targetPort === 'number') problems.push(...numberProblems(targetPort, `${path}.targetPort`))
  return problems
}

function portNameProblems({ name }: ServicePort, path: string, named: boolean): FieldProblem[] {
  if (!name) return named ? [required(`${path}.name`)] : []
  if (portName.test(name) && name.length <= 63) return []
  return [invalidValue(`${path}.name`, name, 'must be a lowercase RFC 1123 label')]
}

function numberProblems(port: number | undefined, path: string): readonly FieldProblem[] {
  if (port === undefined) return [required(path)]
  return isPort(port) ? [] : [invalidValue(path, port, 'must be between 1 and 65535, inclusive')]
}

function clashes(ports: readonly ServicePort[]): readonly FieldProblem[] {
  const problems: FieldProblem[] = []
  const names = new Set<string>()
  const pairs = new Set<string>()
  ports.forEach((port, index) => {
    const pair = `${port.protocol ?? 'TCP'}/${port.port}`
    if (port.name && names.has(port.name)) problems.push(duplicate(`spec.ports[${index}].name`, port.name))
    if (pairs.has(pair)) {
      problems.push(duplicate(`spec.ports[${index}]`, { protocol: port.protocol ?? 'TCP', port: port.port }))
    }
    if (port.name) names.add(port.name)
    pairs.add(pair)
  })
  return problems
}

function nodePortProblems(
  { ports = [], type }: ServiceSpec,
  old: ServiceSpec | undefined,
  network: ServiceNetwork,
): readonly FieldProblem[] {
  const before = new Set((old?.ports ?? []).map((port) => port.nodePort))
  return ports.flatMap(({ nodePort }, index) => {
    const path = `spec.ports[${index}].nodePort`
    if (!nodePort) return []
    if (type === 'ClusterIP') return [forbidden(path, "may not be used when `type` is 'ClusterIP'")]
    if (!network.hasPort(nodePort)) {
      return [
        invalidValue(
          path,
          nodePort,
          'provided port is not in the valid range. The range of valid ports is 30000-32767',
        ),
      ]
    }
    if (network.isPortTaken(nodePort) && !before.has(nodePort)) {
      return [invalidValue(path, nodePort, 'provided port is already allocated')]
    }
    return []
  })
}
