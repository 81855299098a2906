import { type FieldProblem, forbidden, forbiddenRequest } from '../failure.ts'
import { copyOf, equal, isObject, type JsonObject, type KubeObject, textOf } from '../object.ts'
import type { Strategy } from '../resource-type.ts'
import { containersOf, objectsOf, podDefaults } from './pod-defaults.ts'
import { podSpecProblems } from './pod-rules.ts'

function fillIn(draft: KubeObject): void {
  const spec = (draft.spec ??= {})
  podDefaults(spec)
  spec['enableServiceLinks'] ??= true
  for (const container of containersOf(spec)) requestLimits(container)
}

/** What a container may use and does not ask for, it asks for. */
function requestLimits({ resources }: JsonObject): void {
  if (!isObject(resources) || !isObject(resources['limits'])) return
  const requests = isObject(resources['requests']) ? resources['requests'] : {}
  resources['requests'] = { ...resources['limits'], ...requests }
}

function prepare(draft: KubeObject, old: KubeObject | undefined): void {
  if (old !== undefined) return
  const spec = draft.spec ?? {}
  admitPriority(draft, spec)
  tolerateOutages(spec)
  draft.status = { phase: 'Pending', qosClass: qualityOf(spec) }
}

const priorities: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
}

function admitPriority(draft: KubeObject, spec: JsonObject): void {
  const name = textOf(spec['priorityClassName'] ?? '')
  const priority = name === '' ? 0 : priorities[name]
  if (priority === undefined) {
    const pods = { group: '', plural: 'pods', kind: 'Pod' }
    const why = `no PriorityClass with name ${name} was found`
    throw forbiddenRequest(pods, draft.metadata.name ?? '', why)
  }
  spec['priority'] = priority
  spec['preemptionPolicy'] ??= 'PreemptLowerPriority'
}

/** A Pod stays for five minutes on a node that is gone, unless it says otherwise. */
function tolerateOutages(spec: JsonObject): void {
  const tolerations = [...objectsOf(spec['tolerations'])]
  const known = (key: string): boolean =>
    tolerations.some(
      (one) => (one['key'] ?? key) === key && ['NoExecute', ''].includes(textOf(one['effect'] ?? '')),
    )
  for (const trouble of ['not-ready', 'unreachable']) {
    const key = `node.kubernetes.io/${trouble}`
    if (known(key)) continue
    tolerations.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 })
  }
  spec['tolerations'] = tolerations
}

function qualityOf(spec: JsonObject): string {
  const all = containersOf(spec).map(({ resources }) => (isObject(resources) ? resources : {}))
  const asked = (list: unknown): JsonObject => (isObject(list) ? list : {})
  const isNothing = all.every(
    ({ limits, requests }) => Object.keys({ ...asked(limits), ...asked(requests) }).length === 0,
  )
  if (isNothing) return 'BestEffort'
  const isSure = all.every(
    ({ limits, requests }) =>
      ['cpu', 'memory'].every((name) => asked(limits)[name] !== undefined) && equal(limits, requests),
  )
  return isSure ? 'Guaranteed' : 'Burstable'
}

function validate(draft: KubeObject, old: KubeObject | undefined): readonly FieldProblem[] {
  const problems = podSpecProblems(draft.spec ?? {}, 'spec')
  if (old === undefined || equal(fixedPart(draft), fixedPart(old))) return problems
  return [...problems, forbidden('spec', unchangeable)]
}

const unchangeable =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

/** Of a Pod's spec little may change. */
function fixedPart({ spec = {} }: KubeObject): JsonObject {
  const { activeDeadlineSeconds: _, tolerations: __, ...rest } = copyOf(spec)
  for (const container of containersOf(rest)) delete container['image']
  return rest
}

export const podStrategy: Strategy = { fillIn, prepare, validate }
