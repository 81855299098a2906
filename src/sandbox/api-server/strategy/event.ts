import { type FieldProblem, invalidValue, required } from '../failure.ts'
import { equal, isObject, type KubeObject, textOf, valueAt } from '../object.ts'
import type { Strategy, View } from '../resource-type.ts'
import { qualifiedName } from '../rules/names.ts'

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
  served: (stored) => {
    const event = renamed(stored, toEvents, 'events.k8s.io/v1')
    for (const field of reporting) if (event[field] === '') delete event[field]
    return event
  },
  stored: (served) => ({ ...oldFields, ...renamed(served, toCore, 'v1') }),
}

const reporting = ['reportingController', 'reportingInstance']

/** What core/v1 writes even where it says nothing. */
const oldFields = {
  source: {},
  firstTimestamp: null,
  lastTimestamp: null,
  reportingComponent: '',
  reportingInstance: '',
}

/** Whether an Event has a time of its own, as those of the newer kind have; the older ones have times of a count. */
function isNew(draft: KubeObject): boolean {
  return Boolean(draft['eventTime'])
}

function at(draft: KubeObject, ...path: string[]): string {
  return textOf(valueAt(draft, path) ?? '')
}

const tooLong = (field: string, limit: number): FieldProblem =>
  invalidValue(field, '', `can have at most ${limit} characters`)

/** What both groups ask of an Event; `controller` is what a group calls the one who reports. */
function commonProblems(draft: KubeObject, controller: string): readonly FieldProblem[] {
  const own = at(draft, 'metadata', 'namespace')
  const subject = at(draft, 'involvedObject', 'namespace')
  const everywhere = isNew(draft) ? ['default', 'kube-system'] : ['default']
  const agrees = subject === '' ? everywhere.includes(own) : isNew(draft) || subject === own
  return [
    ...(agrees ? [] : [invalidValue('involvedObject.namespace', subject, 'does not match event.namespace')]),
    ...(isNew(draft) ? reportProblems(draft, controller) : []),
  ]
}

const limits: readonly (readonly [field: string, limit: number])[] = [
  ['reportingInstance', 128],
  ['action', 128],
  ['reason', 128],
]

function reportProblems(draft: KubeObject, controller: string): readonly FieldProblem[] {
  const reporter = at(draft, 'reportingComponent')
  return [
    ...(reporter === '' ? [required(controller)] : []),
    ...qualifiedName(reporter).map((why) => invalidValue(controller, reporter, why)),
    ...limits.flatMap(([field, limit]) => [
      ...(at(draft, field) === '' ? [required(field)] : []),
      ...(at(draft, field).length > limit ? [tooLong(field, limit)] : []),
    ]),
    ...(at(draft, 'message').length > 1024 ? [tooLong('message', 1024)] : []),
  ]
}

function seriesProblems(draft: KubeObject): readonly FieldProblem[] {
  const { series } = draft
  if (!isObject(series)) return []
  return [
    ...(Number(series['count'] ?? 0) < 2 ? [invalidValue('series.count', '', 'should be at least 2')] : []),
    ...(series['lastObservedTime'] ? [] : [required('series.lastObservedTime')]),
  ]
}

const unset = ['firstTimestamp', 'lastTimestamp', 'count', 'source'] as const

/** What events.k8s.io asks of a new Event and core/v1 never did. */
function strictProblems(draft: KubeObject): readonly FieldProblem[] {
  const type = at(draft, 'type')
  const isSet = (field: string): boolean => {
    const value = draft[field]
    return isObject(value) ? Object.keys(value).length > 0 : Boolean(value)
  }
  return [
    ...commonProblems(draft, 'reportingController'),
    ...seriesProblems(draft),
    ...(isNew(draft) ? [] : [required('eventTime')]),
    ...(type === 'Normal' || type === 'Warning'
      ? []
      : [invalidValue('type', '', `has invalid value: ${type}`)]),
    ...unset.filter(isSet).map((field) => invalidValue(field, '', 'needs to be unset')),
  ]
}

const fixed = [
  ['involvedObject'],
  ['reason'],
  ['message'],
  ['source'],
  ['firstTimestamp'],
  ['lastTimestamp'],
  ['count'],
  ['reason'],
  ['type'],
  ['eventTime'],
  ['action'],
  ['related'],
  ['reportingComponent', 'reportingController'],
  ['reportingInstance'],
] as const

/** Of an Event only how often it happened may change. */
function changeProblems(draft: KubeObject, old: KubeObject): readonly FieldProblem[] {
  const series = equal(draft['series'], old['series']) ? [] : seriesProblems(draft)
  const moved = fixed.filter(([field]) => !equal(draft[field], old[field]))
  return [
    ...commonProblems(draft, 'reportingController'),
    ...series,
    ...moved.map(([field, name = field]) =>
      invalidValue(name, draft[field] ?? nothingFor(old[field]), 'field is immutable'),
    ),
  ]
}

function nothingFor(value: unknown): unknown {
  return typeof value === 'number' ? 0 : typeof value === 'string' ? '' : null
}

export const coreEventStrategy: Strategy = {
  validate: (draft) => commonProblems(draft, 'reportingComponent'),
}

export const eventStrategy: Strategy = {
  validate: (draft, old) => (old === undefined ? strictProblems(draft) : changeProblems(draft, old)),
}
