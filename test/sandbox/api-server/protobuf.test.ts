import { expect, test } from 'vitest'
import { decodeProtobuf } from '../../../src/sandbox/api-server/protobuf.ts'

const varint = (value: number): Buffer =>
  value < 0x80
    ? Buffer.from([value])
    : Buffer.concat([Buffer.from([(value & 0x7f) | 0x80]), varint(value >>> 7)])

const part = (field: number, ...bytes: readonly (Buffer | string)[]): Buffer => {
  const body = Buffer.concat(bytes.map((one) => Buffer.from(one)))
  return Buffer.concat([varint((field << 3) | 2), varint(body.length), body])
}
const number = (field: number, value: number): Buffer => Buffer.concat([varint(field << 3), varint(value)])

const envelope = (apiVersion: string, kind: string, raw: Buffer): Buffer =>
  Buffer.concat([Buffer.from('k8s\0'), part(1, part(1, apiVersion), part(2, kind)), part(2, raw)])

test('a Service is read with its ports, maps and times', () => {
  const metadata = part(1, part(1, 'web'), part(3, ''), part(8), part(11, part(1, 'app'), part(2, 'web')))
  const port = part(1, part(1, 'http'), number(3, 80), part(4, number(1, 0), number(2, 90)), number(5, 0))
  const named = part(1, number(3, 53), part(4, number(1, 1), number(2, 0), part(3, 'dns')))
  const spec = part(
    2,
    port,
    named,
    part(4, 'LoadBalancer'),
    part(19, 'IPv4'),
    part(19, 'IPv6'),
    number(20, 0),
  )
  expect(decodeProtobuf(envelope('v1', 'Service', Buffer.concat([metadata, spec])))).toEqual({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', labels: { app: 'web' } },
    spec: {
      ports: [
        { name: 'http', port: 80, targetPort: 90 },
        { port: 53, targetPort: 'dns' },
      ],
      type: 'LoadBalancer',
      ipFamilies: ['IPv4', 'IPv6'],
      allocateLoadBalancerNodePorts: false,
    },
  })
})

test('bytes are read as base64, a time with its microseconds', () => {
  const secret = part(2, part(1, 'key'), part(2, Buffer.from([0, 255])))
  expect(decodeProtobuf(envelope('v1', 'Secret', secret))).toMatchObject({ data: { key: 'AP8=' } })
  const lease = part(2, part(4, number(1, 86_480), number(2, 1000)))
  expect(decodeProtobuf(envelope('coordination.k8s.io/v1', 'Lease', lease))).toMatchObject({
    spec: { renewTime: '1970-01-02T00:01:20.000001Z' },
  })
})

test('an unknown field is passed over', () => {
  const map = Buffer.concat([part(99, 'x'), part(2, part(1, 'a'), part(2, 'b'))])
  expect(decodeProtobuf(envelope('v1', 'ConfigMap', map))).toMatchObject({ data: { a: 'b' } })
})

test.each([
  ['no envelope', Buffer.from('{}'), 400],
  ['a kind that is not known', envelope('v1', 'Mystery', Buffer.alloc(0)), 415],
  ['a field that is cut off', envelope('v1', 'ConfigMap', Buffer.from([18, 50, 1])), 400],
  ['a number that is cut off', envelope('v1', 'Service', Buffer.from([0x80])), 400],
])('%s is refused', (_, body, code) => {
  expect(() => decodeProtobuf(body)).toThrow(expect.objectContaining({ code }))
})
