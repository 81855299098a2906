import type { Heartbeat } from '../wire/heartbeat.ts'
import type { SpeakerState } from './state.ts'

/** What was made of the heartbeat by which the one state became the other: whether its sender is live, and whether it was taken in at all. */
export function heardAs(
  before: SpeakerState,
  after: SpeakerState,
  name: string,
  { nonce }: Pick<Heartbeat, 'nonce'>,
): 'live' | 'heard' | 'refused' {
  const session = after.segments.get(name)?.sessions.get(nonce)
  if (session === undefined || session === before.segments.get(name)?.sessions.get(nonce)) return 'refused'
  return session.liveSince === undefined ? 'heard' : 'live'
}
