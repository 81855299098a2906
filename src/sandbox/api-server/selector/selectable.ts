import type { ResourceType } from '../resource-type.ts'
import type { Selectable } from './field.ts'

const metadata = ['metadata.name', 'metadata.namespace']

const subject = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath']
const fieldsOf = (name: string): readonly string[] => subject.map((field) => `${name}.${field}`)

/** What more some kinds can be selected by. */
const known: Readonly<Record<string, readonly string[]>> = {
  Service: ['spec.clusterIP', 'spec.type'],
  Secret: ['type'],
  Namespace: ['status.phase'],
  Node: ['spec.unschedulable'],
  Pod: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.podIPs',
    'status.nominatedNodeName',
  ],
}

const events: Readonly<Record<string, readonly string[]>> = {
  '': [...fieldsOf('involvedObject'), 'reason', 'reportingComponent', 'source', 'type'],
  'events.k8s.io': [...fieldsOf('regarding'), 'reason', 'reportingController', 'type'],
}

/** What objects of a resource can be selected by. */
export function selectableOf({ group, kind, custom, namespaced }: ResourceType): Selectable {
  const more = kind === 'Event' ? events[group] : group === '' ? known[kind] : undefined
  const isNamed = kind === 'Namespace' || kind === 'Node' || (custom && !namespaced)
  const fields = [...(isNamed ? ['metadata.name'] : metadata), ...(more ?? [])]
  if (more !== undefined || custom) {
    return { fields, refusal: (field) => `field label not supported: ${field}` }
  }
  const refusal = (field: string): string =>
    `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`
  return { fields: metadata, refusal }
}
