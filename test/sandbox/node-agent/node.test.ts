import { expect, test } from 'vitest'
import { nodeStatus, showsWell } from '../../../src/sandbox/node-agent/node/node-object.ts'
import { missingRoutes, peerRoutesOf } from '../../../src/sandbox/node-agent/node/peer-routes.ts'
import { PodAddresses } from '../../../src/sandbox/node-agent/pods/pod-addresses.ts'
import { BackendWheel } from '../../../src/sandbox/node-agent/proxy/backend-wheel.ts'
import { node } from '../cluster/objects.ts'

const none: ReadonlySet<string> = new Set()

const facts = {
  name: 'node-1',
  address: '10.77.0.11',
  podCidr: '10.244.1.0/24',
  cpus: 2,
  memoryBytes: 4 << 20,
  kernelVersion: '6.1',
  architecture: 'amd64',
  now: '2026-01-02T00:00:00Z',
}

test('a Pod keeps its address over a restart of the agent, and no other Pod is given it', () => {
  const addresses = new PodAddresses('10.244.1.0/24')
  expect(addresses.take(undefined, new Set(['10.244.1.2']))).toBe('10.244.1.3')
  expect(addresses.take('10.244.1.2', none)).toBe('10.244.1.2')
  expect(addresses.take('10.244.9.2', none)).toBe('10.244.1.4')
})

test('a freed Pod address comes last in turn, and a full range says so', () => {
  const addresses = new PodAddresses('10.244.1.0/29')
  const taken = Array.from({ length: 5 }, () => addresses.take(undefined, none))
  expect(taken).toEqual(['10.244.1.2', '10.244.1.3', '10.244.1.4', '10.244.1.5', '10.244.1.6'])
  expect(() => addresses.take(undefined, none)).toThrow('all 5 Pod addresses')
  addresses.free('10.244.1.4')
  expect(addresses.take(undefined, none)).toBe('10.244.1.4')
})

test('a Pod range that is none is refused by name', () => {
  expect(() => new PodAddresses('10.244.1.0')).toThrow('--pod-cidr 10.244.1.0 is not')
})

test('the Pods of another node are reached by its LAN address', () => {
  const peer = node('node-2', {
    spec: { podCIDR: '10.244.2.0/24' },
    status: { addresses: [{ type: 'InternalIP', address: '10.77.0.12' }] },
  })
  const odd = ['x; reboot', '10.244.300.0/24', '10.244.3.0/33'].map((podCIDR, index) =>
    node(`odd-${index}`, { spec: { podCIDR }, ...(peer.status ? { status: peer.status } : {}) }),
  )
  expect([...peerRoutesOf([node('node-1'), peer, ...odd], 'node-1')]).toEqual([
    ['10.244.2.0/24', '10.77.0.12'],
  ])
})

test('a route is put only where the kernel does not have it', () => {
  const proc = 'Iface\tDestination\tGateway\tFlags\neth0\t0002F40A\t0C004D0A\t0003\n'
  const wanted = new Map([
    ['10.244.2.0/24', '10.77.0.12'],
    ['10.244.3.0/24', '10.77.0.13'],
  ])
  expect(missingRoutes(proc, wanted)).toEqual(['route replace 10.244.3.0/24 via 10.77.0.13'])
})

test('a node that others marked Unknown is put right, and conditions of others stay', () => {
  const lost = node('node-1', {
    spec: { podCIDR: '10.244.1.0/24' },
    status: {
      addresses: [{ type: 'InternalIP', address: '10.77.0.11' }],
      conditions: [
        { type: 'Ready', status: 'Unknown' },
        { type: 'NetworkUnavailable', status: 'True' },
      ],
    },
  })
  expect(showsWell(lost, facts)).toBe(false)
  const conditions = nodeStatus(facts, lost.status?.conditions ?? [])
  expect(conditions).toMatchObject({
    conditions: expect.arrayContaining([
      { type: 'NetworkUnavailable', status: 'True' },
      expect.objectContaining({ type: 'Ready', status: 'True', lastTransitionTime: facts.now }),
    ]),
  })
})

test('backends take turns, and a sticky client always meets the same one', () => {
  const backends = ['a', 'b', 'c'].map((address) => ({ address, port: 1, node: undefined }))
  const wheel = new BackendWheel(backends)
  const three = [wheel.next(undefined), wheel.next(undefined), wheel.next(undefined)]
  expect(new Set(three).size).toBe(3)
  expect(wheel.next('10.0.0.9')).toBe(wheel.next('10.0.0.9'))
  wheel.backends = []
  expect(wheel.next(undefined)).toBeUndefined()
})
