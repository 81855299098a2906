import { type KubeObject, valueAt } from '../object.ts'
import { age, columns } from './columns.ts'
import { joined, labelsText, numberAt, objectsAt, textAt, textsAt } from './read.ts'

function externalAddress({ spec, status }: KubeObject): string | undefined {
  const external = textsAt(spec, 'externalIPs')
  if (textAt(spec, 'type') === 'ExternalName') return textAt(spec, 'externalName')
  if (textAt(spec, 'type') !== 'LoadBalancer') return joined(external)
  const points = objectsAt(status, 'loadBalancer', 'ingress')
  const given = points.map((point) => textAt(point, 'ip') ?? textAt(point, 'hostname'))
  return joined([...given, ...external]) ?? '<pending>'
}

function servicePorts({ spec }: KubeObject): string | undefined {
  return joined(
    objectsAt(spec, 'ports').map((port) => {
      const node = numberAt(port, 'nodePort')
      return `${numberAt(port, 'port')}${node === undefined ? '' : `:${node}`}/${textAt(port, 'protocol') ?? 'TCP'}`
    }),
  )
}

export const serviceColumns = columns(
  ['Type', ({ spec }) => textAt(spec, 'type')],
  ['Cluster-IP', ({ spec }) => textAt(spec, 'clusterIP')],
  ['External-IP', externalAddress],
  ['Port(s)', servicePorts],
  age,
  ['Selector', ({ spec }) => labelsText(valueAt(spec, ['selector'])), 'wide'],
)

/** The first three, and how many more there are. */
function shortened(texts: readonly string[]): string {
  if (texts.length === 0) return '<unset>'
  const more = texts.length - 3
  return more > 0 ? `${texts.slice(0, 3).join(',')} + ${more} more...` : texts.join(',')
}

export const endpointSliceColumns = columns(
  ['AddressType', (slice) => textAt(slice, 'addressType')],
  [
    'Ports',
    (slice) => shortened(objectsAt(slice, 'ports').map((port) => String(numberAt(port, 'port') ?? '*'))),
  ],
  [
    'Endpoints',
    (slice) => shortened(objectsAt(slice, 'endpoints').flatMap((one) => textsAt(one, 'addresses'))),
  ],
  age,
)

function endpointsText(endpoints: KubeObject): string | undefined {
  const pairs = objectsAt(endpoints, 'subsets').flatMap((subset) =>
    objectsAt(subset, 'addresses').flatMap((address) =>
      objectsAt(subset, 'ports').map((port) => `${textAt(address, 'ip')}:${numberAt(port, 'port')}`),
    ),
  )
  return pairs.length === 0 ? undefined : shortened(pairs)
}

export const endpointsColumns = columns(['Endpoints', endpointsText], age)
