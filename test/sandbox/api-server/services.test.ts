import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApiClient, Loose } from './api-client.ts'
import { asksReal, startApi } from './ground.ts'
import { LocalApi } from './local-api.ts'
import { service } from './manifests.ts'

let api: ApiClient & AsyncDisposable
const path = '/api/v1/namespaces/default/services'

beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api?.[Symbol.asyncDispose]())

interface Port {
  readonly port: number
  readonly nodePort?: number
  readonly protocol: string
  readonly targetPort: number
}

const portsOf = (object: Loose): readonly Port[] => object.spec['ports'] as Port[]

let count = 0
const fresh = (spec: object = {}): object => service(`s${++count}`, spec)

test('a LoadBalancer Service gets what was left out', async () => {
  const { spec } = await api.ok('POST', path, fresh())
  expect(spec).toMatchObject({
    type: 'LoadBalancer',
    allocateLoadBalancerNodePorts: true,
    externalTrafficPolicy: 'Cluster',
    internalTrafficPolicy: 'Cluster',
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    sessionAffinity: 'None',
    ports: [{ protocol: 'TCP', targetPort: 8080 }],
  })
  expect(spec['clusterIP']).toMatch(/^10\.96\./)
  expect(spec['clusterIPs']).toEqual([spec['clusterIP']])
})

