import type { KubeObject } from '../object.ts'
import { ageOf } from './age.ts'
import { columnsBeforeName } from './columns.ts'
import { numberAt, textAt } from './read.ts'

function firstSeen(event: KubeObject): string {
  return ageOf(
    textAt(event, 'firstTimestamp') ?? textAt(event, 'eventTime') ?? event.metadata.creationTimestamp,
  )
}

/** An Event that repeats says when it was last seen, how often, and since when. */
function lastSeen(event: KubeObject): string {
  const series = textAt(event, 'series', 'lastObservedTime')
  if (series !== undefined) return `${ageOf(series)} (x${count(event)} over ${firstSeen(event)})`
  const last = textAt(event, 'lastTimestamp')
  if (last === undefined) return firstSeen(event)
  return count(event) > 1 ? `${ageOf(last)} (x${count(event)} over ${firstSeen(event)})` : ageOf(last)
}

function count(event: KubeObject): number {
  return numberAt(event, 'series', 'count') ?? numberAt(event, 'count') ?? 1
}

function objectText(event: KubeObject): string {
  const kind = textAt(event, 'involvedObject', 'kind')?.toLowerCase() ?? ''
  return `${kind}/${textAt(event, 'involvedObject', 'name') ?? ''}`
}

function source(event: KubeObject): string {
  const component = textAt(event, 'source', 'component') ?? textAt(event, 'reportingComponent')
  const instance = textAt(event, 'source', 'host') ?? textAt(event, 'reportingInstance')
  return [component ?? '', ...(instance === undefined ? [] : [instance])].join(', ')
}

/** Columns of the stored shape, core/v1. */
export const eventColumns = columnsBeforeName(
  ['Last Seen', lastSeen],
  ['Type', (event) => textAt(event, 'type') ?? ''],
  ['Reason', (event) => textAt(event, 'reason') ?? ''],
  ['Object', objectText],
  ['Subobject', (event) => textAt(event, 'involvedObject', 'fieldPath') ?? '', 'wide'],
  ['Source', source, 'wide'],
  ['Message', (event) => textAt(event, 'message')?.trim() ?? ''],
  ['First Seen', firstSeen, 'wide'],
  ['Count', count, 'wide'],
)
