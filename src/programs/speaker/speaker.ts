import { addressesInUse, firstTriesOf } from '../../core/announcement/first-try.ts'
import { dutiesOf } from '../../core/election/duties.ts'
import type { Duty } from '../../core/election/event.ts'
import type { Api } from '../../platform/kubernetes/api.ts'
import { connects } from '../../platform/network/connects.ts'
import { endsWithin } from '../../platform/process/ends.ts'
import type { HeartbeatKeys } from '../../platform/network/heartbeat-key.ts'
import type { Log } from '../../platform/telemetry/log.ts'
import { formatAddress } from '../../core/ip/address.ts'
import { formatMac } from '../../core/wire/ethernet.ts'
import { Cluster } from './cluster.ts'
import { ContactLog } from './contact-log.ts'
import { FirstTries } from './first-tries.ts'
import type { FromWire } from './messages.ts'
import { Soon } from './soon.ts'
import { SpeakerMetrics } from './speaker-metrics.ts'
import { statusOf } from './speaker-status.ts'
import { StatusWriter } from './status-writer.ts'
import { WireFacts } from './wire-facts.ts'
import { WireThread } from './wire-thread.ts'

export interface SpeakerOptions {
  readonly api: Api
  readonly node: string
  readonly interfaces: readonly string[]
  readonly keys: HeartbeatKeys
  readonly log: Log
  /** The bundle of the worker; beside this program unless a test says otherwise. */
  readonly program?: URL
}

const handOverMs = 3_000
const farewellMs = 1_000
const conflictsForgottenEveryMs = 60_000

