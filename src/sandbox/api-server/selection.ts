import type { KubeObject } from './object.ts'
import type { ResourceType } from './resource-type.ts'
import { fieldSelector } from './selector/field.ts'
import { labelSelector } from './selector/label.ts'
import { selectableOf } from './selector/selectable.ts'
import type { Entry } from './shelf.ts'

/** Which objects of a resource a list or a watch is about. */
export type Selection = (entry: Entry) => boolean

interface Criteria {
  readonly namespace: string | undefined
  readonly name: string | undefined
  readonly query: URLSearchParams
}

export function selectionOf(type: ResourceType, { namespace, name, query }: Criteria): Selection {
  const labels = labelSelector(query.get('labelSelector') ?? '')
  const fields = fieldSelector(query.get('fieldSelector') ?? '', selectableOf(type))
  const shape = type.view?.served ?? ((object: KubeObject) => object)
  return ({ object }) =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    (name === undefined || object.metadata.name === name) &&
    labels(object.metadata.labels ?? {}) &&
    fields(shape(object))
}
