import type { Forecast } from './forecast.ts'
import type { Deed } from './outcome.ts'

/** What there is to say beside the data, in lines: warnings first, and at last how many Services fare how. */
export function wordsOn(forecast: Forecast, passedOver: readonly string[]): readonly string[] {
  return [
    ...warningsOn(forecast).map((text) => `Warning: ${text}`),
    ...passedOverText(passedOver),
    summary(forecast),
  ]
}

function warningsOn({ services, pools, unknownNamespaces, shortOfServices }: Forecast): readonly string[] {
  return [
    ...pools
      .filter(({ ready }) => !ready)
      .map(({ name, message }) => `AddressPool ${name} is not Ready: ${message}`),
    ...pools.flatMap(({ name, remarks = [] }) =>
      remarks.map(({ message }) => `AddressPool ${name}: ${message}`),
    ),
    ...services.flatMap(({ namespace, name, remarks = [] }) => {
      return remarks.map(({ message }) => `Service ${namespace}/${name}: ${message}`)
    }),
    ...shortOfServices.map((name) => {
      return `AddressPool ${name} has more addresses in use than the Services in the files hold; kubectl get services -A has all of them`
    }),
    ...unknownNamespaces.map((namespace) => {
      return `a pool chooses namespaces by label, and Namespace ${namespace} is in none of the files: it counts as one without labels of its own`
    }),
  ]
}

function passedOverText(kinds: readonly string[]): readonly string[] {
  if (kinds.length === 0) return []
  const each = [...countsOf(kinds)].map(([kind, count]) => `${count} ${kind}`)
  return [`Passed over, of other kinds: ${each.join(', ')}`]
}

const deeds: readonly Deed[] = ['keep', 'assign', 'release', 'refuse', 'ignore']

function summary({ services, isEdit }: Forecast): string {
  const counts = countsOf(services.map(({ decision }) => decision))
  const each = deeds.flatMap((deed) => (counts.has(deed) ? `${deed} ${counts.get(deed)}` : []))
  const total = services.length === 1 ? '1 Service' : `${services.length} Services`
  const changed = services.filter(({ before }) => before !== undefined).length
  const parts = [...each, ...(isEdit ? [`${changed} changed by the edit`] : [])]
  return parts.length > 0 ? `${total}: ${parts.join(', ')}` : total
}

function countsOf<T>(items: readonly T[]): ReadonlyMap<T, number> {
  const counts = new Map<T, number>()
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1)
  return counts
}
