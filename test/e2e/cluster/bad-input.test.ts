import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { heartbeatSecretName, systemNamespace } from '../../../src/core/api/names.ts'
import { openCluster, type Cluster } from '../ground.ts'
import { Installation, isReady, type Component } from '../installation.ts'
import { pool, service, workload } from '../manifests.ts'
import type { PodObject } from '../objects.ts'
import { Operator } from '../operator.ts'

/** A kubelet brings a changed Secret into a running Pod within a minute or two. */
const secretWithinMs = 180_000

describe('an installation that lacks something', () => {
  let cluster: Cluster
  let operator: Operator
  let installation: Installation
  let address: string

  beforeAll(async () => {
    cluster = await openCluster(2)
    operator = new Operator(cluster)
    installation = new Installation(operator)
    await operator.apply(pool(cluster, 'lab', 200, 209), workload(2), service('web'))
    await operator.deployed()
    address = await operator.addressOf('web')
    await operator.reaches(address)
  })
  afterAll(() => cluster?.close())
  afterEach(async () => {
    await Promise.all([installation.rolledOut('controller'), installation.rolledOut('speaker')])
    await operator.settled()
    // What worked before has gone on working.
    expect(await operator.addressOf('web')).toBe(address)
    expect(await operator.reaches(address)).toMatch(/web-/)
  })

  /** Deletes one Pod of a component and answers the one that comes in its place. */
  async function another(component: Component): Promise<string> {
    const before = (await installation.pods(component)).map(({ metadata }) => metadata.name)
    await installation.kubectl('delete', 'pod', before[0] ?? '')
    return newcomer(component, before)
  }

  function newcomer(component: Component, before: readonly string[]): Promise<string> {
    return operator.eventually(`a new Pod of the ${component}`, async () => {
      const pods = await installation.pods(component)
      return pods.map(({ metadata }) => metadata.name).find((name) => !before.includes(name))
    })
  }

  const podOf = async (component: Component, name: string): Promise<PodObject | undefined> =>
    (await installation.pods(component)).find(({ metadata }) => metadata.name === name)

  /** Its log and its /readyz say the same thing, in words that match; it lives and is not ready. */
  async function complains(component: Component, pod: string, words: RegExp): Promise<void> {
    const log = await operator.eventually(`${pod} says ${words.source}`, async () => {
      const said = await installation.logsOf(pod)
      return words.test(said) ? said : undefined
    })
    expect(log.split('\n').find((line) => words.test(line))).toMatch(/^\{.*\}$/) // In one line.
    await operator.eventually(`/readyz of ${pod} says ${words.source}`, async () => {
      return words.test(await installation.readyzOf(component, pod)) || undefined
    })
    const there = await podOf(component, pod)
    expect(there && isReady(there)).toBe(false)
    expect(there?.status?.containerStatuses?.map(({ restartCount }) => restartCount)).toEqual([0])
  }

  /** The same Pod becomes ready without anybody touching it. */
  async function recovers(component: Component, pod: string, withinMs?: number): Promise<void> {
    const isItReady = async (): Promise<true | undefined> => {
      const there = await podOf(component, pod)
      return (there && isReady(there)) || undefined
    }
    await operator.eventually(`${pod} is ready`, isItReady, withinMs)
    expect((await podOf(component, pod))?.status?.containerStatuses?.[0]?.restartCount).toBe(0)
  }

  /** Does something while the Secret is another one, or none, and then puts the right one back. */
  async function withSecret<T>(data: object | undefined, meanwhile: () => Promise<T>): Promise<T> {
    const { current } = (
      await operator.get<SecretObject>('secret', heartbeatSecretName, '-n', systemNamespace)
    ).data
    await (data
      ? operator.apply(secret(data))
      : installation.kubectl('delete', 'secret', heartbeatSecretName))
    try {
      return await meanwhile()
    } finally {
      await operator.apply(secret({ current }))
    }
  }

  it('a speaker without the Secret names it, waits for it, and works when it is made', async () => {
    const pod = await withSecret(undefined, async () => {
      const started = await another('speaker')
      await complains('speaker', started, new RegExp(heartbeatSecretName))
      return started
    })
    await recovers('speaker', pod, secretWithinMs)
  }, 600_000)

  it('a speaker with too short a key says how long it is and must be, and works when it is longer', async () => {
    const short = Buffer.from('tooshort').toString('base64')
    const pod = await withSecret({ current: short }, async () => {
      const started = await another('speaker')
      await complains('speaker', started, /8 bytes.*16/)
      return started
    })
    await recovers('speaker', pod, secretWithinMs)
  }, 600_000)

  /** Rolls out a change of the component's Pods, looks at the first new one, and takes the change back. */
  async function changed(
    component: Component,
    operation: object,
    look: (pod: string) => Promise<void>,
  ): Promise<void> {
    const before = (await installation.pods(component)).map(({ metadata }) => metadata.name)
    await installation.patch(component, operation)
    try {
      await look(await newcomer(component, before))
    } finally {
      await installation.undo(component)
    }
  }

  it('a speaker without NET_RAW says so and how to give it', async () => {
    const path = '/spec/template/spec/containers/0/securityContext/capabilities/add'
    await changed('speaker', { op: 'remove', path }, (pod) =>
      complains('speaker', pod, /NET_RAW.*securityContext/),
    )
  })

  it('a controller without its rights says which one it misses, and works when it has it', async () => {
    const name = 'lanlord-controller'
    const { metadata, ...binding } = await operator.get<BindingObject>('clusterrolebinding', name)
    await operator.kubectl('delete', 'clusterrolebinding', name)
    let pod = ''
    try {
      pod = await another('controller')
      await complains('controller', pod, /cannot list resource \\?"\w+\\?".*bind the role/)
    } finally {
      const { labels, annotations } = metadata
      await operator.apply(JSON.stringify({ ...binding, metadata: { name, labels, annotations } }))
    }
    await recovers('controller', pod)
  })

  it('a controller with a wrong address of the API server names it and keeps asking', async () => {
    const value = { name: 'KUBERNETES_SERVICE_HOST', value: '10.96.255.254' }
    const operation = { op: 'add', path: '/spec/template/spec/containers/0/env/-', value }
    await changed('controller', operation, (pod) => complains('controller', pod, /10\.96\.255\.254/))
  })
})

interface SecretObject {
  readonly data: { readonly current: string }
}

interface BindingObject {
  readonly metadata: { readonly labels?: object; readonly annotations?: object }
}

function secret(data: object): string {
  const metadata = { name: heartbeatSecretName, namespace: systemNamespace }
  return JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata, data })
}
