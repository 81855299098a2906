import { systemNamespace } from '../../src/core/api/names.ts'
import type { ConditionObject, PodObject } from './objects.ts'
import type { Operator } from './operator.ts'

export type Component = 'controller' | 'speaker'

/** How each component runs in the cluster, as kubectl names it. */
const workloads = {
  controller: 'deployment/lanlord-controller',
  speaker: 'daemonset/lanlord-speaker',
} as const

/** Where each component serves its health checks. */
const ports = { controller: 7473, speaker: 7472 } as const

/** Lanlord as it is installed in a real cluster: its Pods, their words, and what an administrator does to them. */
export class Installation {
  readonly #operator: Operator

  constructor(operator: Operator) {
    this.#operator = operator
  }

  /** kubectl in Lanlord's namespace. */
  kubectl(...args: readonly string[]): Promise<string> {
    return this.#operator.kubectl('--namespace', systemNamespace, ...args)
  }

  /** The Pods of a component that nobody has told to go. */
  async pods(component: Component): Promise<readonly PodObject[]> {
    const label = `app.kubernetes.io/component=${component}`
    const pods = await this.#operator.list<PodObject>('pods', '--namespace', systemNamespace, '-l', label)
    return pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
  }

  /** Everything that the Pod's container has said, also before it was started again. */
  async logsOf(pod: string): Promise<string> {
    const before = await this.kubectl('logs', pod, '--previous').catch(() => '')
    return before + (await this.kubectl('logs', pod).catch(() => ''))
  }

  /** What /readyz of the Pod says, asked from its node; nothing while it does not listen. */
  async readyzOf(component: Component, pod: string): Promise<string> {
    const { spec, status } = await this.#operator.get<PodObject>('pod', pod, '-n', systemNamespace)
    const node = this.#operator.cluster.nodes.find(({ name }) => name === spec.nodeName)
    const url = `http://${status?.podIP}:${ports[component]}/readyz`
    return this.#operator.at(node?.exec ?? [], 'curl', '--silent', '--max-time', '5', url).catch(() => '')
  }

  /** `kubectl rollout restart`, until it is through. */
  async restart(component: Component): Promise<void> {
    await this.kubectl('rollout', 'restart', workloads[component])
    await this.rolledOut(component)
  }

  async rolledOut(component: Component): Promise<void> {
    await this.kubectl('rollout', 'status', workloads[component], '--timeout=120s')
  }

  /** Another version of the same chart; answers when it runs everywhere. */
  async upgrade(...settings: readonly string[]): Promise<void> {
    const set = settings.flatMap((setting) => ['--set-string', setting])
    const where = ['--namespace', systemNamespace, '--reuse-values']
    await this.#operator.run('helm', 'upgrade', 'lanlord', 'charts/lanlord', ...where, ...set)
    await Promise.all([this.rolledOut('controller'), this.rolledOut('speaker')])
  }

  /** Takes the last change of the Pod template back. */
  async undo(component: Component): Promise<void> {
    await this.kubectl('rollout', 'undo', workloads[component])
  }

  /** Changes the Pod template of a component by a JSON patch. */
  async patch(component: Component, ...operations: readonly object[]): Promise<void> {
    await this.kubectl('patch', workloads[component], '--type=json', '-p', JSON.stringify(operations))
  }
}

/** Whether Kubernetes calls the Pod ready. */
export function isReady({ status }: PodObject): boolean {
  return (
    status?.conditions?.some(({ type, status: is }: ConditionObject) => type === 'Ready' && is === 'True') ??
    false
  )
}
