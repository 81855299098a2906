import { timingSafeEqual } from 'node:crypto'
import type { HeartbeatKeys } from '../../platform/network/heartbeat-key.ts'

/*
 * A Secret that is changed reaches the nodes within about a minute, at another moment on each. A key that is gone from
 * the files here may be the only one that another speaker has yet; so it is used beside the new one for a while longer.
 * Then even a key that is simply replaced, or a second change that follows on the first too soon, splits nobody.
 */
export const lingerMs = 180_000

/** The keys in use, and what they come from. */
export interface KeyRing {
  readonly keys: HeartbeatKeys
  /** As the files had them last. */
  readonly files: HeartbeatKeys
  /** Until when a key is used that is gone from the files; Infinity when there is none. */
  readonly lingersUntil: number
}

/** A process that starts knows no former key. */
export function newRing(files: HeartbeatKeys): KeyRing {
  return { keys: files, files, lingersUntil: Infinity }
}

/** The ring after the files were read at `now`; the same one when nothing has changed. */
export function turned(ring: KeyRing, files: HeartbeatKeys, now: number): KeyRing {
  if (isSameKeys(ring.files, files)) return now < ring.lingersUntil ? ring : newRing(files)
  const former = files.previous ? undefined : formerKey(ring.keys, files.current)
  if (!former) return newRing(files)
  return { keys: { current: files.current, previous: former }, files, lingersUntil: now + lingerMs }
}

function formerKey({ current, previous }: HeartbeatKeys, newest: Uint8Array): Uint8Array | undefined {
  return isSame(current, newest) ? previous : current
}

function isSameKeys(a: HeartbeatKeys, b: HeartbeatKeys): boolean {
  return isSame(a.current, b.current) && isSame(a.previous, b.previous)
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (!a || !b) return a === b
  return a.length === b.length && timingSafeEqual(a, b)
}
