import type { Claim } from './claim.ts'
import { poolIn } from './topics.ts'
import type { Topic } from './topics.ts'
import { WaitList } from './wait-list.ts'

/** Who waits for what. A claim may wait for more than it has without being refused; only refused ones are counted. */
export interface Waiting {
  readonly lists: Map<Topic, WaitList>
  readonly entries: Map<string, Entry>
  /** How many refused claims wait for something in each pool. */
  readonly counts: Map<string, number>
}

interface Entry {
  readonly topics: readonly Topic[]
  /** The pools in which it is counted. */
  readonly pools: readonly string[]
}

const nothing: Entry = { topics: [], pools: [] }

export function emptyWaiting(): Waiting {
  return { lists: new Map(), entries: new Map(), counts: new Map() }
}

/** Notes what the claim waits for from now on. */
export function wait(waiting: Waiting, claim: Claim, topics: readonly Topic[], isRefused: boolean): void {
  const { entries } = waiting
  const before = entries.get(claim.key)
  if (!before && topics.length === 0) return
  const pools = isRefused ? [...new Set(topics.map(poolIn))] : []
  replace(waiting, claim, before ?? nothing, { topics, pools })
  if (topics.length > 0) entries.set(claim.key, { topics, pools })
  else entries.delete(claim.key)
}

function replace(waiting: Waiting, claim: Claim, before: Entry, after: Entry): void {
  for (const topic of before.topics) if (!after.topics.includes(topic)) leave(waiting, topic, claim.key)
  for (const topic of after.topics) join(waiting, topic, claim)
  for (const pool of before.pools) count(waiting, pool, -1)
  for (const pool of after.pools) count(waiting, pool, 1)
}

function join({ lists }: Waiting, topic: Topic, claim: Claim): void {
  const list = lists.get(topic) ?? new WaitList()
  list.put(claim)
  lists.set(topic, list)
}

function leave({ lists }: Waiting, topic: Topic, key: string): void {
  const list = lists.get(topic)
  list?.delete(key)
  if (list?.size === 0) lists.delete(topic)
}

function count({ counts }: Waiting, pool: string, by: 1 | -1): void {
  const sum = (counts.get(pool) ?? 0) + by
  if (sum > 0) counts.set(pool, sum)
  else counts.delete(pool)
}
