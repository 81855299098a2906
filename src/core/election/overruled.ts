import type { Key } from './key.ts'
import type { Interest, SegmentState } from './state.ts'
import { precedesUs } from './turn.ts'
import type { Work } from './work.ts'

/** Whether another speaker, heard on the wire alone (voice.ts), should have the address rather than this node. */
export function isOverruled(
  { state }: Work,
  { voices }: Pick<SegmentState, 'voices'>,
  key: Key,
  { duty }: Interest,
): boolean {
  for (const { node, proof, keys } of voices.values()) {
    if (proof === undefined || !keys.has(key)) continue
    if (precedesUs(node, state.config.node, duty, key)) return true
  }
  return false
}
