import type { Heartbeat } from '../../../src/core/wire/heartbeat.ts'
import type { Lan } from './lan.ts'

/** What a speaker makes of a heartbeat, in short. */
export function heardBy(lan: Lan, name: string, heartbeat: Heartbeat): readonly string[] {
  const effects = lan.tell(name, { kind: 'heartbeat', interface: 'eth0', heartbeat })
  return effects.map((effect) => (effect.kind === 'refused' ? `refused: ${effect.reason}` : effect.kind))
}

/** A heartbeat out of the blue, saying nothing. */
export function strange(change: Partial<Heartbeat> = {}): Heartbeat {
  const flags = { leaving: false, quiet: false, contact: true }
  const lists = { hears: [], bids: [], withdrawn: [], page: undefined }
  return { node: 'n9', nonce: 9n, sequence: 1, intervalMs: 50, digest: 0, ...flags, ...lists, ...change }
}

/** The heartbeat that a speaker sent last. */
export function lastOf(lan: Lan, name: string): Heartbeat {
  return lan.effectsOf(name, 'heartbeat').at(-1)?.heartbeat as Heartbeat
}