test('a dual-stack Service has an address of each family, in the order it asks for', async () => {
  const { spec } = await api.ok(
    'POST',
    path,
    fresh({ ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv6'] }),
  )
  expect(spec['ipFamilies']).toEqual(['IPv6', 'IPv4'])
  expect(spec['clusterIPs']).toEqual([
    expect.stringMatching(/^fd00:10:96::/),
    expect.stringMatching(/^10\.96\./),
  ])
})

test('a headless Service has no address, an ExternalName has neither address nor ports', async () => {
  const headless = await api.ok('POST', path, fresh({ type: 'ClusterIP', clusterIP: 'None' }))
  expect(headless.spec).toMatchObject({ clusterIP: 'None', clusterIPs: ['None'] })
  const name = { type: 'ExternalName', externalName: 'example.io', ports: [] }
  const external = await api.ok('POST', path, fresh(name))
  expect(external.spec['clusterIP']).toBeUndefined()
})

test('node ports stay with their port and protocol over updates that do not name them', async () => {
  const ports = [
    { name: 'a', port: 80 },
    { name: 'b', port: 53, protocol: 'UDP' },
  ]
  const before = await api.ok('POST', path, fresh({ ports }))
  const name = before.metadata.name
  const reordered = [...ports].reverse().concat([{ name: 'c', port: 53, protocol: 'TCP' }])
  const after = (await api.mergePatch(`${path}/${name}`, { spec: { ports: reordered } })).object
  const [b, a, c] = portsOf(after)
  const old = portsOf(before).map((port) => port.nodePort)
  expect([a?.nodePort, b?.nodePort]).toEqual(old)
  expect(old).not.toContain(c?.nodePort)
})

test('policy Local has a health check port, and gives it back with the policy', async () => {
  const { spec, metadata } = await api.ok('POST', path, fresh({ externalTrafficPolicy: 'Local' }))
  expect(spec['healthCheckNodePort']).toBeGreaterThanOrEqual(30_000)
  const same = await api.mergePatch(`${path}/${metadata.name}`, { metadata: { labels: { a: 'b' } } })
  expect(same.object.spec['healthCheckNodePort']).toBe(spec['healthCheckNodePort'])
  const after = await api.mergePatch(`${path}/${metadata.name}`, {
    spec: { externalTrafficPolicy: 'Cluster' },
  })
  expect(after.object.spec['healthCheckNodePort']).toBeUndefined()
})

test('a Service that becomes a ClusterIP loses what only a LoadBalancer has, and keeps its address', async () => {
  const before = await api.ok('POST', path, fresh({ loadBalancerClass: 'lanlord.dev/lanlord' }))
  const status = { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } }
  await api.mergePatch(`${path}/${before.metadata.name}/status`, status)
  const { object } = await api.mergePatch(`${path}/${before.metadata.name}`, { spec: { type: 'ClusterIP' } })
  for (const field of ['loadBalancerClass', 'allocateLoadBalancerNodePorts', 'externalTrafficPolicy']) {
    expect(object.spec[field]).toBeUndefined()
  }
  expect(portsOf(object)[0]?.nodePort).toBeUndefined()
  expect(object.spec['clusterIP']).toBe(before.spec['clusterIP'])
  expect(object['status']).toEqual({ loadBalancer: {} })
})

test('addresses and node ports that are given back are given out again', async () => {
  const numbers = { clusterIP: '10.96.77.7', ports: [{ port: 80, nodePort: 30_010 }] }
  const { metadata } = await api.ok('POST', path, fresh(numbers))
  const rival = fresh(numbers)
  const refused = await api.request('POST', path, rival)
  expect([refused.status, refused.object.message]).toEqual([
    422,
    expect.stringContaining('provided IP is already allocated'),
  ])
  const { ports } = numbers
  const other = await api.request('POST', path, fresh({ ports }))
  expect([other.status, other.object.message]).toEqual([
    422,
    expect.stringContaining('provided port is already allocated'),
  ])
  await api.ok('DELETE', `${path}/${metadata.name}`)
  await api.ok('POST', path, rival)
})

if (!asksReal) {
  // A real server has what it gave out in etcd, which is not what these tests are about.
  test('what Services hold survives a restart', async () => {
    await using local = await LocalApi.start()
    const ports = [{ port: 80, nodePort: 30_011 }]
    await local.ok('POST', path, fresh({ clusterIP: '10.96.77.8' }))
    await local.ok('POST', path, fresh({ ports }))
    await local.restart()
    for (const spec of [{ clusterIP: '10.96.77.8' }, { ports }]) {
      const { object } = await local.request('POST', path, fresh(spec))
      expect(object.message).toContain('is already allocated')
    }
  })
}

const mistakes: readonly (readonly [string, object, string])[] = [
  ['no ports', { ports: [] }, 'spec.ports: Required value'],
  [
    'a port of no number',
    { ports: [{ name: 'a' }] },
    'spec.ports[0].port: Invalid value: 0: must be between 1 and 65535',
  ],
  [
    'a port out of range',
    { ports: [{ port: 70_000 }] },
    'spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535',
  ],
  ['two ports without names', { ports: [{ port: 1 }, { port: 2 }] }, 'spec.ports[0].name: Required value'],
  [
    'a name twice',
    {
      ports: [
        { name: 'a', port: 1 },
        { name: 'a', port: 2 },
      ],
    },
    'spec.ports[1].name: Duplicate value: "a"',
  ],
  [
    'a port twice',
    {
      ports: [
        { name: 'a', port: 1 },
        { name: 'b', port: 1 },
      ],
    },
    'spec.ports[1]: Duplicate value',
  ],
  [
    'an unknown protocol',
    { ports: [{ port: 1, protocol: 'ICMP' }] },
    'spec.ports[0].protocol: Unsupported value: "ICMP"',
  ],
  ['an unknown type', { type: 'Balanced' }, 'spec.type: Unsupported value: "Balanced"'],
  [
    'an unknown policy',
    { externalTrafficPolicy: 'Nearby' },
    'spec.externalTrafficPolicy: Unsupported value: "Nearby"',
  ],
  [
    'a node port out of range',
    { ports: [{ port: 1, nodePort: 80 }] },
    'spec.ports[0].nodePort: Invalid value: 80',
  ],
  [
    'an address from elsewhere',
    { clusterIP: '192.0.2.1' },
    'the provided network does not match the current range',
  ],
  [
    'a class on a ClusterIP',
    { type: 'ClusterIP', loadBalancerClass: 'a/b' },
    'spec.loadBalancerClass: Forbidden',
  ],
  ['a name for nothing', { type: 'ExternalName' }, 'spec.externalName: Required value'],
]

test.each(mistakes)('%s is refused', async (_, spec, message) => {
  const { status, object } = await api.request('POST', path, fresh(spec))
  expect(status).toBe(422)
  expect(object.message).toContain(message)
  expect(object['details']).toMatchObject({ kind: 'Service', causes: expect.any(Array) as unknown })
})

test('a class and an address once set are set for good', async () => {
  const { metadata } = await api.ok('POST', path, fresh({ loadBalancerClass: 'a/b' }))
  for (const spec of [
    { loadBalancerClass: 'a/c' },
    { loadBalancerClass: null },
    { clusterIP: '10.96.99.9' },
  ]) {
    const { status, object } = await api.mergePatch(`${path}/${metadata.name}`, { spec })
    expect(status).toBe(422)
    expect(object.message).toContain('may not change once set')
  }
})

test('a name that is no DNS label is refused', async () => {
  const { status, object } = await api.request('POST', path, service('First'))
  expect([status, object.message]).toEqual([
    422,
    expect.stringMatching(
      /^Service "First" is invalid: metadata.name: Invalid value: "First": a lowercase RFC 1123 label/,
    ),
  ])
})
