import type { SpeakerStatus } from '../api/speaker-status.ts'
import { ready } from '../api/names.ts'

/** The reason of a Speaker's Ready condition that the controller writes, in the place of a speaker that cannot. */
export const notHeard = 'NotHeard'

/**
 * What is written over the status of a speaker that no other one hears: it announces nothing, as far as anyone can
 * tell. Its interfaces stay. A speaker that lives all the same writes its own status again.
 */
export function notHeardStatus(since: string, now: string): SpeakerStatus {
  const message = `No other speaker has heard this one since ${since}: look at its Pod, at the node, and at the network between the nodes.`
  const condition = {
    type: ready,
    status: 'Unknown',
    reason: notHeard,
    message,
    lastTransitionTime: now,
  } as const
  const nothing = {
    announcing: [],
    peers: [],
    conflicts: [],
    foreign: [],
    estranged: [],
    heldBack: [],
    selfTest: [],
    count: 0,
    peerCount: 0,
    summary: '',
  }
  const kubeProxy = 'Unknown' as const
  return { ...nothing, kubeProxy, conditions: [condition] }
}
