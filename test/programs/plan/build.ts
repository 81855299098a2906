import { noCompatibility } from '../../../src/core/allocation/compatibility.ts'
import { forecast } from '../../../src/programs/plan/forecast.ts'
import type { Forecast, ForecastOptions } from '../../../src/programs/plan/forecast.ts'
import { read } from './read.ts'

/** A moment for everything that does not say when it was. */
export const now = Date.parse('2026-03-01T00:00:00Z')

/** What the controller would do with the objects of these files. */
export function plan(
  files: readonly (readonly object[])[],
  options: Partial<ForecastOptions> = {},
): Forecast {
  const objects = files.map((file) => {
    return read(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: file }))
  })
  return forecast(objects, { now, classLess: true, compatibility: noCompatibility, ...options })
}

/** Of each Service in one line: its decision, what it had before, and its addresses or the reason. */
export function linesOf({ services }: Forecast): readonly string[] {
  return services.map(({ namespace, name, decision, addresses, reason, before }) => {
    const had = before === undefined ? '' : ` ${before?.addresses.join() ?? 'new'} ->`
    const outcome = decision === 'refuse' ? [reason, ...addresses] : addresses
    return [`${namespace}/${name} ${decision}${had}`, ...outcome].join(' ')
  })
}

/** An AddressPool as a manifest has it. */
export function pool(name: string, addresses: string, spec: object = {}, metadata: object = {}): object {
  return {
    apiVersion: 'lanlord.dev/v1beta1',
    kind: 'AddressPool',
    metadata: { name, ...metadata },
    spec: { addresses: addresses.split(','), ...spec },
  }
}

interface ServiceParts {
  readonly metadata?: object
  readonly annotations?: Readonly<Record<string, string>>
  readonly spec?: object
  readonly status?: object
  /** What stands in its status, with the condition of ours. */
  readonly holds?: string | undefined
  readonly createdAt?: string
}

/** A Service of type LoadBalancer, named `namespace/name`. */
export function service(key: string, parts: ServiceParts = {}): object {
  const [namespace, name] = key.split('/')
  const { metadata = {}, annotations = {}, spec = {}, holds, createdAt, status = standing(holds) } = parts
  const creationTimestamp = createdAt ?? (holds === undefined ? undefined : '2025-01-01T00:00:00Z')
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, annotations, creationTimestamp, ...metadata },
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }], ...spec },
    status,
  }
}

function standing(holds: string | undefined): object {
  if (holds === undefined) return {}
  const condition = {
    type: 'lanlord.dev/Allocated',
    status: 'True',
    reason: 'Assigned',
    message: `${holds} from AddressPool lab`,
    lastTransitionTime: '2025-01-01T00:00:00Z',
  }
  return { loadBalancer: { ingress: holds.split(', ').map((ip) => ({ ip })) }, conditions: [condition] }
}

/** A Namespace with these labels. */
export function namespace(name: string, labels: Readonly<Record<string, string>> = {}): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }
}
