import { createSocket, type Socket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EndpointSlice, Service } from '../../../../src/sandbox/cluster/objects.ts'
import { readQuestion, writeAnswer } from '../../../../src/sandbox/kubernetes/dns/message.ts'
import { addressesOf, type Directory } from '../../../../src/sandbox/kubernetes/dns/service-names.ts'

const metadata = { name: 'x', uid: 'u', resourceVersion: '1' }
const services: Readonly<Record<string, Service>> = {
  'shop/web': { metadata, spec: { clusterIP: '10.96.0.7', clusterIPs: ['10.96.0.7', 'fd96::1:7'] } },
  'shop/each': { metadata, spec: { clusterIP: 'None' } },
  'shop/all': { metadata, spec: { clusterIP: 'None', publishNotReadyAddresses: true } },
  'shop/elsewhere': { metadata, spec: {} },
}
const slices: readonly EndpointSlice[] = [
  {
    metadata,
    endpoints: [{ addresses: ['10.1.1.1'] }, { addresses: ['10.1.1.2'], conditions: { ready: false } }],
  },
  {
    metadata,
    endpoints: [{ addresses: ['10.1.1.1'] }, { addresses: ['fd44::2:0:1'], conditions: { ready: true } }],
  },
]
const directory: Directory = { find: (key) => services[key], slicesOf: () => slices }

it.each([
  ['a Service is its cluster IP', 'web.shop.svc.cluster.local', 'IPv4', ['10.96.0.7']],
  ['and has one of each family', 'web.shop.svc.cluster.local', 'IPv6', ['fd96::1:7']],
  [
    'a headless Service is its ready endpoints, each once',
    'each.shop.svc.cluster.local',
    'IPv4',
    ['10.1.1.1'],
  ],
  ['of both families', 'each.shop.svc.cluster.local', 'IPv6', ['fd44::2:0:1']],
  ['or all of them, when it says so', 'all.shop.svc.cluster.local', 'IPv4', ['10.1.1.1', '10.1.1.2']],
  ['a Service without addresses exists', 'elsewhere.shop.svc.cluster.local', 'IPv4', []],
  ['nobody is called that', 'nobody.shop.svc.cluster.local', 'IPv4', undefined],
  ['a short name is for the search list of resolv.conf', 'web.shop', 'IPv4', undefined],
  ['the world outside is not known', 'web.example', 'IPv4', undefined],
] as const)('%s: %s, %s', (_, name, family, addresses) => {
  expect(addressesOf(name, family, directory)).toEqual(addresses)
})

describe('a resolver that asks', () => {
  let socket: Socket
  const resolver = new Resolver({ timeout: 1_000, tries: 2 })
  const found: Readonly<Record<string, readonly string[]>> = {
    'four.test': ['10.96.0.7', '255.0.0.1'],
    'six.test': ['fd96::1:7', '::1', 'fd00::', '1:2:3:4:5:6:7:8'],
    'none.test': [],
  }

  beforeAll(async () => {
    socket = createSocket('udp4', (message, { port, address }) => {
      const question = readQuestion(message)
      if (question) socket.send(writeAnswer(question, found[question.name]), port, address)
    })
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
    resolver.setServers([`127.0.0.1:${socket.address().port}`])
  })
  afterAll(() => socket.close())

  it('is told every address', async () => {
    expect(await resolver.resolve4('Four.test')).toEqual(found['four.test'])
    expect(await resolver.resolve6('six.test')).toEqual(found['six.test'])
  })

  it('is told the difference between a name without addresses and no such name', async () => {
    await expect(resolver.resolve4('none.test')).rejects.toMatchObject({ code: 'ENODATA' })
    await expect(resolver.resolve4('nobody.test')).rejects.toMatchObject({ code: 'ENOTFOUND' })
  })
})

it.each([
  ['nothing', ''],
  ['a header alone', '000101000001000000000000'],
  ['an answer', '000185000001000000000000037765620000010001'],
  ['two questions', '00010100000200000000000003776562000001000100'],
  ['a name without an end', '000101000001000000000000037765'],
  ['a name that points elsewhere', '000101000001000000000000c00c00010001'],
  ['a question without a type', '0001010000010000000000000377656200'],
])('%s is no question', (_, hex) => {
  expect(readQuestion(Buffer.from(hex, 'hex'))).toBeUndefined()
})
