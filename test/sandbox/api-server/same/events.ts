import { get, merge, post, type Row, table } from './steps.ts'

const event = (rest: object = {}, metadata: object = {}): object => ({
  metadata: { name: 'web.1', ...metadata },
  eventTime: '2025-01-01T00:00:00.000000Z',
  type: 'Normal',
  reason: 'Assigned',
  action: 'Allocate',
  note: 'assigned 192.0.2.1',
  reportingController: 'lanlord.dev/controller',
  reportingInstance: 'a',
  regarding: { apiVersion: 'v1', kind: 'Service', name: 'web', namespace: '{ns}', uid: 'u1' },
  ...rest,
})
const old = (rest: object = {}): object => ({
  metadata: { name: 'web.2' },
  involvedObject: { kind: 'Service', name: 'web', namespace: '{ns}' },
  reason: 'Old',
  message: 'it is',
  type: 'Warning',
  source: { component: 'kubelet', host: 'n1' },
  firstTimestamp: '2025-01-01T00:00:00Z',
  lastTimestamp: '2025-01-01T00:00:00Z',
  count: 3,
  ...rest,
})

export const eventRows: readonly Row[] = [
  {
    title: 'an Event of the new kind',
    steps: [
      post('events', event()),
      get('coreevents/web.1'),
      get('events'),
      get('coreevents'),
      merge('events/web.1', { series: { count: 2, lastObservedTime: '2025-01-01T00:00:01.000000Z' } }),
      get('coreevents/web.1'),
      merge('events/web.1', { note: 'other' }),
      merge('events/web.1', { reason: 'Other' }),
      get('coreevents?fieldSelector=involvedObject.uid%3Du1'),
      get('events?fieldSelector=regarding.uid%3Du1'),
      get('coreevents?fieldSelector=involvedObject.kind%3DService,type%3DNormal'),
      get('coreevents?fieldSelector=note%3Dx'),
      get('coreevents?fieldSelector=reason!%3DAssigned'),
    ],
  },
  {
    title: 'an Event of the old kind',
    steps: [
      post('coreevents', old()),
      get('events/web.2'),
      merge('coreevents/web.2', { count: 4, message: 'still' }),
      merge('events/web.2', { deprecatedCount: 5 }),
    ],
  },
  {
    title: 'an Event with nothing in it',
    steps: [
      post('events', { metadata: { name: 'a' } }),
      post('coreevents', { metadata: { name: 'a' } }),
      post('coreevents', { metadata: { name: 'a' }, involvedObject: {} }),
    ],
  },
  ...(
    [
      ['no time', { eventTime: undefined }],
      ['no controller', { reportingController: undefined }],
      ['a controller that is none', { reportingController: 'a b' }],
      ['no instance', { reportingInstance: undefined }],
      ['no action', { action: '' }],
      ['no reason', { reason: undefined }],
      ['another type', { type: 'Odd' }],
      ['no type', { type: undefined }],
      ['a long note', { note: 'x'.repeat(1025) }],
      ['a long reason', { reason: 'x'.repeat(129) }],
      ['a long action', { action: 'x'.repeat(129) }],
      ['another namespace', { regarding: { kind: 'Service', name: 'web', namespace: 'elsewhere' } }],
      ['no namespace', { regarding: { kind: 'Node', name: 'n1' } }],
      ['a series of one', { series: { count: 1, lastObservedTime: '2025-01-01T00:00:00.000000Z' } }],
      ['old fields', { deprecatedCount: 1, deprecatedSource: { component: 'x' } }],
      ['a time without fraction', { eventTime: '2025-01-01T00:00:00Z' }],
    ] as const
  ).map(([what, rest]): Row => ({ title: `an Event with ${what}`, steps: [post('events', event(rest))] })),
  {
    title: 'a table of Events',
    steps: [
      post(
        'coreevents',
        old({
          firstTimestamp: undefined,
          lastTimestamp: undefined,
          eventTime: '2025-01-01T00:00:00.000000Z',
          reportingComponent: 'x',
          reportingInstance: 'y',
          action: 'z',
        }),
      ),
      table('coreevents'),
      table('events'),
    ],
  },
]
