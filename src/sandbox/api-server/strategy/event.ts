import { type FieldProblem, required, unsupported } from '../failure.ts'
import { type KubeObject, textOf } from '../object.ts'
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

function fillIn(draft: KubeObject): void {
  const subject = draft['involvedObject']
  if (typeof subject === 'object' && subject !== null && !('namespace' in subject)) {
    draft['involvedObject'] = { ...subject, namespace: draft.metadata.namespace }
  }
  draft['type'] ??= 'Normal'
  // Kubernetes always writes them, and kubectl cannot sort by a field that is absent.
  draft['firstTimestamp'] ??= null
  draft['lastTimestamp'] ??= null
}

/** What events.k8s.io asks of a new Event and core/v1 never did. */
function validate(draft: KubeObject, old: KubeObject | undefined): readonly FieldProblem[] {
  if (old !== undefined) return []
  const wanted = ['eventTime', 'reportingComponent', 'reportingInstance', 'action', 'reason']
  const missing = wanted
    .filter((field) => !draft[field])
    .map((field) => required(toEvents.get(field) ?? field))
  const types = ['Normal', 'Warning']
  const isKnown = types.includes(textOf(draft['type']))
  return isKnown ? missing : [...missing, unsupported('type', draft['type'], types)]
}

export const coreEventStrategy: Strategy = { fillIn }
export const eventStrategy: Strategy = { fillIn, validate }
