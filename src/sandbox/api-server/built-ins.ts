import { coreKinds, type Described } from './core-kinds.ts'
import type { Registry } from './registry.ts'
import type { ResourceType } from './resource-type.ts'
import { schemaOfKind } from './schema/openapi-of.ts'
import { definitionStrategy } from './strategy/definition.ts'
import { eventStrategy, eventView } from './strategy/event.ts'
import { endpointSliceStrategy } from './strategy/endpoint-slice.ts'
import { leaseStrategy } from './strategy/lease.ts'
import {
  clusterRoleBindingStrategy,
  clusterRoleStrategy,
  namespacedRoleStrategy,
  roleBindingStrategy,
} from './strategy/rights.ts'
import { daemonSetStrategy, deploymentStrategy, replicaSetStrategy } from './strategy/workload.ts'
import { age, columns } from './table/columns.ts'
import { eventColumns } from './table/event.ts'
import { endpointSliceColumns } from './table/network.ts'
import {
  bindingColumns,
  createdColumns,
  leaseColumns,
  policyBindingColumns,
  policyColumns,
} from './table/plain.ts'
import { daemonSetColumns, deploymentColumns, replicaSetColumns } from './table/workload.ts'

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
  for (const described of [...coreKinds, ...others]) registry.add(resourceType(described))
}
