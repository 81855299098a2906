import { firstTryBoundMs } from './first-try.ts'
import type { FirstTry } from './first-try.ts'
import type { Family } from '../ip/address.ts'

/*
 * How one new address is held back. Where the Service has a TCP port, the proof is a connection: what comes about from
 * the node itself does so through the same rules as a client's. A refusal is none: it comes from a kube-proxy that has
 * heard of the Service and not yet of what serves behind it, and a client that meets it gives up at once. Without a
 * TCP port kube-proxy's own word is taken, and where it does not tell, a second must do: so long it may put off its work.
 */

/** kube-proxy does its work at most once in so long. */
export const kubeProxyPaceMs = 1_000
/** kube-proxy may hear of a Service so much earlier than we do. */
const headStartMs = 100

/** What ended the wait of a new address. A closed list: a metric's label. */
export type TrialOutcome =
  | 'ready' // it forwards
  | 'boundReached' // it was not seen to forward in time, and is announced all the same
  | 'noWitness' // there was nobody to ask whether it forwards
  | 'optedOut' // its pool does not want it tried

/** When kube-proxy was last told to do its work, and when it had last done it: wall-clock milliseconds. */
export interface ProxySync {
  readonly queuedAt: number
  readonly syncedAt: number
}

/** One address that is held back: until it forwards, and until it is known that nobody else has it. It changes in place. */
export interface Trial {
  first: FirstTry
  readonly since: number
  until: number
  /** What is known of whether it forwards; undefined when that is not waited for. */
  forwards: 'notYet' | Exclude<TrialOutcome, 'boundReached' | 'optedOut'> | undefined
  /** `foreign`: somebody else answers for it, and it is held back however long that lasts. */
  others: 'none' | 'asking' | 'foreign'
  /** The interfaces on which somebody else does. */
  readonly foreignOn: Set<string>
  triedAt: number
  /** Since when it is public, on the wall clock; undefined while it was not seen to be. */
  publicAt: number | undefined
}

/** The wait of an address begins. */
export function beginTrial(
  first: FirstTry,
  { forwards, others }: Pick<Trial, 'forwards' | 'others'>,
  now: number,
): Trial {
  const until = now + firstTryBoundMs
  const unseen = { foreignOn: new Set<string>(), triedAt: -Infinity, publicAt: undefined }
  return { first, since: now, until, forwards, others, ...unseen }
}

/** Whether it is announced now: for all is well, or for the bound has passed and nobody else has it. */
export function isOver({ forwards, others, until }: Trial, now: number): boolean {
  return others !== 'foreign' && ((forwards !== 'notYet' && others === 'none') || now >= until)
}

/** How it ended; undefined where it was held back for other reasons than whether it forwards. */
export function outcomeOf({ forwards }: Trial): TrialOutcome | undefined {
  return forwards === 'notYet' ? 'boundReached' : forwards
}

/** Whether connections are to be tried. */
export function isToConnect({ forwards, others, first }: Trial): boolean {
  return forwards === 'notYet' && others !== 'foreign' && first.port !== undefined
}

/** Whether kube-proxy is to be asked. */
export function isToAskProxy({ forwards, others, first }: Trial): boolean {
  return forwards === 'notYet' && others !== 'foreign' && first.port === undefined
}

/**
 * Takes in what kube-proxy says of itself; undefined when it does not tell. It has done its work for an address when it
 * was asked to since that is public, and has done so since.
 */
export function hearProxy(trial: Trial, sync: ProxySync | undefined, now: number): void {
  const { publicAt = Infinity, since } = trial
  if (sync !== undefined && sync.queuedAt >= publicAt - headStartMs && sync.syncedAt >= sync.queuedAt)
    trial.forwards = 'ready'
  if (sync === undefined && now - since >= kubeProxyPaceMs) trial.forwards = 'noWitness'
}

/** Of those that wait for a connection the one that was tried longest ago; undefined when none waits. */
export function nextToTry(trials: Iterable<Trial>): Trial | undefined {
  let next: Trial | undefined
  for (const trial of trials) {
    if (isToConnect(trial) && (next === undefined || trial.triedAt < next.triedAt)) next = trial
  }
  return next
}

const samples = {
  queuedAt: 'kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds',
  syncedAt: 'kubeproxy_sync_proxy_rules_last_timestamp_seconds',
}

/**
 * Reads kube-proxy's metrics, which newer ones keep for each family and older ones for both together; undefined when
 * they do not say it.
 */
export function proxySyncIn(metrics: string, family: Family): ProxySync | undefined {
  const queuedAt = momentOf(samples.queuedAt, metrics, family)
  const syncedAt = momentOf(samples.syncedAt, metrics, family)
  return queuedAt === undefined || syncedAt === undefined ? undefined : { queuedAt, syncedAt }
}

function momentOf(name: string, metrics: string, family: Family): number | undefined {
  const lines = [...metrics.matchAll(new RegExp(`^${name}(\\{[^}]*\\})? (\\S+)`, 'gm'))]
  const own = lines.find(([, labels]) => labels?.includes(`ip_family="${family}"`)) ?? lines[0]
  const value = Number(own?.[2] ?? NaN) * 1_000
  return Number.isFinite(value) ? value : undefined
}
