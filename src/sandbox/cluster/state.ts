import type { Api } from '../../platform/kubernetes/api.ts'
import { Collection } from './collection.ts'
import type {
  ClusterNode,
  DaemonSet,
  Deployment,
  EndpointSlice,
  Lease,
  Pod,
  ReplicaSet,
  Service,
} from './objects.ts'

/** Everything that the stand-ins watch. */
export interface ClusterState {
  readonly nodes: Collection<ClusterNode>
  readonly leases: Collection<Lease>
  readonly pods: Collection<Pod>
  readonly deployments: Collection<Deployment>
  readonly replicaSets: Collection<ReplicaSet>
  readonly daemonSets: Collection<DaemonSet>
  readonly services: Collection<Service>
  readonly slices: Collection<EndpointSlice>
}

export function openState(api: Api, onProblem: (error: Error) => void): ClusterState {
  const core = { groupVersion: '/api/v1', onProblem }
  const apps = { groupVersion: '/apis/apps/v1', onProblem }
  return {
    nodes: new Collection(api, { ...core, plural: 'nodes' }),
    leases: new Collection(api, {
      groupVersion: '/apis/coordination.k8s.io/v1',
      plural: 'leases',
      onProblem,
    }),
    pods: new Collection(api, { ...core, plural: 'pods' }),
    deployments: new Collection(api, { ...apps, plural: 'deployments' }),
    replicaSets: new Collection(api, { ...apps, plural: 'replicasets' }),
    daemonSets: new Collection(api, { ...apps, plural: 'daemonsets' }),
    services: new Collection(api, { ...core, plural: 'services' }),
    slices: new Collection(api, {
      groupVersion: '/apis/discovery.k8s.io/v1',
      plural: 'endpointslices',
      onProblem,
    }),
  }
}
