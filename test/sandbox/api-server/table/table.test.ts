import { expect, test } from 'vitest'
import type { KubeObject } from '../../../../src/sandbox/api-server/object.ts'
import { ageOf } from '../../../../src/sandbox/api-server/table/age.ts'
import { customColumns } from '../../../../src/sandbox/api-server/table/custom.ts'
import { eventColumns } from '../../../../src/sandbox/api-server/table/event.ts'
import { valuesAt } from '../../../../src/sandbox/api-server/table/json-path.ts'
import { endpointSliceColumns, serviceColumns } from '../../../../src/sandbox/api-server/table/network.ts'
import { nodeColumns } from '../../../../src/sandbox/api-server/table/node.ts'
import {
  daemonSetColumns,
  deploymentColumns,
  podColumns,
} from '../../../../src/sandbox/api-server/table/workload.ts'
import type { Columns } from '../../../../src/sandbox/api-server/table/columns.ts'

const day = 86_400

test.each([
  [0, '0s'],
  [119, '119s'],
  [120, '2m'],
  [200, '3m20s'],
  [660, '11m'],
  [3 * 3600, '3h'],
  [5 * 3600 + 180, '5h3m'],
  [30 * 3600, '30h'],
  [3 * day + 4 * 3600, '3d4h'],
  [400 * day, '400d'],
  [800 * day, '2y70d'],
])('%i seconds are told as %s', (seconds, wanted) => {
  expect(ageOf(new Date(0).toISOString(), seconds * 1000)).toBe(wanted)
})

function row(columns: Columns, object: object): Record<string, unknown> {
  const whole = { apiVersion: 'v1', kind: 'X', metadata: { name: 'x' }, ...object } as KubeObject
  const cells = columns.cells(whole)
  return Object.fromEntries(columns.definitions.map(({ name }, index) => [name, cells[index]]))
}

test.each([
  [{ type: 'LoadBalancer' }, {}, '<pending>'],
  [
    { type: 'LoadBalancer' },
    { loadBalancer: { ingress: [{ ip: '192.0.2.1' }, { hostname: 'h' }] } },
    '192.0.2.1,h',
  ],
  [{ type: 'LoadBalancer', externalIPs: ['192.0.2.9'] }, {}, '192.0.2.9'],
  [{ type: 'ClusterIP' }, {}, '<none>'],
  [{ type: 'ExternalName', externalName: 'example.io' }, {}, 'example.io'],
])('the external address of a Service %j with status %j is %s', (spec, status, wanted) => {
  expect(row(serviceColumns, { spec, status })).toMatchObject({ 'External-IP': wanted })
})

test('a node that is cordoned says so', () => {
  const status = {
    conditions: [{ type: 'Ready', status: 'True' }],
    addresses: [{ type: 'InternalIP', address: '192.0.2.1' }],
  }
  const wanted = { Status: 'Ready,SchedulingDisabled', Roles: '<none>', 'Internal-IP': '192.0.2.1' }
  expect(row(nodeColumns, { spec: { unschedulable: true }, status })).toMatchObject(wanted)
})

test('a Pod says how many containers are ready, and that it ends', () => {
  const spec = { containers: [{ name: 'a' }, { name: 'b' }], nodeName: 'n1' }
  const status = {
    phase: 'Running',
    podIP: '10.0.0.1',
    containerStatuses: [{ ready: true, restartCount: 2 }],
  }
  expect(row(podColumns, { spec, status })).toMatchObject({
    Ready: '1/2',
    Status: 'Running',
    Restarts: '2',
    Node: 'n1',
  })
  const metadata = { name: 'x', deletionTimestamp: '2025-01-01T00:00:00Z' }
  expect(row(podColumns, { metadata, spec, status })).toMatchObject({ Status: 'Terminating' })
})

test('workloads say how many of how many', () => {
  const spec = { replicas: 3, selector: { matchLabels: { app: 'x' } } }
  expect(row(deploymentColumns, { spec, status: { readyReplicas: 2 } })).toMatchObject({
    Ready: '2/3',
    Selector: 'app=x',
  })
  expect(row(daemonSetColumns, { spec, status: { numberReady: 2 } })).toMatchObject({ Desired: 0, Ready: 2 })
})

test('an EndpointSlice shows the first three endpoints', () => {
  const endpoints = ['1', '2', '3', '4'].map((last) => ({ addresses: [`10.0.0.${last}`] }))
  const slice = { addressType: 'IPv4', endpoints, ports: [{ port: 80 }] }
  expect(row(endpointSliceColumns, slice)).toMatchObject({
    Ports: '80',
    Endpoints: '10.0.0.1,10.0.0.2,10.0.0.3 + 1 more...',
  })
})

test('an Event that repeats says how often and since when', () => {
  const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString()
  const event = {
    eventTime: ago(660),
    series: { count: 4, lastObservedTime: ago(200) },
    involvedObject: { kind: 'Service', name: 'web' },
    message: 'no address left\n',
  }
  const wanted = { 'Last Seen': '3m20s (x4 over 11m)', Object: 'service/web', Message: 'no address left' }
  expect(row(eventColumns, event)).toMatchObject(wanted)
})

const pool = {
  spec: { list: ['a', 'b'], 'odd.name': 1 },
  status: {
    conditions: [
      { type: 'A', status: 'x' },
      { type: 'Ready', status: 'True' },
    ],
  },
}

test.each([
  ['.spec.list[0]', ['a']],
  ['.spec.list[*]', ['a', 'b']],
  ['.spec.list', [['a', 'b']]],
  ['.status.conditions[?(@.type=="Ready")].status', ['True']],
  [`.status.conditions[?(@.type=='A')].status`, ['x']],
  [`.spec['odd.name']`, [1]],
  ['.spec.odd\\.name', [1]],
  ['.spec.missing.deep', []],
])('the path %s finds %j', (path, wanted) => {
  expect(valuesAt(pool, path)).toEqual(wanted)
})

test('a column of a custom resource is empty where there is nothing to show', () => {
  const column = (type: string, jsonPath: string): { name: string; type: string; jsonPath: string } => ({
    name: type,
    type,
    jsonPath,
  })
  const columns = customColumns([
    column('integer', '.spec.none'),
    column('string', '.spec.nothing'),
    column('boolean', '.spec.odd'),
  ])
  expect(row(columns, { spec: { odd: true } })).toEqual({
    Name: 'x',
    integer: null,
    string: null,
    boolean: true,
  })
})

test('a table of Events begins with when, and has their names at the end of -o wide', () => {
  const narrow = eventColumns.definitions.filter(({ priority }) => priority === 0)
  expect(narrow.map(({ name }) => name)).toEqual(['Last Seen', 'Type', 'Reason', 'Object', 'Message'])
  expect(eventColumns.definitions.at(-1)).toMatchObject({ name: 'Name', priority: 1 })
})
