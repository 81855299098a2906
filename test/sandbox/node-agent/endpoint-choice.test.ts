import { expect, test } from 'vitest'
import type { Endpoint, EndpointSlice } from '../../../src/sandbox/cluster/objects.ts'
import { backendsOf, readyOn } from '../../../src/sandbox/node-agent/proxy/endpoint-choice.ts'

const http = { name: '', protocol: 'TCP' }

function slice(...endpoints: readonly Endpoint[]): EndpointSlice {
  return {
    metadata: { name: 'web-1', namespace: 'default', uid: 'u', resourceVersion: '1' },
    addressType: 'IPv4',
    ports: [{ name: '', port: 8080, protocol: 'TCP' }],
    endpoints,
  }
}

function endpoint(address: string, nodeName: string, conditions: Endpoint['conditions'] = {}): Endpoint {
  return { addresses: [address], nodeName, conditions }
}

const leaving = { ready: false, serving: true, terminating: true }
const starting = { ready: false, serving: false, terminating: false }
const addresses = (slices: readonly EndpointSlice[], node?: string): readonly string[] =>
  backendsOf(slices, http, node).map((backend) => backend.address)

test('ready endpoints get traffic, and an endpoint without conditions is ready', () => {
  const slices = [slice(endpoint('10.0.0.1', 'node-1'), endpoint('10.0.0.2', 'node-2', starting))]
  expect(addresses(slices)).toEqual(['10.0.0.1'])
})

test('endpoints on their way out get traffic only while none is ready, and only if they still serve', () => {
  const gone = { ready: false, serving: false, terminating: true }
  const out = [endpoint('10.0.0.1', 'node-1', leaving), endpoint('10.0.0.2', 'node-1', gone)]
  expect(addresses([slice(...out)])).toEqual(['10.0.0.1'])
  expect(addresses([slice(...out, endpoint('10.0.0.3', 'node-2'))])).toEqual(['10.0.0.3'])
})

test('with policy Local each node looks at its own endpoints only, for the fallback too', () => {
  const slices = [slice(endpoint('10.0.0.1', 'node-1', leaving), endpoint('10.0.0.2', 'node-2'))]
  expect(addresses(slices, 'node-1')).toEqual(['10.0.0.1'])
  expect(addresses(slices, 'node-2')).toEqual(['10.0.0.2'])
  expect(addresses(slices, 'node-3')).toEqual([])
})

test('several slices of one Service are one list without doubles', () => {
  const slices = [
    slice(endpoint('10.0.0.2', 'node-1')),
    slice(endpoint('10.0.0.1', 'node-1'), endpoint('10.0.0.2', 'node-1')),
  ]
  expect(addresses(slices)).toEqual(['10.0.0.1', '10.0.0.2'])
})

test('a port is found by name and protocol', () => {
  expect(backendsOf([slice(endpoint('10.0.0.1', 'node-1'))], { name: '', protocol: 'UDP' })).toEqual([])
  expect(backendsOf([slice(endpoint('10.0.0.1', 'node-1'))], { name: 'dns', protocol: 'TCP' })).toEqual([])
})

test('the health port counts the ready endpoints of its own node', () => {
  const slices = [
    slice(
      endpoint('10.0.0.1', 'node-1'),
      endpoint('10.0.0.2', 'node-1', leaving),
      endpoint('10.0.0.3', 'node-2'),
    ),
  ]
  expect(readyOn(slices, 'node-1')).toBe(1)
  expect(readyOn(slices, 'node-3')).toBe(0)
})
