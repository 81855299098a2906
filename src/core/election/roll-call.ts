/*
 * Who is there, as far as the API server can tell. Speakers know better and sooner (they hear each other's
 * heartbeats), and settle among themselves who stands in; the controller only has to know to whom it can give
 * addresses. A dead speaker's status goes on saying what it last said, so a speaker counts as present when
 * another one says that it hears it, or when it is the only one and says that it hears nobody.
 */

/** What a Speaker object and its Node say. */
export interface Attendant {
  readonly node: string
  readonly ready: boolean
  readonly nodeReady: boolean
  readonly peers: readonly string[]
}

/** Present: gets addresses. Away: was present until a moment ago; keeps what it has and gets nothing. */
export interface Presence {
  readonly state: 'present' | 'away' | 'gone'
  readonly since: number
  /** Whether it was heard, or had time for that, since it became ready; one that just came is given time. */
  readonly wasHeard: boolean
}

/** What is known of each node that has a Speaker object. */
export type RollCall = ReadonlyMap<string, Presence>

/** How long a new speaker may take to be heard by the others, and how long one may be away, in milliseconds. */
export const graceMs = 3_000

/** Calls the roll anew. `now` is monotonic milliseconds. */
export function callRoll(before: RollCall, attendants: readonly Attendant[], now: number): RollCall {
  const counted = attendants.filter(({ ready }) => ready)
  return new Map(
    attendants.map((each) => {
      const former = before.get(each.node)
      return [each.node, presenceOf(each, former, isHeard(each, counted), now)]
    }),
  )
}

/** When the roll must be called again though nothing has happened; Infinity if never. */
export function rollCallDueAt(rollCall: RollCall): number {
  const pending = [...rollCall.values()].filter(({ state, wasHeard }) => {
    return state === 'away' || (state === 'present' && !wasHeard)
  })
  return Math.min(Infinity, ...pending.map(({ since }) => since + graceMs))
}

/** The nodes in one of the states. */
export function nodesIn(rollCall: RollCall, state: Presence['state']): ReadonlySet<string> {
  return new Set([...rollCall].flatMap(([node, presence]) => (presence.state === state ? node : [])))
}

/** The nodes whose speakers are heard now. */
export function heardIn(rollCall: RollCall): ReadonlySet<string> {
  return new Set([...rollCall].flatMap(([node, each]) => (isWitness(each) ? node : [])))
}

/**
 * The nodes whose speakers are gone though they did not say so, and since when nobody has heard them. None as long
 * as nobody is there who could have heard them: then it is rather our view that is wrong, as after an outage.
 */
export function silentIn(rollCall: RollCall): ReadonlyMap<string, number> {
  if (![...rollCall.values()].some(isWitness)) return new Map()
  const silent = [...rollCall].filter(([, { state, wasHeard }]) => state === 'gone' && wasHeard)
  return new Map(silent.map(([node, { since }]) => [node, since - graceMs]))
}

function isWitness({ state, wasHeard }: Presence): boolean {
  return state === 'present' && wasHeard
}

function isHeard(each: Attendant, counted: readonly Attendant[]): boolean {
  if (!each.ready) return false
  const others = counted.filter(({ node, nodeReady }) => node !== each.node && nodeReady)
  if (others.some(({ peers }) => peers.includes(each.node))) return true
  return each.nodeReady && each.peers.length === 0 && others.every(({ peers }) => peers.length === 0)
}

function presenceOf(each: Attendant, former: Presence | undefined, heard: boolean, now: number): Presence {
  if (heard) return stay(former, 'present', true, now)
  if (each.ready && isNew(former, now)) return stay(former, 'present', false, now)
  if (!former || former.state === 'gone') return stay(former, 'gone', each.ready, now)
  const away = stay(former, 'away', each.ready, now)
  return now - away.since < graceMs ? away : { state: 'gone', since: now, wasHeard: each.ready }
}

/** It came back, or was never here, and was not heard yet; not for long. */
function isNew(former: Presence | undefined, now: number): boolean {
  if (!former) return true
  return !former.wasHeard && (former.state !== 'present' || now - former.since < graceMs)
}

function stay(
  former: Presence | undefined,
  state: Presence['state'],
  wasHeard: boolean,
  now: number,
): Presence {
  return { state, since: former?.state === state ? former.since : now, wasHeard }
}
