import type { Registry } from './registry.ts'
import type { ResourceType } from './resource-type.ts'
import { schemaOfKind } from './schema/openapi-of.ts'
import { configMapStrategy, secretStrategy } from './strategy/data.ts'
import { definitionStrategy } from './strategy/definition.ts'
import { coreEventStrategy, eventStrategy, eventView } from './strategy/event.ts'
import { endpointSliceStrategy } from './strategy/endpoint-slice.ts'
import { leaseStrategy } from './strategy/lease.ts'
import { namespaceStrategy } from './strategy/namespace.ts'
import { nodeStrategy } from './strategy/node.ts'
import { podStrategy } from './strategy/pod.ts'
import {
  clusterRoleBindingStrategy,
  clusterRoleStrategy,
  namespacedRoleStrategy,
  roleBindingStrategy,
} from './strategy/rights.ts'
import { serviceStrategy } from './strategy/service.ts'
import { daemonSetStrategy, deploymentStrategy, replicaSetStrategy } from './strategy/workload.ts'
import { age, columns } from './table/columns.ts'
import { eventColumns } from './table/event.ts'
import { endpointsColumns, endpointSliceColumns, serviceColumns } from './table/network.ts'
import { nodeColumns } from './table/node.ts'
import {
  bindingColumns,
  configMapColumns,
  createdColumns,
  leaseColumns,
  namespaceColumns,
  policyBindingColumns,
  policyColumns,
  secretColumns,
} from './table/plain.ts'
import { daemonSetColumns, deploymentColumns, podColumns, replicaSetColumns } from './table/workload.ts'

type Described = Pick<ResourceType, 'group' | 'plural' | 'kind'> & Partial<ResourceType>

const plain = columns(age)

/** A resource with what is usual filled in: v1, namespaced, stored under its own name. */
export function resourceType(described: Described): ResourceType {
  const { group, plural, kind } = described
  return {
    version: 'v1',
    singular: kind.toLowerCase(),
    listKind: `${kind}List`,
    namespaced: true,
    shortNames: [],
    categories: [],
    subresources: [],
    generation: false,
    statusOnCreate: false,
    versionedUpdates: false,
    createOnUpdate: false,
    answersDeleted: false,
    statusKeeps: 'spec',
    custom: false,
    shelf: group === '' ? plural : `${plural}.${group}`,
    schema: schemaOfKind(group, kind),
    columns: plain,
    strategy: {},
    view: undefined,
    ...described,
  }
}

const status = ['status'] as const
const all = ['all'] as const
const extensions = ['api-extensions'] as const
const rbac = 'rbac.authorization.k8s.io'
const admission = 'admissionregistration.k8s.io'

const core: readonly Described[] = [
  {
    group: '',
    plural: 'namespaces',
    kind: 'Namespace',
    columns: namespaceColumns,
    namespaced: false,
    shortNames: ['ns'],
    subresources: status,
    strategy: namespaceStrategy,
  },
  {
    group: '',
    plural: 'services',
    kind: 'Service',
    columns: serviceColumns,
    shortNames: ['svc'],
    categories: all,
    subresources: status,
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
    categories: all,
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
    subresources: status,
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

/** In the order in which Kubernetes lists the groups. */
const others: readonly Described[] = [
  {
    group: 'apps',
    plural: 'deployments',
    kind: 'Deployment',
    strategy: deploymentStrategy,
    columns: deploymentColumns,
    shortNames: ['deploy'],
    categories: all,
    subresources: ['status', 'scale'],
    statusKeeps: 'labels',
    generation: true,
  },
  {
    group: 'apps',
    plural: 'replicasets',
    kind: 'ReplicaSet',
    strategy: replicaSetStrategy,
    columns: replicaSetColumns,
    shortNames: ['rs'],
    categories: all,
    subresources: ['status', 'scale'],
    generation: true,
  },
  {
    group: 'apps',
    plural: 'daemonsets',
    kind: 'DaemonSet',
    strategy: daemonSetStrategy,
    columns: daemonSetColumns,
    shortNames: ['ds'],
    categories: all,
    subresources: status,
    generation: true,
  },
  {
    group: 'events.k8s.io',
    plural: 'events',
    kind: 'Event',
    strategy: eventStrategy,
    columns: eventColumns,
    shortNames: ['ev'],
    shelf: 'events',
    view: eventView,
  },
  { group: rbac, plural: 'roles', kind: 'Role', strategy: namespacedRoleStrategy, columns: createdColumns },
  {
    group: rbac,
    plural: 'rolebindings',
    kind: 'RoleBinding',
    strategy: roleBindingStrategy,
    columns: bindingColumns,
  },
  {
    group: rbac,
    plural: 'clusterroles',
    kind: 'ClusterRole',
    strategy: clusterRoleStrategy,
    columns: createdColumns,
    namespaced: false,
  },
  {
    group: rbac,
    plural: 'clusterrolebindings',
    kind: 'ClusterRoleBinding',
    strategy: clusterRoleBindingStrategy,
    columns: bindingColumns,
    namespaced: false,
  },
  {
    group: admission,
    plural: 'validatingadmissionpolicies',
    categories: extensions,
    kind: 'ValidatingAdmissionPolicy',
    columns: policyColumns,
    namespaced: false,
    subresources: status,
    statusKeeps: 'metadata',
    generation: true,
  },
  {
    group: admission,
    plural: 'validatingadmissionpolicybindings',
    categories: extensions,
    kind: 'ValidatingAdmissionPolicyBinding',
    columns: policyBindingColumns,
    namespaced: false,
    generation: true,
  },
  {
    group: 'apiextensions.k8s.io',
    plural: 'customresourcedefinitions',
    categories: extensions,
    kind: 'CustomResourceDefinition',
    columns: createdColumns,
    namespaced: false,
    shortNames: ['crd', 'crds'],
    subresources: status,
    statusKeeps: 'metadata',
    generation: true,
    strategy: definitionStrategy,
  },
  {
    group: 'coordination.k8s.io',
    plural: 'leases',
    kind: 'Lease',
    columns: leaseColumns,
    strategy: leaseStrategy,
    versionedUpdates: true,
    createOnUpdate: true,
  },
  {
    group: 'discovery.k8s.io',
    plural: 'endpointslices',
    kind: 'EndpointSlice',
    columns: endpointSliceColumns,
    strategy: endpointSliceStrategy,
    generation: true,
  },
]

/** Registers the resources that are there without any CustomResourceDefinition. */
export function addBuiltIns(registry: Registry): void {
  for (const described of [...core, ...others]) registry.add(resourceType(described))
}
