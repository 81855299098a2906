import { firstTryBoundMs } from '../announcement/first-try.ts'
import type { SpeakerHeldBack } from '../election/speaker-facts.ts'
import type { Announcement } from './answered-twice.ts'

/** A node that is to announce an address and does not answer for it yet. */
export interface HeldBack extends Omit<SpeakerHeldBack, 'address'> {
  readonly node: string
}

/** What the node waits for, since when and for how long at the most, in words. */
export function heldBackText({ node, since, until, waitsFor }: HeldBack): string {
  const what =
    waitsFor === 'Forwarding'
      ? 'until it forwards what comes for it, which its kube-proxy has to be ready for'
      : 'until it is known that nobody else on the LAN has it'
  return `${node} waits ${what}, since ${since} and until ${until} at the latest`
}

/** That the address is announced though it was not seen to forward, in words; empty where that is not so. */
export function unprovenText(announcedBy: readonly Announcement[]): string {
  const nodes = announcedBy.filter(({ isUnproven }) => isUnproven).map(({ node }) => node)
  if (nodes.length === 0) return ''
  const bound = `${firstTryBoundMs / 1_000} s`
  const names = [...new Set(nodes)].toSorted().join(' and ')
  return `, announced after ${bound} though no connection from ${names} to it had come about by then`
}
