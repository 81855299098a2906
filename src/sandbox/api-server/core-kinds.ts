import type { ResourceType } from './resource-type.ts'
import { configMapStrategy, secretStrategy } from './strategy/data.ts'
import { coreEventStrategy } from './strategy/event.ts'
import { namespaceStrategy } from './strategy/namespace.ts'
import { nodeStrategy } from './strategy/node.ts'
import { podStrategy } from './strategy/pod.ts'
import { serviceStrategy } from './strategy/service.ts'
import { eventColumns } from './table/event.ts'
import { endpointsColumns, serviceColumns } from './table/network.ts'
import { nodeColumns } from './table/node.ts'
import { configMapColumns, namespaceColumns, secretColumns } from './table/plain.ts'
import { podColumns } from './table/workload.ts'

/** What there is to say of a resource where the rest is as usual. */
export type Described = Pick<ResourceType, 'group' | 'plural' | 'kind'> & Partial<ResourceType>

/** The kinds of the group without a name. */
export const coreKinds: readonly Described[] = [
  {
    group: '',
    plural: 'namespaces',
    kind: 'Namespace',
    columns: namespaceColumns,
    namespaced: false,
    shortNames: ['ns'],
    subresources: ['status'],
    strategy: namespaceStrategy,
  },
  {
    group: '',
    plural: 'services',
    kind: 'Service',
    columns: serviceColumns,
    shortNames: ['svc'],
    categories: ['all'],
    subresources: ['status'],
    createOnUpdate: true,
    answersDeleted: true,
    strategy: serviceStrategy,
  },
  {
    group: '',
    plural: 'pods',
    kind: 'Pod',
    strategy: podStrategy,
    columns: podColumns,
    shortNames: ['po'],
    categories: ['all'],
    subresources: ['status', 'binding', 'eviction'],
    generation: true,
    answersDeleted: true,
  },
  {
    group: '',
    plural: 'nodes',
    kind: 'Node',
    columns: nodeColumns,
    strategy: nodeStrategy,
    namespaced: false,
    shortNames: ['no'],
    subresources: ['status'],
    statusOnCreate: true,
  },
  {
    group: '',
    plural: 'configmaps',
    kind: 'ConfigMap',
    strategy: configMapStrategy,
    columns: configMapColumns,
    shortNames: ['cm'],
  },
  { group: '', plural: 'secrets', kind: 'Secret', strategy: secretStrategy, columns: secretColumns },
  {
    group: '',
    plural: 'serviceaccounts',
    kind: 'ServiceAccount',
    answersDeleted: true,
    shortNames: ['sa'],
  },
  {
    group: '',
    plural: 'endpoints',
    kind: 'Endpoints',
    columns: endpointsColumns,
    listKind: 'EndpointsList',
    shortNames: ['ep'],
  },
  {
    group: '',
    plural: 'events',
    kind: 'Event',
    strategy: coreEventStrategy,
    columns: eventColumns,
    shortNames: ['ev'],
  },
]
