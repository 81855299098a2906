import { stringify } from 'yaml'
import type { Forecast } from './forecast.ts'
import type { Outcome, PoolForecast, ServiceForecast } from './outcome.ts'
import { tableText } from './table.ts'

/** How the forecast can be shown. */
export const forms = ['table', 'json', 'yaml'] as const

export type Form = (typeof forms)[number]

/** The forecast as text that ends with a line feed. */
export function render(forecast: Forecast, form: Form): string {
  if (form === 'table') return tablesOf(forecast)
  const data = dataOf(forecast)
  return form === 'json'
    ? `${JSON.stringify(data, undefined, 2)}\n`
    : stringify(data, { lineWidth: 0, aliasDuplicateObjects: false, version: '1.1' })
}

/** What programs read: the shape is a promise. */
function dataOf({ services, pools }: Forecast): object {
  return { services, pools: pools.map(({ message: _said, ...pool }) => pool) }
}

/** Of an edit, the Services that it changes; else all that are of type LoadBalancer. And the pools. */
function tablesOf({ services, pools, isEdit }: Forecast): string {
  const shown = services.filter((each) => (isEdit ? each.before !== undefined : isOfInterest(each)))
  const tables = [
    shown.length > 0 ? tableText(isEdit ? editHeaders : headers, shown.map(isEdit ? editRow : row)) : '',
    pools.length > 0 ? tableText(poolHeaders, pools.map(poolRow)) : '',
  ]
  return tables.filter((table) => table !== '').join('\n')
}

function isOfInterest({ decision, reason }: Outcome): boolean {
  return decision !== 'ignore' || reason !== 'NotLoadBalancer'
}

const headers = ['NAMESPACE', 'NAME', 'DECISION', 'ADDRESSES', 'POOL', 'REASON', 'MESSAGE']
const editHeaders = ['NAMESPACE', 'NAME', 'DECISION', 'BEFORE', 'AFTER', 'POOL', 'REASON', 'MESSAGE']
const poolHeaders = ['POOL', 'READY', 'REASON', 'V4-USED', 'V4-FREE', 'V6-USED', 'V6-FREE']

function row(service: ServiceForecast): readonly string[] {
  const { namespace, name, decision, addresses, pool, reason } = service
  return [namespace, name, decision, addressText(addresses), pool ?? nothing, reason, moreIn(service)]
}

/** The message, where it says more than the columns beside it. */
function moreIn({ addresses, pool, message }: Outcome): string {
  return message === `${addresses.join(', ')} from AddressPool ${pool}` ? '' : message
}

function editRow({ before, ...after }: ServiceForecast): readonly string[] {
  const [namespace = '', name = '', decision = '', ...rest] = row(after)
  return [namespace, name, decision, addressText(before?.addresses ?? []), ...rest]
}

function poolRow({ name, ready, reason, ipv4, ipv6 }: PoolForecast): readonly string[] {
  const numbers = [ipv4.allocated, ipv4.available, ipv6.allocated, ipv6.available]
  return [name, ready ? 'True' : 'False', reason, ...numbers.map(String)]
}

const nothing = '<none>'

function addressText(addresses: readonly string[]): string {
  return addresses.length > 0 ? addresses.join(',') : nothing
}
