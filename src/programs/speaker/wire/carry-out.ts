import type { Effect } from '../../../core/election/effect.ts'
import type { HeartbeatKeys } from '../../../platform/network/heartbeat-key.ts'
import type { Counters } from '../counters.ts'
import type { FromWire } from '../messages.ts'
import { beat } from './beat.ts'
import type { Holdings } from './holdings.ts'
import type { Links } from './links.ts'
import type { Questions } from './questions.ts'
import { sendProbe } from './send-probe.ts'
import { bootTimeMs } from '../../../platform/network/libc.ts'

type Of<K extends Effect['kind']> = Extract<Effect, { kind: K }>

/** What core's effects act on. */
export interface Surroundings {
  readonly links: Links
  readonly counters: Counters
  readonly keys: HeartbeatKeys
  readonly tell: (message: FromWire) => void
  readonly holdings: Holdings
  readonly questions: Questions
}

/** Does what core decided, in its order; all first forms of a batch of announcements before any second form. */
export function carryOut(effects: readonly Effect[], around: Surroundings): void {
  const announcements = effects.filter((effect) => effect.kind === 'announce')
  for (const effect of effects) {
    if (effect.kind !== 'announce') perform(effect, around)
    else if (effect === announcements[0]) around.holdings.announce(announcements)
  }
}

function perform(effect: Exclude<Effect, Of<'announce'>>, around: Surroundings): void {
  if ('interface' in effect) return performOn(effect, around)
  switch (effect.kind) {
    case 'holdings':
      return hold(effect, around)
    case 'peers':
      return around.tell({ kind: 'peers', peers: effect.peers.map(onTheWallClock) })
    case 'estranged':
      return around.tell({ kind: 'estranged', estranged: effect.estranged.map(onTheWallClock) })
    case 'quiet':
    case 'twins':
    case 'left':
      return around.tell(effect)
    default:
      return effect satisfies never
  }
}

function performOn(effect: Of<'heartbeat' | 'conflict' | 'refused' | 'ask'>, around: Surroundings): void {
  switch (effect.kind) {
    case 'heartbeat':
      return beat(effect, around)
    case 'conflict':
      around.counters.count('foreign claim')
      return around.questions.hearClaim(effect)
    case 'refused':
      return around.counters.count(`heartbeat ${effect.reason}`)
    case 'ask':
      return sendProbe(effect, around)
    default:
      return effect satisfies never
  }
}

/** Points in time leave this thread as wall-clock time: another thread's monotonic clock has another zero. */
function onTheWallClock<T extends { readonly since: number }>(seen: T): T {
  return { ...seen, since: Date.now() - (bootTimeMs() - seen.since) }
}

function hold({ answering, changed }: Of<'holdings'>, { tell, holdings }: Surroundings): void {
  holdings.hold(answering)
  tell({ kind: 'holdings', answering, changed, at: Date.now() })
}
