import { addressOf } from '../../src/core/election/key.ts'
import type { Key } from '../../src/core/election/key.ts'
import { formatAddress } from '../../src/core/ip/address.ts'
import type { Client, Neighbour } from './client.ts'
import { reachedBy, usesEveryMs, useTable } from './client.ts'
import { isSoundToClients, reach } from './lan.ts'
import type { Machine } from './machine.ts'
import { answerersFor } from './truth.ts'
import type { World } from './world.ts'

/** Whom the clients send to, and for how long they reached nobody. */
export interface Followers {
  usedAt: number
  soundSince: number
  readonly lines: Map<Neighbour, Line>
}

interface Line {
  who: Machine | undefined
  since: number
  /** Whether the client could hear how this one came to be the only one that answers. */
  isTold: boolean
  lostSince: number | undefined
  /** When the gaps were asked for last: what was out of reach before any fault says nothing about it. */
  wasInReach: boolean
  longestMs: number
}

/** Whoever gives way to another has been heard to do so by then, and the other one has spoken anew. */
const followedMs = 400
/** Who is heard on the wire alone is answered once a second. */
const apartMs = 1_000
const foreignMemoryMs = 60_000

export function followersOf(): Followers {
  return { usedAt: -Infinity, soundSince: 0, lines: new Map() }
}

/** Lets the clients use their tables now and then; answers what is wrong with what stands in them. */
export function followUp(followers: Followers, world: World): readonly string[] {
  if (world.now < followers.usedAt + usesEveryMs / 5) return []
  followers.usedAt = world.now
  if (!isSoundToClients(world.lan)) followers.soundSince = world.now
  return world.clients.flatMap((client) => {
    useTable(world, client)
    return [...client.neighbours].flatMap(([key, neighbour]) =>
      judge(followers, world, client, key, neighbour),
    )
  })
}

/** The longest time for which each address was out of the first client's reach, since this was asked last. */
export function takeGaps({ lines }: Followers, { clients }: World): readonly number[] {
  const [first] = clients
  const gaps: number[] = []
  const its = new Set(first?.neighbours.values())
  for (const [neighbour, line] of lines) {
    if (its.has(neighbour) && line.wasInReach) gaps.push(line.longestMs)
    Object.assign(line, { longestMs: 0, wasInReach: line.lostSince === undefined })
  }
  return gaps
}

function judge(
  followers: Followers,
  world: World,
  client: Client,
  key: Key,
  neighbour: Neighbour,
): readonly string[] {
  const line = lineOf(followers, neighbour, world.now)
  const answerers = answerersFor(world, client.end, key)
  const who = answerers.length === 1 ? answerers[0] : undefined
  measure(world, client, key, line)
  if (who !== line.who) {
    const wasInReach = line.who === undefined || reach(world.lan, client.end, line.who.end)
    Object.assign(line, { who, since: world.now, isTold: wasInReach })
  }
  if (who === undefined || !line.isTold || !isWrong(world, key, neighbour, who)) return []
  const since = Math.max(line.since, neighbour.updatedAt, followers.soundSince)
  const boundMs = followedMs + (world.now < world.deafAt + 3 * apartMs ? apartMs : 0)
  if (world.now - since < boundMs || followers.soundSince > line.since - 200) return []
  const text = formatAddress(addressOf(key))
  return [`${client.name} sends for ${text} to another node than ${who.name}, which alone answers`]
}

/** True when what the table says is not so, and nobody who is none of ours has had a hand in it. */
function isWrong({ foreignUntil, now }: World, key: Key, { state, mac }: Neighbour, who: Machine): boolean {
  if (state === 'failed' || state === 'incomplete' || mac === who.mac) return false
  return (foreignUntil.get(addressOf(key).value) ?? -Infinity) <= now - foreignMemoryMs
}

function lineOf({ lines }: Followers, neighbour: Neighbour, now: number): Line {
  const known = lines.get(neighbour)
  if (known !== undefined) return known
  const line: Line = {
    who: undefined,
    since: now,
    isTold: false,
    lostSince: undefined,
    wasInReach: false,
    longestMs: 0,
  }
  lines.set(neighbour, line)
  return line
}

function measure(world: World, client: Client, key: Key, line: Line): void {
  if (reachedBy(world, client, key) !== undefined) {
    line.lostSince = undefined
    return
  }
  line.lostSince ??= world.now
  line.longestMs = Math.max(line.longestMs, world.now - line.lostSince)
}
