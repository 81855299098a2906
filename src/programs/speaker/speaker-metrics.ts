import { Metrics } from '../../platform/telemetry/metrics.ts'
import type { MetricsSource } from '../../platform/http/server.ts'
import type { Counters } from './counters.ts'
import type { TrialOutcome } from '../../core/announcement/trial.ts'
import type { FromWire } from './messages.ts'
import type { WireFacts } from './wire-facts.ts'

/** Frames that nobody did anything wrong with: not for us, and everyday life on a LAN. */
const everyday: readonly string[] = [
  'notHeld',
  'notRequest',
  'notSolicitation',
  'notForUs',
  'gratuitous',
  'ownFrame',
  'own',
]

/** The speaker's metrics. Frames are counted by the worker and read from its memory when somebody asks. */
export class SpeakerMetrics implements MetricsSource {
  readonly #metrics = new Metrics()
  readonly #counters: Counters
  readonly #wire: WireFacts
  readonly #frames = this.#metrics.counter('frames_total', 'Frames received and sent.', ['direction', 'kind'])
  readonly #dropped = this.#metrics.counter(
    'frames_dropped_total',
    'Frames received that were malformed, forged or replayed.',
    ['kind', 'reason'],
  )
  readonly #ignored = this.#metrics.counter(
    'frames_ignored_total',
    'Well-formed frames that ask nothing of us.',
    ['kind', 'reason'],
  )
  readonly #refused = this.#metrics.counter('frames_refused_total', 'Frames that the kernel did not take.')
  readonly #floods = this.#metrics.counter(
    'heartbeat_floods_total',
    'Times that so many heartbeats came which are not believed that for half a second only those from MACs of peers were read.',
  )
  readonly #takeovers = this.#metrics.counter(
    'takeovers_total',
    'Addresses that this node began to announce.',
    ['cause'],
  )
  readonly #stops = this.#metrics.counter('stops_total', 'Addresses that this node ceased to answer for.', [
    'cause',
  ])
  readonly #conflicts = this.#metrics.counter(
    'conflicts_total',
    'Times that somebody else began to answer for an address announced here.',
  )
  readonly #claims = this.#metrics.counter(
    'foreign_claims_total',
    'Claims of others for addresses announced here that no move explains; each was answered with our own.',
  )
  readonly #standing = this.#metrics.gauge(
    'conflicts',
    'Others that answer for addresses announced here, one for each address and MAC.',
  )
  readonly #insisting = this.#metrics.gauge(
    'insisting_conflicts',
    'Of the others that answer for addresses announced here those that claim them again and again.',
  )
  readonly #foreign = this.#metrics.gauge(
    'foreign_addresses',
    'Addresses that nobody announces and another device answers for, as far as this node asks for them.',
  )
  readonly #estranged = this.#metrics.gauge(
    'estranged_speakers',
    'Other speakers that are noticed and are no peers: their key is unknown, or only one way or only ARP and NDP works.',
    ['reason'],
  )
  readonly #firstTries = this.#metrics.counter(
    'first_tries_total',
    'New addresses that this node tried before it announced them, by how that ended.',
    ['outcome'],
  )
  readonly #firstTrySeconds = this.#metrics.histogram(
    'first_try_seconds',
    'How long new addresses were held back until they were announced.',
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5],
  )
  readonly #tests = this.#metrics.counter(
    'self_tests_total',
    'Questions for addresses that other nodes announce, by what came of them.',
    ['result'],
  )
  readonly #findings = this.#metrics.gauge(
    'self_test_findings',
    'Addresses that other nodes announce and are not answered for as they should be, as far as this node asks for them.',
  )
  readonly #announcing = this.#metrics.gauge('announced_addresses', 'Addresses that this node answers for.')
  readonly #peers = this.#metrics.gauge('peers', 'Other speakers heard, on all interfaces.')
  readonly #contact = this.#metrics.gauge('api_contact', 'Whether every watch of the API server is well.')
  readonly #writes = this.#metrics.counter(
    'status_writes_total',
    'Writes of the status of the own Speaker object.',
  )
  readonly #read = new Map<string, number>()
  readonly #outside: () => { readonly contact: boolean; readonly writes: number }

  constructor(
    counters: Counters,
    wire: WireFacts,
    outside: () => { readonly contact: boolean; readonly writes: number },
  ) {
    this.#counters = counters
    this.#wire = wire
    this.#outside = outside
  }

  get contentType(): string {
    return this.#metrics.registry.contentType
  }

  note(message: FromWire): void {
    if (message.kind === 'conflict') this.#conflicts.inc()
    if (message.kind !== 'holdings') return
    for (const { to, cause } of message.changed) {
      if (to === 'announcing') this.#takeovers.inc({ cause })
      if (to === 'silent') this.#stops.inc({ cause })
    }
  }

  noteFirstTry(outcome: TrialOutcome, heldMs: number): void {
    this.#firstTries.inc({ outcome })
    if (outcome !== 'optedOut') this.#firstTrySeconds.observe(heldMs / 1_000)
  }

  async metrics(): Promise<string> {
    const { contact, writes } = this.#outside()
    this.#announcing.set(this.#wire.announcing.length)
    this.#standing.set(this.#wire.conflictCount)
    this.#insisting.set(this.#wire.insistingCount)
    this.#foreign.set(this.#wire.foreignCount)
    this.#findings.set(this.#wire.findingCount)
    this.#peers.set(this.#wire.peers.length)
    this.#countEstranged()
    this.#contact.set(contact ? 1 : 0)
    this.#writes.inc(this.#growthOf('writes', writes))
    this.#readFrames()
    return this.#metrics.registry.metrics()
  }

  #countEstranged(): void {
    const { estranged, strangers } = this.#wire
    this.#estranged.set({ reason: 'UnknownKey' }, strangers.length)
    for (const reason of ['OneWay', 'WireOnly'] as const) {
      this.#estranged.set({ reason }, estranged.filter((each) => each.reason === reason).length)
    }
  }

  #readFrames(): void {
    for (const direction of ['received', 'sent']) {
      for (const [kind, value] of this.#counters.under(direction)) {
        this.#frames.inc({ direction, kind }, this.#growthOf(`${direction} ${kind}`, value))
      }
    }
    for (const kind of ['arp', 'ndp', 'heartbeat']) {
      for (const [reason, value] of this.#counters.under(kind)) {
        const counter = everyday.includes(reason) ? this.#ignored : this.#dropped
        counter.inc({ kind, reason }, this.#growthOf(`${kind} ${reason}`, value))
      }
    }
    for (const [result, value] of this.#counters.under('self-test'))
      this.#tests.inc({ result }, this.#growthOf(`self-test ${result}`, value))
    this.#claims.inc(this.#growthOf('claims', this.#counters.valueOf('foreign claim')))
    this.#floods.inc(this.#growthOf('floods', this.#counters.valueOf('flood')))
    this.#refused.inc(this.#growthOf('refused', this.#counters.valueOf('refused by the kernel')))
  }

  #growthOf(what: string, value: number): number {
    const growth = value - (this.#read.get(what) ?? 0)
    this.#read.set(what, value)
    return growth
  }
}
