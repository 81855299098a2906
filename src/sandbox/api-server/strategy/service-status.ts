import { type FieldProblem, forbidden, invalidValue, required, unsupported } from '../failure.ts'
import { type KubeObject, valueAt } from '../object.ts'
import { ipProblems, ipWarnings } from '../rules/addresses.ts'
import { subdomain } from '../rules/names.ts'

interface Point {
  readonly ip?: string
  readonly hostname?: string
  ipMode?: string
}

const modes = ['Proxy', 'VIP']
const path = 'status.loadBalancer.ingress'

function pointsOf(object: KubeObject | undefined): readonly Point[] {
  return (valueAt(object, ['status', 'loadBalancer', 'ingress']) ?? []) as readonly Point[]
}

/** A point with an address says how packets arrive there; VIP unless told otherwise. */
export function fillInModes(draft: KubeObject): void {
  if (draft.spec?.['type'] !== 'LoadBalancer') return
  for (const point of pointsOf(draft)) if (point.ip) point.ipMode ??= 'VIP'
}

/** What is wrong with the points at which a Service says that it is reached. */
export function serviceStatusProblems(draft: KubeObject, old: KubeObject): readonly FieldProblem[] {
  const points = pointsOf(draft)
  if (draft.spec?.['type'] !== 'LoadBalancer') {
    const why = "may only be used when `spec.type` is 'LoadBalancer'"
    return points.length === 0 ? [] : [forbidden(path, why)]
  }
  const known = pointsOf(old).map(({ ip }) => ip)
  return points.flatMap((point, index) => {
    const at = `${path}[${index}]`
    const fresh = point.ip && !known.includes(point.ip) ? ipProblems(point.ip) : []
    return [
      ...fresh.map((why) => invalidValue(`${at}.ip`, point.ip, why)),
      ...modeProblems(point, `${at}.ipMode`),
      ...hostnameProblems(point, `${at}.hostname`),
    ]
  })
}

function modeProblems({ ip, ipMode }: Point, at: string): readonly FieldProblem[] {
  if (ipMode === undefined) return ip ? [required(at, 'must be specified when `ip` is set')] : []
  if (!ip) return [forbidden(at, 'may not be specified when `ip` is not set')]
  return modes.includes(ipMode) ? [] : [unsupported(at, ipMode, modes)]
}

function hostnameProblems({ hostname }: Point, at: string): readonly FieldProblem[] {
  if (!hostname) return []
  const isAddress = ipProblems(hostname).length === 0
  const problems = subdomain(hostname).map((why) => invalidValue(at, hostname, why))
  return isAddress
    ? [...problems, invalidValue(at, hostname, 'must be a DNS name, not an IP address')]
    : problems
}

/** What a client is told about a status although it is fine. */
export function serviceStatusWarnings(draft: KubeObject): readonly string[] {
  return pointsOf(draft).flatMap(({ ip }, index) => (ip ? ipWarnings(`${path}[${index}]`, ip) : []))
}
