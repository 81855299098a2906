import { expect, test } from 'vitest'
import { slicesOf } from '../../../src/sandbox/cluster/slices.ts'
import { pod, service } from './objects.ts'

const one = pod({ name: 'a', node: 'node-1', ip: '10.244.1.2' })

test('a Service gets one slice that names its Pods, their nodes and the port as a number', () => {
  const [slice, ...rest] = slicesOf(service({}), [one])
  expect(rest).toEqual([])
  expect(slice?.metadata.labels?.['kubernetes.io/service-name']).toBe('web')
  expect(slice?.metadata.ownerReferences?.[0]).toMatchObject({ kind: 'Service', uid: 'uid-web' })
  expect(slice?.ports).toEqual([{ name: '', port: 8080, protocol: 'TCP' }])
  expect(slice?.endpoints).toEqual([
    {
      addresses: ['10.244.1.2'],
      conditions: { ready: true, serving: true, terminating: false },
      nodeName: 'node-1',
      targetRef: { kind: 'Pod', name: 'a', namespace: 'default', uid: 'uid-a' },
    },
  ])
})

test('only running Pods of the same namespace with the labels and an address become endpoints', () => {
  const others = [
    pod({ name: 'b', ip: '10.244.1.3', namespace: 'shop' }),
    pod({ name: 'c', ip: '10.244.1.4', labels: { app: 'db' } }),
    pod({ name: 'd' }),
    pod({ name: 'e', ip: '10.244.1.5', phase: 'Succeeded' }),
  ]
  expect(slicesOf(service({}), [one, ...others])[0]?.endpoints.map((each) => each.targetRef?.name)).toEqual([
    'a',
  ])
})

test('a Pod that is not Ready is listed as not ready and not serving', () => {
  const [slice] = slicesOf(service({}), [pod({ name: 'a', ip: '10.244.1.2', ready: false })])
  expect(slice?.endpoints[0]?.conditions).toEqual({ ready: false, serving: false, terminating: false })
})

test('a Pod on its way out is not ready, and serves as long as it is Ready itself', () => {
  const [slice] = slicesOf(service({}), [pod({ name: 'a', ip: '10.244.1.2', terminating: true })])
  expect(slice?.endpoints[0]?.conditions).toEqual({ ready: false, serving: true, terminating: true })
})

test('publishNotReadyAddresses makes every endpoint ready', () => {
  const pods = [pod({ name: 'a', ip: '10.244.1.2', ready: false })]
  const [slice] = slicesOf(service({ publishNotReadyAddresses: true }), pods)
  expect(slice?.endpoints[0]?.conditions?.ready).toBe(true)
})

test('a named targetPort is what each Pod declares under that name and protocol', () => {
  const ports = [{ name: 'dns', protocol: 'UDP', port: 53, targetPort: 'dns' }]
  const pods = [
    pod({ name: 'a', ip: '10.244.1.2', ports: [{ name: 'dns', containerPort: 5353, protocol: 'UDP' }] }),
    pod({ name: 'b', ip: '10.244.1.3', ports: [{ name: 'dns', containerPort: 6363, protocol: 'UDP' }] }),
    pod({ name: 'c', ip: '10.244.1.4', ports: [{ name: 'dns', containerPort: 53 }] }),
  ]
  const slices = slicesOf(service({ ports }), pods)
  const seen = slices.map((slice) => [slice.endpoints[0]?.targetRef?.name, slice.ports[0]?.port])
  expect(seen).toEqual([
    ['a', 5353],
    ['b', 6363],
    ['c', undefined],
  ])
  expect(new Set(slices.map((slice) => slice.metadata.name)).size).toBe(3)
})

test('a slice holds at most 100 endpoints', () => {
  const pods = Array.from({ length: 205 }, (_, index) => pod({ name: `p${index}`, ip: `10.244.1.${index}` }))
  expect(slicesOf(service({}), pods).map((slice) => slice.endpoints.length)).toEqual([100, 100, 5])
})

test('a Service without Pods has an empty slice, and one without a selector none', () => {
  expect(slicesOf(service({}), [])[0]?.endpoints).toEqual([])
  expect(slicesOf(service({ selector: {} }), [one])).toEqual([])
  expect(slicesOf(service({ type: 'ExternalName' }), [one])).toEqual([])
})
