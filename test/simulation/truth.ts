import type { Key } from '../../src/core/election/key.ts'
import { dutiesOf } from './api-server.ts'
import type { End, Lan } from './lan.ts'
import { passes, reach } from './lan.ts'
import type { Machine } from './machine.ts'
import { announces, answers, isAwake, missed, segmentStateOf } from './machine.ts'
import type { World } from './world.ts'

/*
 * What is the case, as only somebody knows who sees all machines and the whole LAN at once.
 */

/** True when heartbeats go both ways between the two, and each can believe what the other signs. */
export function hearEachOther({ lan }: World, a: Machine, b: Machine): boolean {
  if (a === b) return true
  if (!reach(lan, a.end, b.end, 'heartbeat') || isKeptBack(lan, a) || isKeptBack(lan, b)) return false
  return haveKeyInCommon(a, b)
}

/** True when everything goes both ways between the two but heartbeats that are believed. */
export function hearOnTheWireAlone(world: World, a: Machine, b: Machine): boolean {
  const { lan } = world
  if (a === b || hearEachOther(world, a, b) || isKeptBack(lan, a) || isKeptBack(lan, b)) return false
  return reach(lan, a.end, b.end)
}

/** True when there are two of these, or a switch that filters and would make two. */
export function hasDeaf(world: World): boolean {
  const { lan, machines } = world
  return lan.filtered.size > 0 || machines.some((a) => machines.some((b) => hearOnTheWireAlone(world, a, b)))
}

function isKeptBack({ keptBack }: Lan, { end }: Machine): boolean {
  return keptBack.has(end.number)
}

/** True when it has read what the API server has: what is to be announced, and whose MACs are whose. */
export function isUpToDate({ api, machines }: World, { hasApi, hasNews, process }: Machine): boolean {
  const isRead = process.toldDuties === dutiesOf(api, 0) && process.toldSpeakers === machines.length - 1
  return api.isUp && hasApi && hasNews && isRead
}

/** True when what the one says reaches the other and is believed. */
export function isHeard({ lan }: World, from: Machine, to: Machine): boolean {
  return passes(lan, from.end, to.end, 'heartbeat') && haveKeyInCommon(from, to)
}

function haveKeyInCommon({ keys: { keys: a } }: Machine, { keys: { keys: b } }: Machine): boolean {
  if (a.current[0] === b.current[0]) return true
  return [a.current, a.previous].some(
    (one) => one && [b.current, b.previous].some((other) => other?.[0] === one[0]),
  )
}

/** Groups of machines that are awake and all hear each other; those that hear only some of a group are in none. */
export function islandsOf(world: World): readonly (readonly Machine[])[] {
  const awake = world.machines.filter((machine) => isAwake(machine) && machine.end.linkUp)
  const heard = new Map(awake.map((one) => [one, awake.filter((other) => hearEachOther(world, one, other))]))
  return [...heard].flatMap(([one, island]) => {
    if (island[0] !== one) return []
    const isWhole = island.every((other) => isSameList(heard.get(other) as Machine[], island))
    return isWhole ? [island] : []
  })
}

function isSameList(a: readonly Machine[], b: readonly Machine[]): boolean {
  return a.length === b.length && a.every((one, at) => one === b[at])
}

/** Those that announce the address and are awake. */
export function announcersOf({ machines }: World, key: Key): readonly Machine[] {
  return machines.filter((machine) => isAwake(machine) && announces(machine, key))
}

/** Those that would answer this host if it asked. */
export function answerersFor({ lan, machines }: World, host: End, key: Key): readonly Machine[] {
  return machines.filter((machine) => answers(machine, key) && reach(lan, host, machine.end))
}

/** True when the machine itself knows that it may hold the address, and is past its silence. */
export function canHold(machine: Machine, key: Key): boolean {
  const segment = segmentStateOf(machine)
  if (segment === undefined || machine.process.state.leaving || segment.quietSince !== undefined) return false
  return segment.interests.get(key)?.isCandidate === true
}

/** The longest dead interval that any of them asks for now. */
export function deadIntervalOf(machines: readonly Machine[]): number {
  return missed * Math.max(50, ...machines.map((one) => segmentStateOf(one)?.pulse.promisedMs ?? 0))
}
