import type { Lan } from './lan.ts'

/** The machine of a speaker stands still: nothing is read, then all at once, or as much as its sockets hold. */
export function pause(
  lan: Lan,
  name: string,
  ms: number,
  { queued = Infinity, clocksToo = false } = {},
): void {
  const unread: (() => void)[] = []
  const tell = lan.tell.bind(lan)
  lan.tell = (to, event) => {
    if (to !== name) return tell(to, event)
    unread.push(() => tell(to, event))
    return []
  }
  // A speaker that is not asked has nothing due either.
  const speaker = lan.speaker(name)
  const { state } = speaker
  speaker.state = { ...state, left: true }
  lan.run(ms)
  speaker.state = state
  lan.tell = tell
  if (clocksToo) speaker.lagMs += ms
  for (const read of unread.slice(0, queued)) read()
  lan.tell(name, { kind: 'tick' })
}
