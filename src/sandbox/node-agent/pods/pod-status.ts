import { isTrue, withTransition, type Condition, type Pod } from '../../cluster/objects.ts'

/** An annotation by which a test makes a Pod not Ready: "false". */
export const readyAnnotation = 'sandbox.lanlord.dev/ready'

/** What the kubelet knows of a Pod that runs. */
export interface PodFacts {
  readonly address: string
  readonly hostAddress: string
  readonly listening: boolean
  /** What it answers its readiness probe; true without one. */
  readonly probed: boolean
  readonly now: string
}

function wantsReady(pod: Pod): boolean {
  return pod.metadata.annotations?.[readyAnnotation] !== 'false'
}

function isReadyBy(pod: Pod, { listening, probed }: PodFacts): boolean {
  return listening && probed && wantsReady(pod)
}

/** The status of a started Pod, all of it. */
export function runningStatus(pod: Pod, facts: PodFacts): object {
  const ready = isReadyBy(pod, facts)
  const startTime = pod.status?.startTime ?? facts.now
  return {
    phase: 'Running',
    hostIP: facts.hostAddress,
    hostIPs: [{ ip: facts.hostAddress }],
    podIP: facts.address,
    podIPs: [{ ip: facts.address }],
    startTime,
    qosClass: 'BestEffort',
    conditions: conditionsOf(pod, ready, facts.now),
    containerStatuses: (pod.spec?.containers ?? []).map((container, index) => ({
      name: container.name ?? `container-${index}`,
      image: container.image ?? '',
      imageID: `sandbox://${container.image ?? ''}`,
      containerID: `sandbox://${pod.metadata.uid}/${index}`,
      ready,
      started: true,
      restartCount: 0,
      state: { running: { startedAt: startTime } },
      lastState: {},
    })),
  }
}

/** Whether a Pod's status already says what the kubelet would write. */
export function saysRunning(pod: Pod, facts: PodFacts): boolean {
  const { phase, podIP, hostIP, conditions } = pod.status ?? {}
  if (phase !== 'Running' || podIP !== facts.address || hostIP !== facts.hostAddress) return false
  return isTrue(conditions, 'Ready') === isReadyBy(pod, facts)
}

function conditionsOf(pod: Pod, ready: boolean, now: string): readonly Condition[] {
  const before = pod.status?.conditions
  const readiness = ready ? 'True' : 'False'
  const why = ready
    ? {}
    : {
        reason: 'ContainersNotReady',
        message: `its readiness probe, ${readyAnnotation} or a taken port says so`,
      }
  return [
    { type: 'PodReadyToStartContainers', status: 'True' },
    { type: 'Initialized', status: 'True' },
    { type: 'Ready', status: readiness, ...why },
    { type: 'ContainersReady', status: readiness, ...why },
    { type: 'PodScheduled', status: 'True' },
  ].map((condition) => withTransition(condition, before, now))
}
