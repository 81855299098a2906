import { duplicate, type FieldProblem, forbidden, invalidValue, required, unsupported } from '../failure.ts'
import { labelName, portName, portNumber, qualifiedName } from '../rules/names.ts'
import type { ServicePort, ServiceSpec } from './service-spec.ts'

const protocols = ['SCTP', 'TCP', 'UDP']

/** What is wrong with each port of a Service by itself, and with its name beside the others'. */
export function portProblems({ ports = [] }: ServiceSpec): readonly FieldProblem[] {
  const names = new Set<string>()
  return ports.flatMap((port, index) => {
    const path = `spec.ports[${index}]`
    const taken = port.name && names.has(port.name) ? [duplicate(`${path}.name`, port.name)] : []
    if (port.name) names.add(port.name)
    return [...nameProblems(port, path, ports.length > 1), ...taken, ...onePortProblems(port, path)]
  })
}

function nameProblems({ name }: ServicePort, path: string, needed: boolean): readonly FieldProblem[] {
  if (!name) return needed ? [required(`${path}.name`)] : []
  return labelName(name).map((why) => invalidValue(`${path}.name`, name, why))
}

function onePortProblems(port: ServicePort, path: string): readonly FieldProblem[] {
  const { protocol = 'TCP', targetPort = 0, appProtocol } = port
  const number = port.port ?? 0
  const target = typeof targetPort === 'number' ? portNumber(targetPort) : portName(targetPort)
  return [
    ...portNumber(number).map((why) => invalidValue(`${path}.port`, number, why)),
    ...(protocols.includes(protocol) ? [] : [unsupported(`${path}.protocol`, protocol, protocols)]),
    ...target.map((why) => invalidValue(`${path}.targetPort`, targetPort, why)),
    ...qualifiedName(appProtocol ?? 'a').map((why) => invalidValue(`${path}.appProtocol`, appProtocol, why)),
  ]
}

/** What is wrong with the ports of a Service beside each other. */
export function portClashes({ ports = [], type }: ServiceSpec): readonly FieldProblem[] {
  const stray = ports.flatMap(({ nodePort }, index) => {
    const why = "may not be used when `type` is 'ClusterIP'"
    return type === 'ClusterIP' && nodePort ? [forbidden(`spec.ports[${index}].nodePort`, why)] : []
  })
  const nodePorts = repeated(
    ports,
    ({ protocol, nodePort }) => (nodePort ? `${protocol}/${nodePort}` : undefined),
    ({ nodePort }, index) => duplicate(`spec.ports[${index}].nodePort`, nodePort),
  )
  const numbers = repeated(
    ports,
    ({ protocol, port }) => `${protocol}/${port}`,
    (port, index) => duplicate(`spec.ports[${index}]`, inGo(port)),
  )
  return [...stray, ...nodePorts, ...numbers]
}

function repeated(
  ports: readonly ServicePort[],
  identityOf: (port: ServicePort) => string | undefined,
  problemOf: (port: ServicePort, index: number) => FieldProblem,
): readonly FieldProblem[] {
  const seen = new Set<string>()
  return ports.flatMap((port, index) => {
    const identity = identityOf(port)
    if (identity === undefined) return []
    const isKnown = seen.has(identity)
    seen.add(identity)
    return isKnown ? [problemOf(port, index)] : []
  })
}

/** Kubernetes shows the pair as the structure in which it looks for it. */
function inGo({ protocol, port }: ServicePort): object {
  return { Name: '', Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 }
}
