import { addressOf } from '../../src/core/election/key.ts'
import type { Key } from '../../src/core/election/key.ts'
import { formatAddress } from '../../src/core/ip/address.ts'
import { dutiesOf } from './api-server.ts'
import type { FaultKind } from './faults.ts'
import { isSound, reach } from './lan.ts'
import { isAwake, missed, intervalMs, segmentStateOf } from './machine.ts'
import type { Machine } from './machine.ts'
import { announcersOf, answerersFor, canHold } from './truth.ts'
import type { Step, World } from './world.ts'

/*
 * What may come of one fault that befalls a cluster in which everything was as it should be. That is much less than what
 * may come of many at once: after a sudden end an address is missing for a dead interval and hardly longer, a planned move
 * leaves no moment without an answer, most things change nothing at all, and no other address is touched.
 */

/** What is expected until the next fault. */
export interface Expectation {
  readonly kind: FaultKind
  /** The machine that it befell: cut off from the others, it stands in for them on its own side. */
  readonly victim: Machine
  /** Who announced each address before. */
  readonly holders: ReadonlyMap<Key, Machine>
  /** Addresses that may move, each with how long it may be without an answer from the fault on. */
  readonly mayMove: ReadonlyMap<Key, number>
  readonly unansweredSince: Map<Key, number>
}

/** The tick of whoever notices may be late, and frames take their time. */
const lateMs = 40
const planMs = 10
const settledMs = 900

const sudden: ReadonlySet<FaultKind> = new Set([
  'crash',
  'powerOff',
  'unplug',
  'isolate',
  'freeze',
  'suspend',
] as const)
const changesNothing: ReadonlySet<FaultKind> = new Set([
  'late',
  'doubled',
  'drift',
  'outage',
  'noApi',
  'hang',
  'controllerCrash',
  'rotateKey',
  'replaceKey',
  'replay',
  'forge',
  'offLink',
  'foreign',
  'uncordon',
  'heal',
  'plug',
  'boot',
  'resume',
  'apiBack',
] as const)

/** True when everything has been as it should be for a while. */
export function isWhole(world: World): boolean {
  const { api, lan, machines, now, controller } = world
  if (!api.isUp || !controller.isUp || !isSound(lan) || now < world.changedAt + settledMs) return false
  if (now < world.busyUntil) return false
  return machines.every((one) => isWell(world, one)) && hasSettled(world)
}

function isWell({ api, now, machines }: World, machine: Machine): boolean {
  const { end, hasApi, hasNews, viewAge, starvedUntil, process } = machine
  if (!isAwake(machine) || !end.linkUp || !hasApi || !hasNews || viewAge > 0) return false
  const segment = segmentStateOf(machine)
  if (starvedUntil + 3_000 > now || segment === undefined || segment.pulse.promisedMs !== intervalMs)
    return false
  return process.toldDuties === dutiesOf(api, 0) && process.known.peers.size === machines.length - 1
}

function hasSettled(world: World): boolean {
  return dutiesOf(world.api, 0).every(({ address, placement, candidates }) => {
    const key = world.api.leases.find((lease) => lease.address === address)?.key as Key
    const names = announcersOf(world, key).map(({ name }) => name)
    if (candidates.length === 0) return names.length === 0
    return names.length === 1 && names[0] === placement?.node
  })
}

/** What is expected of a fault; nothing in particular of those that end in more than one way. */
export function expect(world: World, kind: FaultKind, one: Machine): Expectation | undefined {
  const holders = new Map<Key, Machine>()
  for (const { key, isHeld } of world.api.leases) {
    const [holder] = announcersOf(world, key)
    if (isHeld && holder !== undefined) holders.set(key, holder)
  }
  const mayMove = movesOf(world, kind, one, holders)
  return mayMove === undefined
    ? undefined
    : { kind, victim: one, holders, mayMove, unansweredSince: new Map() }
}

function movesOf(
  world: World,
  kind: FaultKind,
  one: Machine,
  holders: ReadonlyMap<Key, Machine>,
): ReadonlyMap<Key, number> | undefined {
  const ofAll = (keys: Iterable<Key>, ms: number): ReadonlyMap<Key, number> =>
    new Map([...keys].map((key) => [key, ms]))
  const its = [...holders].filter(([, holder]) => holder === one).map(([key]) => key)
  if (changesNothing.has(kind)) return new Map()
  if (sudden.has(kind)) return ofAll(its, missed * intervalMs + lateMs - (world.now - one.process.beatAt))
  // It only believes that it was away: the others hear it all the while, and leave it as long as it now
  // promises to take, which is four times as long as usual.
  if (kind === 'clockJump') return ofAll(its, 4 * missed * intervalMs + lateMs)
  // Who does not run does not answer, as short as it may be.
  if (kind === 'hiccup') return ofAll(its, 70)
  if (kind === 'leave' || kind === 'cordon') return ofAll(its, planMs)
  if (kind === 'rolling' || kind === 'move' || kind === 'endpoints') return ofAll(holders.keys(), planMs)
  return undefined
}

/** Holds what the speaker does against it. */
export function judgeStep(
  { kind, victim, holders, mayMove }: Expectation,
  machine: Machine,
  { effects }: Step,
): readonly string[] {
  if (kind === 'isolate' && machine === victim) return []
  return effects.flatMap((effect) => {
    if (effect.kind !== 'holdings') return []
    return effect.changed.flatMap(({ to, address, cause }) => {
      const key = keyIn(holders, address)
      if (key === undefined || mayMove.has(key) || to === 'yielding') return []
      const isSame = (to === 'announcing') === (holders.get(key) === machine)
      const words = `${machine.name} is ${to} (${cause}) about ${formatAddress(address)} upon ${kind}, which is no reason`
      return isSame ? [] : [words]
    })
  })
}

function keyIn(
  holders: ReadonlyMap<Key, Machine>,
  address: { readonly family: string; readonly value: bigint },
): Key | undefined {
  const key = address.family === 'IPv4' ? Number(address.value) : address.value
  return holders.has(key) ? key : undefined
}

/** Looks whether the first client is answered. */
export function judgeAnswers(
  { kind, holders, mayMove, unansweredSince }: Expectation,
  world: World,
): readonly string[] {
  const host = world.clients[0]?.end
  if (host === undefined) return []
  return [...holders.keys()].flatMap((key) => {
    const isAnswered = answerersFor(world, host, key).length > 0
    const isPossible = world.machines.some(
      (one) =>
        isWanted(world, key, one) && isAwake(one) && canHold(one, key) && reach(world.lan, host, one.end),
    )
    if (isAnswered || !isPossible) unansweredSince.delete(key)
    else if (!unansweredSince.has(key)) unansweredSince.set(key, world.now)
    const forMs = world.now - (unansweredSince.get(key) ?? world.now)
    const boundMs = mayMove.get(key) ?? planMs
    if (forMs <= boundMs) return []
    return [
      `${formatAddress(addressOf(key))} is without an answer for more than ${Math.round(boundMs)} ms upon ${kind}`,
    ]
  })
}

/** Whether the API server says so, which not everyone has heard yet. */
function isWanted({ api }: World, key: Key, { name, end }: Machine): boolean {
  const lease = api.leases.find((each) => each.key === key)
  return end.linkUp && lease?.isHeld === true && lease.candidates.some(({ node }) => node === name)
}
