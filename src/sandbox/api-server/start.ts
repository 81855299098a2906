import { addBuiltIns } from './built-ins.ts'
import type { Cluster } from './cluster.ts'
import { serveCustomResources } from './custom-resources.ts'
import { draftOf } from './draft.ts'
import { Garbage } from './garbage.ts'
import type { Json, KubeObject } from './object.ts'
import { Registry } from './registry.ts'
import { ServiceNetwork } from './service-network.ts'
import { Store } from './store.ts'
import { create } from './write.ts'

interface ClusterOptions {
  readonly state: string
  readonly historySize: number
  readonly compactAfter: number
}

/** A cluster as it was left in its state file, or a new one with what every cluster has. */
export function openCluster({ state, historySize, compactAfter }: ClusterOptions): Cluster {
  const store = new Store({ path: state, historySize, compactAfter })
  const registry = new Registry()
  const network = new ServiceNetwork()
  const cluster = { store, registry, network }
  addBuiltIns(registry)
  for (const { object } of store.shelf('services').items.values()) network.hold(object)
  store.shelf('services').listen((change) => network.follow(change))
  serveCustomResources(cluster)
  furnish(cluster)
  new Garbage(cluster)
  return cluster
}

const kubernetesService: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'kubernetes', labels: { component: 'apiserver', provider: 'kubernetes' } },
  spec: { clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443, targetPort: 6443, protocol: 'TCP' }] },
}

function furnish(cluster: Cluster): void {
  for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease']) {
    createOnce(cluster, 'namespaces', undefined, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  }
  const addService = (): void =>
    createOnce(cluster, 'services', 'default', structuredClone(kubernetesService))
  addService()
  cluster.store.shelf('services').listen(({ type, entry }) => {
    if (type === 'DELETED' && entry.key === 'default/kubernetes') setImmediate(addService)
  })
}

function createOnce(
  cluster: Cluster,
  plural: string,
  namespace: string | undefined,
  draft: KubeObject,
): void {
  const type = cluster.registry.find('', 'v1', plural)
  const { name = '' } = draft.metadata
  const key = namespace === undefined ? name : `${namespace}/${name}`
  if (type === undefined || cluster.store.shelf(type.shelf).entryOf(key) !== undefined) return
  const options = {
    dryRun: false,
    fieldValidation: 'Ignore',
    warnings: [],
    manager: 'kube-apiserver',
  } as const
  create(cluster, type, namespace, draftOf(type, draft as unknown as Json, { ...options, warnings: [] }), {
    ...options,
    warnings: [],
  })
}
