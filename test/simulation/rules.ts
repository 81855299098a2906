import type { Effect } from '../../src/core/election/effect.ts'
import { addressOf, keyOf } from '../../src/core/election/key.ts'
import type { Key } from '../../src/core/election/key.ts'
import type { Session, SpeakerState } from '../../src/core/election/state.ts'
import { formatAddress } from '../../src/core/ip/address.ts'
import type { Heartbeat } from '../../src/core/wire/heartbeat.ts'
import { clockOf, intervalMs, missed, nic, segmentStateOf } from './machine.ts'
import type { Machine } from './machine.ts'
import { strengthOfBid } from './strength.ts'
import type { Step, World } from './world.ts'

/*
 * What every single step of a speaker is held against: that it takes a packet in once, takes nobody for dead before
 * its time, says no more for itself than it can know, and takes nothing that was just given up to somebody else. All of
 * it is worked out from what goes in and what comes out, and not from what the speaker remembers.
 */

const onTimeMs = 15
const enoughOnTime = 35

/** What is wrong about a step, in words; mostly nothing. */
export function misdeedsOf(world: World, machine: Machine, step: Step): readonly string[] {
  const { event, before, effects } = step
  const wrong: string[] = []
  if (event.kind === 'heartbeat') wrong.push(...hear(world, machine, event.heartbeat, step))
  for (const effect of effects) {
    if (effect.kind === 'peers') {
      wrong.push(...lose(world, machine, effect, before))
      machine.process.known.peers = new Set(effect.peers.map(({ node }) => node))
    }
    if (effect.kind === 'heartbeat') wrong.push(...promise(world, machine, effect.heartbeat))
    if (effect.kind === 'holdings') wrong.push(...hold(world, machine, effect))
  }
  return [...wrong, ...boast(world, machine)].map((words) => `${machine.name} ${words}`)
}

/** Notes what the speaker was told, and looks whether it believed what it should not. */
function hear(
  world: World,
  machine: Machine,
  heartbeat: Heartbeat,
  { before, effects }: Step,
): readonly string[] {
  const { known } = machine.process
  const { nonce, sequence, node } = heartbeat
  if (effects.some(({ kind }) => kind === 'refused')) return []
  if (node === machine.name || before.segments.get(nic)?.segment.up !== true) return []
  const isTwice = sequence <= (known.taken.get(nonce) ?? -1)
  known.taken.set(nonce, Math.max(sequence, known.taken.get(nonce) ?? -1))
  known.heardAt.set(node, world.now)
  known.promisedMs.set(node, heartbeat.intervalMs)
  const ours = before.segments.get(nic)?.nonce
  if (heartbeat.hears.some((hearing) => hearing.nonce === ours))
    known.echoedAt.set(nonce, clockOf(machine, world.now))
  noteGivenUp(machine, heartbeat, before, clockOf(machine, world.now))
  return isTwice ? [`takes packet ${sequence} of ${node} in a second time`] : []
}

/** A live peer that gives an address up, or yields it to a successor, knows somebody who has it. */
function noteGivenUp(machine: Machine, heartbeat: Heartbeat, before: SpeakerState, now: number): void {
  const session = before.segments.get(nic)?.sessions.get(heartbeat.nonce)
  const { givenUpAt } = machine.process.known
  for (const { address, leaving } of heartbeat.bids) if (!leaving) givenUpAt.delete(keyOf(address))
  if (session?.liveSince === undefined || heartbeat.leaving || session.quiet) return
  const yielded = heartbeat.bids.filter(({ yielding }) => yielding).map(({ address }) => keyOf(address))
  const withdrawn = heartbeat.withdrawn.map(keyOf).filter((key) => {
    const bid = session.bids.get(key)
    return bid !== undefined && (bid.yielding || !bid.leaving)
  })
  for (const key of [...yielded, ...withdrawn]) {
    if (!isHeldByOther(before, session, key)) givenUpAt.set(key, now)
  }
}

function isHeldByOther({ segments }: SpeakerState, session: Session, key: Key): boolean {
  const sessions = [...(segments.get(nic)?.sessions.values() ?? [])]
  return sessions.some((other) => {
    return other !== session && other.liveSince !== undefined && other.bids.get(key)?.leaving === false
  })
}

