import type { ClusterNode, Pod, Service } from '../../../src/sandbox/cluster/objects.ts'

/** Builders: each test names only what matters to it. */
export function node(name: string, rest: Partial<ClusterNode> = {}): ClusterNode {
  return {
    metadata: { name, uid: `uid-${name}`, resourceVersion: '1', labels: { 'kubernetes.io/hostname': name } },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
    ...rest,
  }
}

export interface PodSketch {
  readonly name: string
  readonly node?: string
  readonly owner?: string
  readonly ip?: string
  readonly ready?: boolean
  readonly labels?: Readonly<Record<string, string>>
  readonly namespace?: string
  readonly terminating?: boolean
  readonly phase?: string
  readonly ports?: readonly { name?: string; containerPort: number; protocol?: string }[]
  readonly nodeSelector?: Readonly<Record<string, string>>
  readonly created?: string
}

export function pod(sketch: PodSketch): Pod {
  const { phase = 'Running', ready = true } = sketch
  return {
    metadata: metadataOf(sketch),
    spec: {
      containers: [{ name: 'web', ports: sketch.ports ?? [{ name: 'http', containerPort: 8080 }] }],
      ...(sketch.node ? { nodeName: sketch.node } : {}),
      ...(sketch.nodeSelector ? { nodeSelector: sketch.nodeSelector } : {}),
    },
    status: {
      phase,
      ...(sketch.ip ? { podIP: sketch.ip } : {}),
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    },
  }
}

function metadataOf(sketch: PodSketch): Pod['metadata'] {
  const { name, owner, namespace = 'default', labels = { app: 'web' } } = sketch
  return {
    name,
    namespace,
    uid: `uid-${name}`,
    resourceVersion: '1',
    labels,
    ...(owner
      ? { ownerReferences: [{ kind: 'ReplicaSet', name: owner, uid: owner, controller: true }] }
      : {}),
    ...(sketch.terminating ? { deletionTimestamp: '2030-01-01T00:00:00Z' } : {}),
    ...(sketch.created ? { creationTimestamp: sketch.created } : {}),
  }
}

export function service(spec: Service['spec'], rest: Partial<Service> = {}): Service {
  return {
    metadata: { name: 'web', namespace: 'default', uid: 'uid-web', resourceVersion: '1' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }], ...spec },
    ...rest,
  }
}
