import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { heartbeatSecretName } from '../../../src/core/api/names.ts'
import { openCluster, type Cluster } from '../ground.ts'
import { Installation, isReady, type Component } from '../installation.ts'
import { pool, service, workload } from '../manifests.ts'
import type { PodObject } from '../objects.ts'
import { Operator } from '../operator.ts'

/** A kubelet brings a changed Secret into a running Pod within a minute or two. */
const secretWithinMs = 180_000

const ports = { speaker: 7472, controller: 7473 } as const

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
      return words.test(await installation.readyzOf(pod, ports[component])) || undefined
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

  interface SecretObject {
    readonly data: { readonly current: string }
  }

  const secret = (data: object): string =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: heartbeatSecretName, namespace: 'lanlord-system' },
      data,
    })

  const key = async (): Promise<string> =>
    (await operator.get<SecretObject>('secret', heartbeatSecretName, '-n', 'lanlord-system')).data.current

  it('a speaker without the Secret names it, waits for it, and works when it is made', async () => {
    const current = await key()
    await installation.kubectl('delete', 'secret', heartbeatSecretName)
    const pod = await another('speaker')
    await complains('speaker', pod, new RegExp(heartbeatSecretName))
    await operator.apply(secret({ current }))
    await recovers('speaker', pod, secretWithinMs)
  }, 400_000)

  it('a speaker with too short a key says how long it is and must be, and works when it is longer', async () => {
    const current = await key()
    await operator.apply(secret({ current: Buffer.from('tooshort').toString('base64') }))
    const pod = await another('speaker')
    await complains('speaker', pod, /8 bytes.*16/)
    await operator.apply(secret({ current }))
    await recovers('speaker', pod, secretWithinMs)
  }, 400_000)

  it('a speaker without NET_RAW says so and how to give it; with it, the rollout goes on', async () => {
    const before = (await installation.pods('speaker')).map(({ metadata }) => metadata.name)
    const path = '/spec/template/spec/containers/0/securityContext/capabilities/add'
    await installation.patch('speaker', { op: 'remove', path })
    const pod = await newcomer('speaker', before)
    await complains('speaker', pod, /NET_RAW.*securityContext/)
    await installation.patch('speaker', { op: 'add', path, value: ['NET_RAW'] })
  })

  it('a controller without its rights says which one it misses, and works when it has it', async () => {
    const name = 'lanlord-controller'
    const binding = await operator.kubectl('get', 'clusterrolebinding', name, '-o', 'json')
    await operator.kubectl('delete', 'clusterrolebinding', name)
    const pod = await another('controller')
    await complains('controller', pod, /403.*(services|addresspools|nodes|namespaces).*forbidden|forbidden/i)
    const { apiVersion, kind, metadata, roleRef, subjects } = JSON.parse(binding) as Record<string, object>
    const { resourceVersion: _, uid: __, ...kept } = metadata as Record<string, unknown>
    await operator.apply(JSON.stringify({ apiVersion, kind, metadata: kept, roleRef, subjects }))
    await recovers('controller', pod)
  })

  it('a controller with a wrong address of the API server names it and keeps asking', async () => {
    const before = (await installation.pods('controller')).map(({ metadata }) => metadata.name)
    const path = '/spec/template/spec/containers/0/env/-'
    const value = { name: 'KUBERNETES_SERVICE_HOST', value: '10.96.255.254' }
    await installation.patch('controller', { op: 'add', path, value })
    const pod = await newcomer('controller', before)
    await complains('controller', pod, /10\.96\.255\.254/)
    await installation.kubectl('rollout', 'undo', 'deployment/lanlord-controller')
  })
})
