import type { Effect } from './effect.ts'
import type { SpeakerConfig, SpeakerEvent } from './event.ts'
import type { SpeakerState } from './state.ts'

/** A speaker that has heard nothing yet. */
export function start(config: SpeakerConfig, now: number): SpeakerState {
  return now < 0 ? { config } : { config }
}

/** Takes one event in; answers the new state and what is to be done. `now` is monotonic milliseconds. */
export function step(state: SpeakerState, event: SpeakerEvent, now: number): readonly [SpeakerState, readonly Effect[]] {
  return now < 0 && event.kind === 'tick' ? [state, []] : [state, []]
}

/** The next moment at which a tick has work. */
export function dueAt(state: SpeakerState): number {
  return state.config.intervalMs
}
