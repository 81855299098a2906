import type { PodObject } from './objects.ts'
import type { Operator } from './operator.ts'

/** A Pod that is bound to its node by hand, so that nobody puts another one in its place. */
export interface BarePod {
  readonly name: string
  readonly node: string
  /** Longer than it takes to be told to end, it goes on serving for so long after it was deleted. */
  readonly servesOnSeconds?: number
}

/** Makes Pods where a test wants them, ends them, and tells each what to answer its readiness probe. */
export class BarePods {
  readonly #operator: Operator

  constructor(operator: Operator) {
    this.#operator = operator
  }

  /** Waits until they are ready, and before that until former ones of these names have ended. */
  async start(...pods: readonly BarePod[]): Promise<void> {
    if (pods.length === 0) return
    const former = pods.map(({ name }) => `pod/${name}`)
    await this.#operator.kubectl('wait', '--for=delete', ...former, '--timeout=30s')
    await this.#operator.apply(...pods.map((pod) => `${JSON.stringify(manifestOf(pod))}\n`))
    for (const { name } of pods) await this.#isReady(name, 'True')
  }

  /** Does not wait: the Pod may go on serving for a while. */
  async end(name: string): Promise<void> {
    await this.#operator.kubectl('delete', 'pod', name, '--wait=false')
  }

  /** Ends all of them at once, and waits until they are gone. */
  async endAll(): Promise<void> {
    const flags = ['--selector=app=bare', '--ignore-not-found', '--grace-period=0', '--force']
    await this.#operator.kubectl('delete', 'pods', ...flags)
  }

  /** What it answers its probe from now on; the kubelet asks once a second. */
  async answerProbe(name: string, isReady: boolean): Promise<void> {
    const { spec, status } = await this.#operator.get<PodObject>('pod', name)
    const node = this.#operator.cluster.nodes.find((each) => each.name === spec.nodeName)
    const url = `http://${status?.podIP ?? ''}:8080/ready?is=${isReady}`
    await this.#operator.at(node?.exec ?? [], 'curl', '--silent', '--show-error', '--max-time', '5', url)
  }

  async addressOf(name: string): Promise<string> {
    return (await this.#operator.get<PodObject>('pod', name)).status?.podIP ?? ''
  }

  async #isReady(name: string, expected: 'True' | 'False'): Promise<void> {
    await this.#operator.eventually(`Pod ${name} is ready: ${expected}`, async () => {
      const { status } = await this.#operator.get<PodObject>('pod', name)
      return (
        status?.conditions?.some((each) => each.type === 'Ready' && each.status === expected) || undefined
      )
    })
  }
}

function manifestOf({ name, node, servesOnSeconds = 0 }: BarePod): object {
  const preStop = { sleep: { seconds: servesOnSeconds } }
  const probe = { path: '/ready', port: 8080 }
  const container = {
    name: 'web',
    image: 'lanlord.dev/web',
    env: [{ name: 'NODE_NAME', value: node }],
    ports: [{ containerPort: 8080 }],
    readinessProbe: { httpGet: probe, periodSeconds: 1, failureThreshold: 1, timeoutSeconds: 5 },
    ...(servesOnSeconds > 0 && { lifecycle: { preStop } }),
  }
  const spec = { nodeName: node, terminationGracePeriodSeconds: servesOnSeconds + 1, containers: [container] }
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { app: 'bare' } }, spec }
}
