import type { Answer } from './answer.ts'
import { bodyOf, type Call } from './call.ts'
import type { Cluster } from './cluster.ts'
import { badRequest, conflict, methodNotAllowed, noSuchPath } from './failure.ts'
import { copyOf, isObject, type Json, type KubeObject, timestamp, valueAt } from './object.ts'
import { writeOptionsOf } from './options.ts'
import { type DeleteOptions, remove } from './remove.ts'
import type { Target } from './route.ts'
import { onScale } from './scale.ts'
import { currentOf } from './single.ts'
import { update } from './write.ts'

/** Requests to what is neither an object nor its status; undefined where the target is one of those. */
export function onSubresource(cluster: Cluster, target: Target, call: Call): Answer | undefined {
  const { type, subresource } = target
  const known = type.subresources.find((one) => one === subresource)
  if (subresource === undefined || known === 'status') return undefined
  if (known === 'scale') return onScale(cluster, target, call)
  if (known === undefined) throw noSuchPath()
  if (call.method !== 'POST') throw methodNotAllowed()
  return known === 'binding' ? bind(cluster, target, call) : evict(cluster, target, call)
}

const done: Answer = {
  code: 201,
  json: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
}

/** What a scheduler says: this Pod shall run on that node. */
function bind(cluster: Cluster, target: Target, call: Call): Answer {
  const body = bodyOf(call)
  if (valueAt(body, ['metadata', 'name']) !== target.name) {
    throw badRequest('name in URL does not match name in Binding object')
  }
  const { key, object } = currentOf(cluster, target)
  const node = valueAt(body, ['target', 'name'])
  if (object.spec?.['nodeName']) {
    const why = `pod ${object.metadata.name} is already assigned to node ${JSON.stringify(object.spec['nodeName'])}`
    throw conflict({ group: '', plural: 'pods/binding', kind: 'Binding' }, object.metadata.name ?? '', why)
  }
  const draft = copyOf(object)
  draft.spec = { ...draft.spec, nodeName: String(node) }
  const options = { ...writeOptionsOf(call, 'CreateOptions'), isTracked: true }
  const place = { key, name: object.metadata.name ?? '', replaces: false }
  update(cluster, target.type, { ...place, part: 'binding' }, draft, options)
  const scheduled: KubeObject = copyOf(currentOf(cluster, target).object)
  scheduled.status = { ...scheduled.status, conditions: withScheduled(scheduled) }
  update(cluster, target.type, { ...place, part: 'status' }, scheduled, options)
  return done
}

function withScheduled({ status }: KubeObject): Json[] {
  const others = Array.isArray(status?.['conditions']) ? status['conditions'] : []
  const kept = others.filter((condition) => !isObject(condition) || condition['type'] !== 'PodScheduled')
  const scheduled = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: timestamp(),
  }
  return [...kept, scheduled]
}

/** What `kubectl drain` asks: delete this Pod if nothing speaks against it. */
function evict(cluster: Cluster, target: Target, call: Call): Answer {
  const { key } = currentOf(cluster, target)
  const options = (valueAt(bodyOf(call), ['deleteOptions']) ?? {}) as DeleteOptions
  const { dryRun } = writeOptionsOf(call, 'CreateOptions')
  remove(cluster, target.type, key, dryRun ? { ...options, dryRun: ['All'] } : options)
  return done
}
