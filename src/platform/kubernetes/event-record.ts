import { createHash } from 'node:crypto'
import { microTime } from './micro-time.ts'

/** The object that an event is about. */
export interface ObjectReference {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly namespace?: string | undefined
  readonly uid?: string | undefined
  readonly resourceVersion?: string | undefined
}

export interface EventRecord {
  readonly regarding: ObjectReference
  readonly related?: ObjectReference | undefined
  readonly type: 'Normal' | 'Warning'
  /** One word, as in `kubectl describe`: `Assigned`. */
  readonly reason: string
  /** What was done or tried: `Allocate`. */
  readonly action: string
  /** For people; cut to the 1024 bytes that the API allows. */
  readonly note: string
}

/** Who says so. */
export interface Reporter {
  /** A qualified name: `lanlord.dev/controller`. */
  readonly reportingController: string
  /** The pod or process. */
  readonly reportingInstance: string
}

/** Events with the same sameness are one series. */
export function samenessOf({ regarding, type, reason, action, note }: EventRecord): string {
  const { kind, namespace = '', name, uid = '' } = regarding
  return [kind, namespace, name, uid, type, reason, action, note].join('\n')
}

/** Where the event is kept: beside its object, in `default` for one that has no namespace. */
export function namespaceOf(event: EventRecord): string {
  return event.regarding.namespace ?? 'default'
}

/** As it is sent. */
export interface EventObject {
  readonly metadata: { readonly namespace: string; readonly name: string }
  readonly [field: string]: unknown
}

/**
 * The events.k8s.io/v1 object. Its name is unique among reporters, moments and, by `sequence`, within a moment; and
 * it sorts by time, for `kubectl describe` lists Events of this group by name.
 */
export function eventObject(event: EventRecord, reporter: Reporter, at: Date, sequence: number): EventObject {
  const { regarding, related, type, reason, action } = event
  const eventTime = microTime(at)
  const source = fingerprint([reporter.reportingInstance, eventTime, String(sequence), samenessOf(event)])
  const suffix = `${hex(at.getTime(), 11)}${hex(sequence % 0x10000, 4)}${source}`
  const note = cut(event.note, 1024)
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { namespace: namespaceOf(event), name: `${regarding.name.slice(0, 230)}.${suffix}` },
    eventTime,
    ...reporter,
    reportingInstance: cut(reporter.reportingInstance, 128),
    regarding,
    ...(related && { related }),
    type,
    reason,
    action,
    note,
  }
}

function fingerprint(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 7)
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}

/** At most so many bytes of UTF-8, whole characters only. */
function cut(text: string, bytes: number): string {
  const all = Buffer.from(text, 'utf8')
  if (all.length <= bytes) return text
  return new TextDecoder().decode(all.subarray(0, bytes - 3), { stream: true }) + '…'
}
