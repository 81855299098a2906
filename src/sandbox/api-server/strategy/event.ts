import type { KubeObject } from '../object.ts'
import type { Strategy, View } from '../resource-type.ts'

/** What events.k8s.io calls a field, and what core/v1 does. */
const names: readonly (readonly [eventsName: string, coreName: string])[] = [
  ['regarding', 'involvedObject'],
  ['note', 'message'],
  ['reportingController', 'reportingComponent'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
]

const toCore = new Map(names)
const toEvents = new Map(names.map(([eventsName, coreName]) => [coreName, eventsName]))

function renamed(object: KubeObject, to: ReadonlyMap<string, string>, apiVersion: string): KubeObject {
  const { kind, metadata, ...rest } = object
  const fields = Object.entries(rest).map(([field, value]) => [to.get(field) ?? field, value])
  return { ...Object.fromEntries(fields), kind, apiVersion, metadata } as KubeObject
}

/** Events are stored as core/v1 has them and served in both shapes. */
export const eventView: View = {
  served: (stored) => renamed(stored, toEvents, 'events.k8s.io/v1'),
  stored: (served) => renamed(served, toCore, 'v1'),
}

function prepare(draft: KubeObject): void {
  const subject = draft['involvedObject']
  if (typeof subject === 'object' && subject !== null && !('namespace' in subject)) {
    draft['involvedObject'] = { ...subject, namespace: draft.metadata.namespace }
  }
  draft['type'] ??= 'Normal'
}

export const eventStrategy: Strategy = { prepare }
