import type { SpeakerConfig } from './event.ts'

/** A speaker's whole memory. Opaque outside core/election; never changed in place. */
export interface SpeakerState {
  readonly config: SpeakerConfig
}
