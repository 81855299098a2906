import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EndpointSlice } from '../../../src/sandbox/cluster/objects.ts'
import { frontendsOf } from '../../../src/sandbox/node-agent/proxy/frontends.ts'
import { planOf, routeLines, type Taking } from '../../../src/sandbox/node-agent/proxy/plan.ts'
import { service } from '../cluster/objects.ts'

const address = '192.168.10.200'
const balanced = { type: 'LoadBalancer', ports: [{ port: 80, targetPort: 8080 }] }
const status = { status: { loadBalancer: { ingress: [{ ip: address, ipMode: 'VIP' }] } } }
const slices: readonly EndpointSlice[] = [
  {
    metadata: { name: 'web-1', namespace: 'default', uid: 'u', resourceVersion: '1' },
    addressType: 'IPv4',
    ports: [{ name: '', port: 8080, protocol: 'TCP' }],
    endpoints: [{ addresses: ['10.244.1.2'], nodeName: 'node-1' }],
  },
]

test('a LoadBalancer Service with policy Cluster is answered on every node, with the node as the client', () => {
  const [frontend] = frontendsOf(service(balanced, status), slices, 'node-2')
  expect(frontend).toMatchObject({ key: `TCP ${address} 80`, masquerade: true, empty: 'refuse' })
  expect(frontend?.backends).toEqual([{ address: '10.244.1.2', port: 8080, node: 'node-1' }])
})

test('with policy Local a node without an endpoint swallows what comes for the address', () => {
  const local = service({ ...balanced, externalTrafficPolicy: 'Local' }, status)
  const here = planOf([frontendsOf(local, slices, 'node-1')])
  const elsewhere = planOf([frontendsOf(local, slices, 'node-2')])
  expect([...here.addresses]).toEqual([[address, 'local']])
  expect([...elsewhere.addresses]).toEqual([[address, 'blackhole']])
  expect([...here.frontends.values()][0]?.masquerade).toBe(false)
})

test('an address with ipMode Proxy, or in a Service that is no LoadBalancer any more, is not taken', () => {
  const proxied = { status: { loadBalancer: { ingress: [{ ip: address, ipMode: 'Proxy' }] } } }
  expect(frontendsOf(service(balanced, proxied), slices, 'node-1')).toEqual([])
  expect(frontendsOf(service({ ...balanced, type: 'ClusterIP' }, status), slices, 'node-1')).toEqual([])
})

test('the cluster address is taken too, and "None" is none', () => {
  const inside = frontendsOf(service({ clusterIP: '10.96.0.10' }), slices, 'node-1')
  expect(inside.map((frontend) => frontend.key)).toEqual(['TCP 10.96.0.10 80'])
  expect(frontendsOf(service({ clusterIP: 'None' }), slices, 'node-1')).toEqual([])
})

test('two Services on one address keep apart by protocol and port, and the first has what both want', () => {
  const web = frontendsOf(service(balanced, status), slices, 'node-1')
  const dns = frontendsOf(
    service({ ...balanced, ports: [{ port: 80, protocol: 'UDP' }, { port: 80 }] }, status),
    slices,
    'node-1',
  ).map((frontend) => ({ ...frontend, service: 'default/dns' }))
  const plan = planOf([web, dns])
  expect([...plan.frontends].map(([key, frontend]) => `${key} ${frontend.service}`)).toEqual([
    `TCP ${address} 80 default/web`,
    `UDP ${address} 80 default/dns`,
  ])
})

test('ports without a number and protocols other than TCP and UDP are passed over', () => {
  const odd = { ...balanced, ports: [{ port: 80, protocol: 'SCTP' }, { protocol: 'TCP' }] }
  expect(frontendsOf(service(odd, status), slices, 'node-1')).toEqual([])
})

test('only what changed is said to ip, additions first', () => {
  const before = new Map<string, Taking>([
    ['10.0.0.1', 'local'],
    ['10.0.0.2', 'local'],
    ['10.0.0.3', 'blackhole'],
  ])
  const after = new Map<string, Taking>([
    ['10.0.0.1', 'local'],
    ['10.0.0.3', 'local'],
    ['10.0.0.4', 'local'],
  ])
  expect(routeLines(before, after)).toEqual([
    'route replace local 10.0.0.3 dev lo table local proto 76',
    'route replace local 10.0.0.4 dev lo table local proto 76',
    'route del local 10.0.0.2 dev lo table local proto 76',
    'route del blackhole 10.0.0.3 table main proto 76',
  ])
  expect(routeLines(after, after)).toEqual([])
})

test('the lines turn any set of taken addresses into any other', () => {
  const taken = fc
    .dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom<Taking>('local', 'blackhole'))
    .map((entries) => new Map(Object.entries(entries)))
  fc.assert(
    fc.property(taken, taken, (before, after) => {
      const kernel = new Set([...before].map(([name, taking]) => `${taking} ${name}`))
      for (const line of routeLines(before, after)) {
        const [, verb, taking, name] = line.split(' ')
        const route = `${taking} ${name}`
        if (verb === 'replace') kernel.add(route)
        else expect(kernel.delete(route)).toBe(true)
      }
      expect(kernel).toEqual(new Set([...after].map(([name, taking]) => `${taking} ${name}`)))
    }),
  )
})
