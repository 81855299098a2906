import {
  isTrue,
  withTransition,
  type ClusterNode,
  type Condition,
  type Labels,
  type NodeStatus,
} from '../../cluster/objects.ts'

/** What a node says of itself. */
export interface NodeFacts {
  readonly name: string
  readonly address: string
  readonly podCidr: string
  readonly cpus: number
  readonly memoryBytes: number
  readonly kernelVersion: string
  readonly architecture: string
  readonly now: string
}

/** The labels that every kubelet puts on its node. */
export function nodeLabels({ name, architecture }: NodeFacts): Labels {
  return {
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': architecture,
  }
}

export function nodeObject(facts: NodeFacts): object {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: facts.name, labels: nodeLabels(facts) },
    spec: { podCIDR: facts.podCidr, podCIDRs: [facts.podCidr] },
  }
}

/** The status of a node that is well; conditions that others set stay as they are. */
export function nodeStatus(facts: NodeFacts, before: readonly Condition[] = []): object {
  const ours = conditions.map((condition) => ({
    ...withTransition(condition, before, facts.now),
    lastHeartbeatTime: facts.now,
  }))
  const types = new Set(ours.map(({ type }) => type))
  const capacity = {
    cpu: String(facts.cpus),
    memory: `${Math.floor(facts.memoryBytes / 1024)}Ki`,
    'ephemeral-storage': '10485760Ki',
    pods: '250',
  }
  return {
    addresses: [
      { type: 'InternalIP', address: facts.address },
      { type: 'Hostname', address: facts.name },
    ],
    capacity,
    allocatable: capacity,
    conditions: [...before.filter(({ type }) => !types.has(type)), ...ours],
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: nodeInfo(facts),
  }
}

const conditions: readonly Condition[] = [
  {
    type: 'MemoryPressure',
    status: 'False',
    reason: 'KubeletHasSufficientMemory',
    message: 'kubelet has sufficient memory available',
  },
  {
    type: 'DiskPressure',
    status: 'False',
    reason: 'KubeletHasNoDiskPressure',
    message: 'kubelet has no disk pressure',
  },
  {
    type: 'PIDPressure',
    status: 'False',
    reason: 'KubeletHasSufficientPID',
    message: 'kubelet has sufficient PID available',
  },
  { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
]

function nodeInfo(facts: NodeFacts): object {
  return {
    architecture: facts.architecture,
    bootID: facts.name,
    containerRuntimeVersion: 'sandbox://1.0.0',
    kernelVersion: facts.kernelVersion,
    kubeProxyVersion: '',
    kubeletVersion: 'v1.36.0-sandbox',
    machineID: facts.name,
    operatingSystem: 'linux',
    osImage: 'Lanlord sandbox',
    systemUUID: facts.name,
  }
}

/** Whether a Node object already shows what this node would write, heartbeat times aside. */
export function showsWell({ metadata, spec, status }: ClusterNode, facts: NodeFacts): boolean {
  const labels = Object.entries(nodeLabels(facts))
  return (
    Boolean(spec?.podCIDR) &&
    isTrue(status?.conditions, 'Ready') &&
    internalAddressOf(status) === facts.address &&
    labels.every(([key, value]) => metadata.labels?.[key] === value)
  )
}

/** The address under which other nodes reach this one. */
export function internalAddressOf(status: NodeStatus | undefined): string | undefined {
  return status?.addresses?.find(({ type }) => type === 'InternalIP')?.address
}
