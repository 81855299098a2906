import type { Allocation } from './allocation.ts'
import { compareClaims } from './claim.ts'
import type { Claim } from './claim.ts'
import { decide, waitsFor } from './decide.ts'
import { heldAfter } from './decision.ts'
import type { Decision } from './decision.ts'
import { hold, holdingOf, letGo } from './ledger.ts'
import type { Ledger } from './ledger.ts'
import { withWords } from './moved.ts'
import { openedBy } from './opened.ts'
import type { Opened } from './opened.ts'
import type { Topic } from './topics.ts'
import { wait } from './waiting.ts'
import type { WaitList } from './wait-list.ts'

/*
 * Who is answered anew when something changes. A change opens topics; those that wait for any of them are answered, the
 * oldest first, as long as anything is left for them; and what they give up for it opens topics in turn. When nothing
 * is left, a few more of those that wait are answered all the same, for people read why they wait, and that is
 * another reason now. There is a bound to that, so that no change costs more because more are waiting.
 */

/** How many are answered anew though nothing is left. */
const toldWhy = 8

/** One topic that is open. */
interface Opening {
  readonly isLeft: () => boolean
  tries: number
}

const none: Opened = new Map()

type Agenda = Map<Topic, Opening>

/** Decides the claim, and then those that waited for what it gave up, until nothing changes any more. */
export function serve(allocation: Allocation, claim: Claim, decided: Map<string, Decision>): void {
  serveOpened(allocation, decideOne(allocation, claim, decided), decided)
}

/** Serves those that wait for any of these, until nothing changes any more. */
export function serveOpened(allocation: Allocation, opened: Opened, decided: Map<string, Decision>): void {
  const agenda: Agenda = new Map()
  open(allocation, agenda, opened)
  for (let next = nextOf(allocation, agenda); next; next = nextOf(allocation, agenda)) {
    for (const [topic, opening] of agenda) {
      if (allocation.waiting.lists.get(topic)?.setAside(next.key) === true) opening.tries++
    }
    open(allocation, agenda, decideOne(allocation, next, decided))
  }
}

function open({ waiting }: Allocation, agenda: Agenda, opened: Opened): void {
  for (const [topic, isLeft] of opened) {
    const list = waiting.lists.get(topic)
    if (!list) continue
    list.restore()
    agenda.set(topic, { isLeft, tries: 0 })
  }
}

/** The oldest that waits for anything on the agenda; what has nothing left is taken off. */
function nextOf({ waiting }: Allocation, agenda: Agenda): Claim | undefined {
  let oldest: Claim | undefined
  for (const [topic, { isLeft, tries }] of agenda) {
    const list: WaitList | undefined = waiting.lists.get(topic)
    const first = tries < toldWhy || isLeft() ? list?.oldest : undefined
    if (!first) agenda.delete(topic)
    else if (!oldest || compareClaims(first, oldest) < 0) oldest = first
  }
  return oldest
}

function decideOne(allocation: Allocation, claim: Claim, decided: Map<string, Decision>): Opened {
  const { pools, ledger, decisions, waiting } = allocation
  const before = ledger.holdings.get(claim.key)
  const decision = withWords(allocation, claim, decide(claim, pools, ledger))
  record(ledger, claim, decision)
  wait(waiting, claim, waitsFor(claim, decision, pools, ledger), decision.kind === 'refuse')
  decisions.set(claim.key, decision)
  decided.set(claim.key, decision)
  return waiting.lists.size === 0 ? none : openedBy(ledger, before, ledger.holdings.get(claim.key))
}

function record(ledger: Ledger, claim: Claim, decision: Decision): void {
  const addresses = heldAfter(decision)
  if (decision.kind === 'release' || addresses.length === 0) letGo(ledger, claim.key)
  else hold(ledger, holdingOf(claim, addresses, decision.pool))
}
