import type { Registry } from './registry.ts'
import type { ResourceType } from './resource-type.ts'
import { definitionStrategy } from './strategy/definition.ts'
import { namespaceStrategy } from './strategy/namespace.ts'
import { serviceStrategy } from './strategy/service.ts'
import { age, columns } from './table/columns.ts'

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
    custom: false,
    shelf: group === '' ? plural : `${plural}.${group}`,
    schema: undefined,
    columns: plain,
    strategy: {},
    view: undefined,
    ...described,
  }
}

const status = ['status'] as const
const all = ['all'] as const
const rbac = 'rbac.authorization.k8s.io'
const admission = 'admissionregistration.k8s.io'

const core: readonly Described[] = [
  { group: '', plural: 'namespaces', kind: 'Namespace', namespaced: false, shortNames: ['ns'], subresources: status, strategy: namespaceStrategy },
  { group: '', plural: 'services', kind: 'Service', shortNames: ['svc'], categories: all, subresources: status, strategy: serviceStrategy },
  { group: '', plural: 'pods', kind: 'Pod', shortNames: ['po'], categories: all, subresources: ['status', 'binding', 'eviction'] },
  { group: '', plural: 'nodes', kind: 'Node', namespaced: false, shortNames: ['no'], subresources: status, statusOnCreate: true },
  { group: '', plural: 'configmaps', kind: 'ConfigMap', shortNames: ['cm'] },
  { group: '', plural: 'secrets', kind: 'Secret' },
  { group: '', plural: 'serviceaccounts', kind: 'ServiceAccount', shortNames: ['sa'] },
  { group: '', plural: 'endpoints', kind: 'Endpoints', listKind: 'EndpointsList', shortNames: ['ep'] },
  { group: '', plural: 'events', kind: 'Event', shortNames: ['ev'] },
]

const others: readonly Described[] = [
  { group: 'apps', plural: 'deployments', kind: 'Deployment', shortNames: ['deploy'], categories: all, subresources: ['status', 'scale'], generation: true },
  { group: 'apps', plural: 'replicasets', kind: 'ReplicaSet', shortNames: ['rs'], categories: all, subresources: ['status', 'scale'], generation: true },
  { group: 'apps', plural: 'daemonsets', kind: 'DaemonSet', shortNames: ['ds'], categories: all, subresources: status, generation: true },
  { group: 'discovery.k8s.io', plural: 'endpointslices', kind: 'EndpointSlice', generation: true },
  { group: 'coordination.k8s.io', plural: 'leases', kind: 'Lease', versionedUpdates: true },
  { group: 'events.k8s.io', plural: 'events', kind: 'Event', shortNames: ['ev'], shelf: 'events' },
  { group: rbac, plural: 'roles', kind: 'Role' },
  { group: rbac, plural: 'rolebindings', kind: 'RoleBinding' },
  { group: rbac, plural: 'clusterroles', kind: 'ClusterRole', namespaced: false },
  { group: rbac, plural: 'clusterrolebindings', kind: 'ClusterRoleBinding', namespaced: false },
  { group: admission, plural: 'validatingadmissionpolicies', kind: 'ValidatingAdmissionPolicy', namespaced: false, subresources: status, generation: true },
  { group: admission, plural: 'validatingadmissionpolicybindings', kind: 'ValidatingAdmissionPolicyBinding', namespaced: false, generation: true },
  { group: 'apiextensions.k8s.io', plural: 'customresourcedefinitions', kind: 'CustomResourceDefinition', namespaced: false, shortNames: ['crd', 'crds'], subresources: status, generation: true, strategy: definitionStrategy },
]

/** Registers the resources that are there without any CustomResourceDefinition. */
export function addBuiltIns(registry: Registry): void {
  for (const described of [...core, ...others]) registry.add(resourceType(described))
}