/** Who has long been on time again promises no more than the next beat. */
function promise(world: World, machine: Machine, heartbeat: Heartbeat): readonly string[] {
  const { known } = machine.process
  const now = clockOf(machine, world.now)
  const isLate = now - known.beatAt > intervalMs + onTimeMs
  known.onTime = isLate ? 0 : known.onTime + 1
  known.beatAt = now
  if (known.onTime <= enoughOnTime || heartbeat.intervalMs <= intervalMs) return []
  return [`promises ${heartbeat.intervalMs} ms, and has been on time for ${enoughOnTime} beats`]
}

/** Who is gone from the list of peers must have been silent for as long as it promised not to be. */
function lose(
  world: World,
  machine: Machine,
  { peers }: Extract<Effect, { kind: 'peers' }>,
  before: SpeakerState,
): readonly string[] {
  const { known } = machine.process
  const left = new Set(peers.map(({ node }) => node))
  const sessions = [...(before.segments.get(nic)?.sessions.values() ?? [])]
  if (segmentStateOf(machine)?.segment.up !== true) return []
  return sessions.flatMap(({ node, nonce, liveSince }) => {
    if (liveSince === undefined || left.has(node)) return []
    const silentMs = clockOf(machine, world.now) - (known.echoedAt.get(nonce) ?? -Infinity)
    const promised = Math.min(known.promisedMs.get(node) ?? intervalMs, 4 * intervalMs)
    return silentMs >= promised * missed - 1
      ? []
      : [`takes ${node} for dead after ${Math.round(silentMs)} ms`]
  })
}

function hold(
  world: World,
  machine: Machine,
  { answering, changed }: Extract<Effect, { kind: 'holdings' }>,
): readonly string[] {
  const segment = segmentStateOf(machine)
  const { givenUpAt } = machine.process.known
  const now = clockOf(machine, world.now)
  const notHeld = answering.filter(({ address }) => segment?.holdings.has(keyOf(address)) !== true)
  const unwanted = answering.filter(({ address }) => segment?.interests.has(keyOf(address)) !== true)
  const hasty = changed.filter(({ to, cause, address }) => {
    const isTaken = to === 'announcing' && (cause === 'elected' || cause === 'stoodIn')
    return isTaken && now < (givenUpAt.get(keyOf(address)) ?? -Infinity) + missed * intervalMs - 1
  })
  const conceded = changed.filter(({ to, cause }) => to === 'yielding' && cause === 'outbid')
  const needless = conceded.filter(({ address }) => !isOutbid(machine, keyOf(address)))
  return [
    ...needless.map(({ address }) => `gives way about ${formatAddress(address)} to a lesser bid`),
    ...notHeld.map(({ address }) => `answers for ${formatAddress(address)} and does not bid for it`),
    ...unwanted.map(({ address }) => `answers for ${formatAddress(address)}, which nobody wants announced`),
    ...hasty.map(
      ({ address }) => `takes ${formatAddress(address)}, which a peer gave up to somebody else a moment ago`,
    ),
  ]
}

/** True when a live peer's bid is as great as our own, or greater. */
function isOutbid(machine: Machine, key: Key): boolean {
  const segment = segmentStateOf(machine)
  const own = segment?.holdings.get(key)?.bid
  if (segment === undefined || own === undefined) return false
  return [...segment.sessions.values()].some(({ liveSince, quiet, leaving, bids }) => {
    const bid = bids.get(key)
    if (liveSince === undefined || quiet || leaving || bid === undefined || bid.leaving) return false
    return strengthOfBid(bid) >= strengthOfBid(own)
  })
}

/** Nobody says more for itself than it hears, or speaks before it has listened. */
function boast(world: World, machine: Machine): readonly string[] {
  const segment = segmentStateOf(machine)
  if (segment === undefined) return []
  const { answering, awakeSince, known } = machine.process
  const live = known.peers.size
  const wrong: string[] = []
  for (const [key, { bid }] of segment.holdings) {
    if (!bid.leaving && bid.support > live + 1)
      wrong.push(`claims a support of ${bid.support} for ${textOf(key)} and hears ${live}`)
  }
  const listens = world.now < awakeSince + missed * intervalMs * 0.98 - 5
  if (listens && answering.size > 0) wrong.push('answers before it has listened')
  return wrong
}

function textOf(key: Key): string {
  return formatAddress(addressOf(key))
}
