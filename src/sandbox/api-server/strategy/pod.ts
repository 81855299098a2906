import { type FieldProblem, forbidden, required } from '../failure.ts'
import { copyOf, equal, isObject, type JsonObject, type KubeObject } from '../object.ts'
import type { Strategy } from '../resource-type.ts'

const podFields: JsonObject = {
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  securityContext: {},
  schedulerName: 'default-scheduler',
}

const containerFields: JsonObject = {
  resources: {},
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
}

/** Gives an object the fields that it lacks. */
export function fillIn(object: JsonObject, defaults: JsonObject): void {
  for (const [field, value] of Object.entries(defaults)) object[field] ??= copyOf(value)
}

/** Fills in what every Pod's spec has. */
export function podDefaults(spec: JsonObject): void {
  fillIn(spec, podFields)
  for (const list of [spec['initContainers'], spec['containers']]) {
    for (const container of Array.isArray(list) ? list : [])
      if (isObject(container)) containerDefaults(container)
  }
}

function containerDefaults(container: JsonObject): void {
  const image = typeof container['image'] === 'string' ? container['image'] : ''
  const isPinned = /[:@][^/]+$/.test(image) && !image.endsWith(':latest')
  fillIn(container, { imagePullPolicy: isPinned ? 'IfNotPresent' : 'Always', ...containerFields })
  const { ports } = container
  for (const port of Array.isArray(ports) ? ports : []) if (isObject(port)) port['protocol'] ??= 'TCP'
}

function fillInPod(draft: KubeObject): void {
  podDefaults((draft.spec ??= {}))
}

function prepare(draft: KubeObject, old: KubeObject | undefined): void {
  if (old === undefined) draft.status = { phase: 'Pending', qosClass: 'BestEffort' }
}

/** Of a Pod's spec little may change, and never where it runs once that is decided. */
function validate(draft: KubeObject, old: KubeObject | undefined): readonly FieldProblem[] {
  const { containers, nodeName } = draft.spec ?? {}
  if (!Array.isArray(containers) || containers.length === 0) return [required('spec.containers')]
  const before = old?.spec?.['nodeName']
  if (before !== undefined && !equal(before, nodeName)) {
    return [forbidden('spec', 'pod updates may not change fields other than the image of its containers')]
  }
  return []
}

export const podStrategy: Strategy = { fillIn: fillInPod, prepare, validate }
