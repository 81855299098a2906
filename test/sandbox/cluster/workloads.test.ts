import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ClusterNode, Pod } from '../../../src/sandbox/cluster/objects.ts'
import { deploymentPath, Ground } from '../node-agent/ground.ts'

let ground: Ground

beforeAll(async () => {
  ground = await Ground.open(2)
  await ground.deploy('web', 2)
})

afterAll(() => ground?.[Symbol.asyncDispose]())

const podsPath = '/api/v1/namespaces/default/pods'

async function podsOf(app: string): Promise<readonly Pod[]> {
  return (await ground.pods()).filter((pod) => pod.metadata.labels?.['app'] === app)
}

async function namesOf(app: string): Promise<readonly string[]> {
  return (await podsOf(app)).map((pod) => pod.metadata.name).toSorted()
}

/** The Pods that a Service's slices call ready. */
async function readyOf(service: string): Promise<readonly string[]> {
  const slices = (await ground.slices()).filter(
    ({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === service,
  )
  const ready = slices.flatMap((slice) => slice.endpoints ?? []).filter((each) => each.conditions?.ready)
  return ready.map((each) => each.targetRef?.name ?? '').toSorted()
}

test('a Deployment that is scaled has as many Pods and endpoints', async () => {
  await ground.expose('web', ground.address(0), 'Cluster')
  await ground.scale('web', 5)
  expect(await namesOf('web')).toHaveLength(5)
  await ground.eventually('five endpoints', async () => (await readyOf('web')).length === 5)
  await ground.scale('web', 2)
  await ground.eventually('two Pods', async () => (await namesOf('web')).length === 2)
  expect(new Set((await podsOf('web')).map((pod) => pod.spec?.nodeName)).size).toBe(2)
  await ground.eventually(
    'their endpoints',
    async () => String(await readyOf('web')) === String(await namesOf('web')),
  )
})

test('a deleted Pod is replaced by exactly one other', async () => {
  const [victim = ''] = await namesOf('web')
  await ground.api.request('DELETE', `${podsPath}/${victim}`)
  await ground.eventually('the Pod is gone', async () => !(await namesOf('web')).includes(victim))
  await ground.available('web', 2)
  expect(await namesOf('web')).toHaveLength(2)
  await ground.eventually(
    'endpoints follow',
    async () => String(await readyOf('web')) === String(await namesOf('web')),
  )
})

test('a changed template replaces all Pods, and there are always enough of them', async () => {
  const before = await namesOf('web')
  let fewest = Infinity
  const change = { spec: { template: { metadata: { annotations: { round: '2' } } } } }
  await ground.api.request('PATCH', deploymentPath('web'), { body: change })
  await ground.eventually('all Pods are new', async () => {
    fewest = Math.min(fewest, (await readyOf('web')).length)
    const names = await namesOf('web')
    return names.length === 2 && !names.some((name) => before.includes(name))
  })
  await ground.available('web', 2)
  expect(fewest).toBeGreaterThanOrEqual(1)
  const { metadata, status } = await ground.api.request<ClusterNode>('GET', deploymentPath('web'))
  expect(metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('2')
  expect(status?.conditions).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ type: 'Available', status: 'True' }),
      expect.objectContaining({ type: 'Progressing', reason: 'NewReplicaSetAvailable' }),
    ]),
  )
})

test('a Pod that its annotation calls not ready loses its endpoint, and gets it back', async () => {
  const [name = ''] = await namesOf('web')
  const annotate = (value: string): Promise<unknown> =>
    ground.api.request('PATCH', `${podsPath}/${name}`, {
      body: { metadata: { annotations: { 'sandbox.lanlord.dev/ready': value } } },
    })
  await annotate('false')
  await ground.eventually('it is left out', async () => !(await readyOf('web')).includes(name))
  await annotate('true')
  await ground.eventually('it is back', async () => (await readyOf('web')).includes(name))
})

test('a DaemonSet has one Pod on each node', async () => {
  const labels = { app: 'every' }
  await ground.api.request('POST', '/apis/apps/v1/namespaces/default/daemonsets', {
    body: {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'every' },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'x' }] } },
      },
    },
  })
  await ground.eventually('two ready Pods', async () => {
    const pods = await podsOf('every')
    return pods.filter((pod) => pod.status?.phase === 'Running').length === 2
  })
  const nodes = (await podsOf('every')).map((pod) => pod.spec?.nodeName)
  expect(new Set(nodes)).toEqual(new Set(['node-1', 'node-2']))
})

test('a cordoned node gets no new Pods', async () => {
  const cordon = (unschedulable: boolean): Promise<unknown> =>
    ground.api.request('PATCH', '/api/v1/nodes/node-1', { body: { spec: { unschedulable } } })
  await cordon(true)
  await ground.deploy('late', 3)
  expect(new Set((await podsOf('late')).map((pod) => pod.spec?.nodeName))).toEqual(new Set(['node-2']))
  await cordon(false)
})

test('after a restart of the API server everything works on: new Pods start, and their Services find them', async () => {
  const address = ground.address(0)
  await ground.pointAt(address, 0)
  await ground.curlEventually(address)
  await ground.sandbox.hold('api-server')
  expect(await ground.curl(address)).toBeDefined()
  ground.sandbox.release('api-server')
  await ground.eventually('the API server answers', async () => {
    return ground.api.request('GET', '/version').then(
      () => true,
      () => false,
    )
  })
  await ground.scale('web', 4)
  await ground.eventually('four endpoints', async () => (await readyOf('web')).length === 4)
  expect(await ground.curl(address)).toBeDefined()
})

test('a node agent that is killed comes back with its Pods at their addresses', async () => {
  const addressesOf = async (): Promise<readonly string[]> =>
    (await podsOf('web')).map((pod) => `${pod.metadata.name} ${pod.status?.podIP}`).toSorted()
  const before = await addressesOf()
  await ground.sandbox.kill('node-agent/node-1')
  await ground.eventually('no answer', async () => (await ground.curl(ground.address(0))) === undefined)
  await ground.curlEventually(ground.address(0))
  const answers = await Promise.all(Array.from({ length: 8 }, () => ground.curlEventually(ground.address(0))))
  expect(new Set(answers.map((answer) => answer.node)).size).toBe(2)
  expect(await addressesOf()).toEqual(before)
})

test('a node that loses power becomes Unknown and its endpoints not ready, until it is back', async () => {
  const readiness = async (): Promise<string | undefined> => {
    const node = await ground.api.request<ClusterNode>('GET', '/api/v1/nodes/node-2')
    return node.status?.conditions?.find((condition) => condition.type === 'Ready')?.status
  }
  await ground.sandbox.powerOff('node-2')
  await ground.eventually('node-2 is Unknown', async () => (await readiness()) === 'Unknown', 20_000)
  await ground.eventually('half of the endpoints', async () => (await readyOf('web')).length === 2)
  await ground.sandbox.powerOn('node-2')
  await ground.eventually('node-2 is Ready', async () => (await readiness()) === 'True')
  await ground.eventually('all endpoints', async () => (await readyOf('web')).length === 4)
}, 60_000)

test('a deleted Deployment takes its ReplicaSets and Pods with it', async () => {
  await ground.api.request('DELETE', deploymentPath('web'))
  await ground.eventually('no Pods', async () => (await namesOf('web')).length === 0)
  await ground.eventually('no endpoints', async () => (await readyOf('web')).length === 0)
})
