import { manyEstranged } from '../../core/api/speaker-status.ts'
import type { Estranged } from '../../core/election/effect.ts'
import type { SpeakerEstranged } from '../../core/election/estranged-words.ts'
import type { Stranger } from '../../core/election/strangers.ts'
import { formatMac } from '../../core/wire/ethernet.ts'
import type { WireFacts } from './wire-facts.ts'

/** One of them, and since when, in wall-clock milliseconds. */
export type EstrangedSince = SpeakerEstranged & { readonly since: number }

/** All who are noticed and are no peers, those of this cluster first; as many as fit into a status. */
export function estrangedOf(
  { estranged, strangers }: Pick<WireFacts, 'estranged' | 'strangers'>,
  nodeOf: (mac: bigint) => string | undefined,
): readonly EstrangedSince[] {
  const unknown = strangers.map((each) => strangerOf(each, nodeOf(each.mac)))
  const ours = unknown.filter(({ node }) => node !== undefined)
  const others = unknown.filter(({ node }) => node === undefined)
  return [...ours, ...estranged.map(peerOf), ...others].slice(0, manyEstranged)
}

function peerOf({ reason, interface: name, node, since }: Estranged): EstrangedSince {
  return { reason, interface: name, node, since }
}

function strangerOf(
  { interface: name, mac, says, since }: Stranger,
  node: string | undefined,
): EstrangedSince {
  const known = { ...(node !== undefined && { node }), ...(says !== undefined && { says }) }
  return { reason: 'UnknownKey', interface: name, mac: formatMac(mac), ...known, since }
}
