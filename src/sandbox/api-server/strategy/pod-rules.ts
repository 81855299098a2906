import { duplicate, type FieldProblem, invalidValue, required, unsupported } from '../failure.ts'
import { isObject, type JsonObject, textOf } from '../object.ts'
import { labelProblems } from '../rules/labels.ts'
import { labelName, portName, portNumber, subdomain } from '../rules/names.ts'
import { objectsOf } from './pod-defaults.ts'

const protocols = ['SCTP', 'TCP', 'UDP']
const restarts = ['Always', 'OnFailure', 'Never']
const dns = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']
const pulls = ['Always', 'IfNotPresent', 'Never']

/** The mistakes in the spec of a Pod that people make; Kubernetes knows many more. */
export function podSpecProblems(spec: JsonObject, path: string): readonly FieldProblem[] {
  const containers = objectsOf(spec['containers'])
  const at = `${path}.containers`
  return [
    ...(containers.length === 0 ? [required(at)] : listProblems(containers, at, [])),
    ...listProblems(objectsOf(spec['initContainers']), `${path}.initContainers`, containers),
    ...choice(spec, 'restartPolicy', restarts, path),
    ...choice(spec, 'dnsPolicy', dns, path),
    ...labelProblems(spec['nodeSelector'] as Record<string, string> | undefined, `${path}.nodeSelector`),
    ...(spec['dnsPolicy'] === 'None' && !isObject(spec['dnsConfig'])
      ? [required(`${path}.dnsConfig`, 'must provide `dnsConfig` when `dnsPolicy` is None')]
      : []),
    ...nameProblems(spec, path),
  ]
}

function choice(
  object: JsonObject,
  field: string,
  supported: readonly string[],
  path: string,
): readonly FieldProblem[] {
  const value = textOf(object[field])
  return supported.includes(value) ? [] : [unsupported(`${path}.${field}`, value, supported)]
}

function nameProblems(spec: JsonObject, path: string): readonly FieldProblem[] {
  const rules = [
    ['serviceAccountName', subdomain],
    ['nodeName', subdomain],
    ['hostname', labelName],
    ['subdomain', labelName],
  ] as const
  return rules.flatMap(([field, rule]) => {
    const value = spec[field]
    if (typeof value !== 'string' || value === '') return []
    return rule(value).map((why) => invalidValue(`${path}.${field}`, value, why))
  })
}

function listProblems(
  containers: readonly JsonObject[],
  path: string,
  others: readonly JsonObject[],
): readonly FieldProblem[] {
  const names = new Set(others.map(({ name }) => name))
  return containers.flatMap((container, index) => {
    const at = `${path}[${index}]`
    const { name } = container
    const taken = names.has(name) ? [duplicate(`${at}.name`, name)] : []
    names.add(name)
    return [...containerProblems(container, at), ...taken]
  })
}

function containerProblems(container: JsonObject, path: string): readonly FieldProblem[] {
  const [name, image] = [textOf(container['name']), textOf(container['image'])]
  return [
    ...(name === '' ? [required(`${path}.name`)] : []),
    ...(name === '' ? [] : labelName(name)).map((why) => invalidValue(`${path}.name`, name, why)),
    ...(image === '' ? [required(`${path}.image`)] : []),
    ...portProblems(objectsOf(container['ports']), `${path}.ports`),
    ...choice(container, 'imagePullPolicy', pulls, path),
  ]
}

function portProblems(ports: readonly JsonObject[], path: string): readonly FieldProblem[] {
  const names = new Set<string>()
  return ports.flatMap((port, index) => {
    const at = `${path}[${index}]`
    const number = Number(port['containerPort'] ?? 0)
    const name = textOf(port['name'] ?? '')
    const misnamed = name === '' ? [] : portName(name)
    const taken = misnamed.length === 0 && names.has(name) ? [duplicate(`${at}.name`, name)] : []
    if (name !== '') names.add(name)
    return [
      ...misnamed.map((why) => invalidValue(`${at}.name`, name, why)),
      ...taken,
      ...(number === 0 ? [required(`${at}.containerPort`)] : []),
      ...(number === 0 ? [] : portNumber(number)).map((why) =>
        invalidValue(`${at}.containerPort`, number, why),
      ),
      ...choice(port, 'protocol', protocols, at),
    ]
  })
}