/** One node's speaker: tells the worker on the wire what the cluster wants, and the cluster what the worker does. */
export class Speaker {
  readonly wire = new WireFacts()
  readonly metrics: SpeakerMetrics
  /** Rejected with what the worker died of; fulfilled when it has left. */
  readonly ended: Promise<void>
  readonly #options: SpeakerOptions
  readonly #thread: WireThread
  readonly #cluster: Cluster
  readonly #writer: StatusWriter
  readonly #duties = new Soon(() => this.#tellDuties(), { delayMs: 2, apartMs: 10 })
  readonly #contactLog: ContactLog
  readonly #firstTries = new FirstTries({
    connects,
    onChange: (addresses) => this.#thread.say({ kind: 'heldBack', addresses }),
  })
  readonly #forgetting = setInterval(() => this.#forgetConflicts(), conflictsForgottenEveryMs).unref()
  #synced = false
  /** Until the worker has told of them, that there are none says nothing. */
  #knowsInterfaces = false
  #told = ''
  #toldRevision = 0
  #leaving = false

  constructor(options: SpeakerOptions) {
    const { api, log, node, ...wire } = options
    this.#options = options
    this.#contactLog = new ContactLog(log)
    this.#thread = new WireThread({ ...wire, node, onMessage: (message) => this.#hear(message) })
    this.ended = this.#thread.ended
    this.#cluster = new Cluster(api, {
      onChange: () => this.#noteChange(),
      onContact: (contact) => this.#noteContact(contact),
      onProblem: (path, err) => this.#contactLog.noteProblem(path, err, this.#cluster.contact),
    })
    this.#writer = new StatusWriter({
      api,
      node,
      ownerUid: () => this.#cluster.view.nodes.get(node)?.uid,
      stored: () => this.#cluster.view.speakers.get(node),
      status: () => this.#status(),
      log,
    })
    this.metrics = new SpeakerMetrics(this.#thread.counters, this.wire, () => {
      return { contact: this.#cluster.contact, writes: this.#writer.writes }
    })
  }

  start(): void {
    this.#cluster.synced.then(
      () => this.#noteSynced(),
      () => undefined, // Stopped before that.
    )
    this.#cluster.start()
  }

  useKeys(keys: HeartbeatKeys): void {
    this.#thread.say({ kind: 'keys', keys })
  }

  /** Why this speaker is of no use yet. An API server that is away later does not make it so. */
  get obstacles(): readonly string[] {
    const { condition } = this.#status()
    const unread = this.#synced ? [] : ['the API server has not been read yet']
    return condition.status === 'True' ? unread : [...unread, condition.message]
  }

  /** Hands over to the other speakers, says so in the status if the API server is there, and ends. */
  async leave(): Promise<void> {
    this.#leaving = true
    if (!(await this.#thread.leave(handOverMs)))
      this.#options.log.warn('ended before the handover was complete')
    await endsWithin(farewellMs, this.#writer.flush())
    clearInterval(this.#forgetting)
    this.#writer[Symbol.dispose]()
    this.#duties[Symbol.dispose]()
    this.#firstTries[Symbol.dispose]()
    await this.#cluster[Symbol.asyncDispose]()
  }

  #noteSynced(): void {
    this.#synced = true
    this.#options.log.info('the API server was read')
    this.#enableWriter()
    this.#noteChange()
  }

  #noteContact(contact: boolean): void {
    this.#contactLog.note(contact)
    if (contact) this.#writer.retryNow()
    this.#thread.say({ kind: 'contact', contact })
  }

  /** What an earlier speaker wrote stands until we know better: without interfaces its addresses would be moved. */
  #enableWriter(): void {
    if (this.#synced && this.#knowsInterfaces) this.#writer.enable()
  }

  /** A part of the truth is none: until everything was read, the worker is told nothing. */
  #noteChange(): void {
    if (!this.#synced || this.#leaving) return
    this.#duties.request()
    this.#writer.request()
  }

  #tellDuties(): void {
    const { view } = this.#cluster
    this.#firstTries.note(firstTriesOf(view, this.#options.node), addressesInUse(view))
    const duties = dutiesOf(
      this.#cluster.view,
      this.wire.interfaces.map(({ name }) => name),
    )
    this.#noteRevision()
    const text = fingerprint(duties)
    if (text === this.#told) return
    this.#told = text
    this.#thread.say({ kind: 'duties', duties })
  }

  /** The status says of which revision it speaks, so it is another one now. */
  #noteRevision(): void {
    const revision = this.#cluster.view.speakers.get(this.#options.node)?.revision ?? 0
    if (revision === this.#toldRevision) return
    this.#toldRevision = revision
    this.#writer.request()
  }

  #hear(message: FromWire): void {
    this.#report(message)
    this.wire.note(message)
    this.metrics.note(message)
    if (message.kind === 'interfaces') this.#noteInterfaces()
    if (!this.#leaving) this.#writer.request()
  }

  #noteInterfaces(): void {
    if (!this.#knowsInterfaces) {
      this.#knowsInterfaces = true
      this.#enableWriter()
    }
    if (this.#synced) this.#duties.request()
  }

  #forgetConflicts(): void {
    if (this.wire.forgetConflicts(Date.now())) this.#writer.request()
  }

  #report(message: FromWire): void {
    const { log } = this.#options
    if (message.kind === 'interfaces' && message.trouble !== '') log.warn(message.trouble)
    if (message.kind === 'conflict' && !this.wire.isKnown(message.conflict)) {
      const { address, interface: name, mac } = message.conflict
      const fields = {
        address: formatAddress(address),
        interface: name,
        mac: formatMac(mac),
      }
      log.warn(fields, 'another device claims an address that is announced here')
    }
    if (message.kind !== 'holdings') return
    for (const { address, interface: name, to, cause } of message.changed) {
      log.info({ address: formatAddress(address), interface: name, reason: cause }, to)
    }
  }

  #status(): ReturnType<typeof statusOf> {
    const { node } = this.#options
    return statusOf({ node, wire: this.wire, observedRevision: this.#toldRevision, leaving: this.#leaving })
  }
}

function fingerprint(duties: readonly Duty[]): string {
  return JSON.stringify(duties, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString(16) : value,
  )
}
