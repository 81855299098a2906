import { isIPv4, isIPv6 } from 'node:net'
import { duplicate, type FieldProblem, invalidValue, required, unsupported } from '../failure.ts'
import { equal, type JsonObject, type KubeObject, textOf } from '../object.ts'
import type { Strategy } from '../resource-type.ts'
import { ipProblems, specialProblems } from '../rules/addresses.ts'
import { labelName, subdomain } from '../rules/names.ts'
import { fillIn, objectsOf } from './pod-defaults.ts'

const types = ['FQDN', 'IPv4', 'IPv6']
const protocols = ['SCTP', 'TCP', 'UDP']

function fillInPorts(draft: KubeObject): void {
  for (const port of objectsOf(draft['ports'])) fillIn(port, { name: '', protocol: 'TCP' })
}

function validate(draft: KubeObject, old: KubeObject | undefined): readonly FieldProblem[] {
  const type = textOf(draft['addressType'] ?? '')
  const endpoints = endpointProblems(objectsOf(draft['endpoints']), type)
  const isOld = old !== undefined && equal(draft['endpoints'], old['endpoints'])
  const moved = old !== undefined && draft['addressType'] !== old['addressType']
  return [
    ...(type === '' ? [required('addressType')] : []),
    ...(type === '' || types.includes(type) ? [] : [unsupported('addressType', type, types)]),
    ...portProblems(objectsOf(draft['ports'])),
    ...(isOld ? [] : endpoints),
    ...(moved ? [invalidValue('addressType', type, 'field is immutable')] : []),
  ]
}

function portProblems(ports: readonly JsonObject[]): readonly FieldProblem[] {
  const names = new Set<string>()
  return ports.flatMap((port, index) => {
    const at = `ports[${index}]`
    const [name, protocol] = [textOf(port['name'] ?? ''), textOf(port['protocol'])]
    const taken = names.has(name) ? [duplicate(`${at}.name`, name)] : []
    names.add(name)
    return [
      ...(name === '' ? [] : labelName(name)).map((why) => invalidValue(`${at}.name`, name, why)),
      ...taken,
      ...(protocols.includes(protocol) ? [] : [unsupported(`${at}.protocol`, protocol, protocols)]),
    ]
  })
}

function endpointProblems(endpoints: readonly JsonObject[], type: string): readonly FieldProblem[] {
  return endpoints.flatMap((endpoint, index) => {
    const at = `endpoints[${index}]`
    const addresses = Array.isArray(endpoint['addresses']) ? endpoint['addresses'].map(textOf) : []
    const node = textOf(endpoint['nodeName'] ?? '')
    const none = [required(`${at}.addresses`, 'must contain at least 1 address')]
    return [
      ...(addresses.length === 0 ? none : []),
      ...addresses.flatMap((address, place) => addressProblems(address, type, `${at}.addresses`, place)),
      ...(node === '' ? [] : subdomain(node)).map((why) => invalidValue(`${at}.nodeName`, node, why)),
    ]
  })
}

function addressProblems(
  address: string,
  type: string,
  field: string,
  place: number,
): readonly FieldProblem[] {
  if (type !== 'IPv4' && type !== 'IPv6') return []
  const at = `${field}[${place}]`
  const misspelt = ipProblems(address)
  if (misspelt.length > 0) return misspelt.map((why) => invalidValue(at, address, why))
  const isOfType = type === 'IPv4' ? isIPv4(address) : isIPv6(address)
  return [
    ...(isOfType ? [] : [invalidValue(field, address, `must be an ${type} address`)]),
    ...specialProblems(address).map((why) => invalidValue(at, address, why)),
  ]
}

export const endpointSliceStrategy: Strategy = { fillIn: fillInPorts, validate }
