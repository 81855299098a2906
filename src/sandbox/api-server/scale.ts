import type { Answer } from './answer.ts'
import { bodyOf, type Call } from './call.ts'
import type { Cluster } from './cluster.ts'
import { badRequest, invalid, invalidValue, methodNotAllowed } from './failure.ts'
import { copyOf, isObject, type Json, type KubeObject, textOf, valueAt } from './object.ts'
import { writeOptionsOf } from './options.ts'
import { jsonPatch } from './patch/json-patch.ts'
import { mergePatch } from './patch/merge.ts'
import type { Target } from './route.ts'
import { currentOf } from './single.ts'
import { update } from './write.ts'

/** The number of replicas of a workload, as an object of its own. */
export function onScale(cluster: Cluster, target: Target, call: Call): Answer {
  const { object } = currentOf(cluster, target)
  if (call.method === 'GET') return { json: scaleOf(object) }
  if (call.method === 'PUT') return write(cluster, target, call, bodyOf(call))
  if (call.method !== 'PATCH') throw methodNotAllowed()
  const scale = scaleOf(object) as unknown as Json
  const body = bodyOf(call)
  const isList = call.contentType === 'application/json-patch+json'
  return write(cluster, target, call, isList ? jsonPatch(scale, body) : mergePatch(scale, body))
}

function write(cluster: Cluster, target: Target, call: Call, scale: Json): Answer {
  const replicas = valueAt(scale, ['spec', 'replicas']) ?? 0
  if (typeof replicas !== 'number') throw badRequest('spec.replicas is no number')
  if (replicas < 0) {
    const why = 'must be greater than or equal to 0'
    const type = { group: 'autoscaling', plural: 'scales', kind: 'Scale' }
    throw invalid(type, target.name ?? '', [invalidValue('spec.replicas', replicas, why)])
  }
  const { key, object } = currentOf(cluster, target)
  const draft = copyOf(object)
  const resourceVersion = valueAt(scale, ['metadata', 'resourceVersion'])
  if (typeof resourceVersion === 'string') draft.metadata.resourceVersion = resourceVersion
  draft.spec = { ...draft.spec, replicas }
  const place = {
    key,
    name: object.metadata.name ?? '',
    part: 'main',
    subresource: 'scale',
    replaces: false,
  } as const
  const { entry } = update(cluster, target.type, place, draft, writeOptionsOf(call, 'UpdateOptions'))
  return { json: scaleOf(entry.object) }
}

function scaleOf({ metadata, spec, status }: KubeObject): object {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata
  const labels = valueAt(spec, ['selector', 'matchLabels'])
  const selector = isObject(labels)
    ? Object.entries(labels).map(([key, value]) => `${key}=${textOf(value)}`)
    : []
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec?.['replicas'] ?? 1 },
    status: { replicas: status?.['replicas'] ?? 0, selector: selector.join(',') },
  }
}
