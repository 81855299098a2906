import { usualIntervalMs } from '../../core/election/heartbeat-setting.ts'
import { ContactLog } from '../../platform/kubernetes/contact-log.ts'
import { endsWithin } from '../../platform/process/ends.ts'
import type { HeartbeatKeys } from '../../platform/network/heartbeat-key.ts'
import { Cluster } from './cluster.ts'
import { DutyDesk } from './duty-desk.ts'
import { EstrangedLog } from './estranged-log.ts'
import { Gateways } from './gateways.ts'
import { Joining } from './joining.ts'
import { KubeProxy } from './kube-proxy.ts'
import type { FromWire, ToWire } from './messages.ts'
import { NewAddresses } from './new-addresses.ts'
import { nodeOfMac } from './node-of-mac.ts'
import { SelfTestDesk } from './self-test-desk.ts'
import { SpeakerMacs } from './speaker-macs.ts'
import { SpeakerMetrics } from './speaker-metrics.ts'
import type { SpeakerOptions } from './speaker-options.ts'
import { statusOf } from './speaker-status.ts'
import { StatusWriter } from './status-writer.ts'
import { WireFacts } from './wire-facts.ts'
import { WireLog } from './wire-log.ts'
import { WireThread } from './wire-thread.ts'

const handOverMs = 3_000
const farewellMs = 1_000
const meaning = {
  before: 'nothing is announced before it was read',
  after: 'what it said last goes on to hold',
}

/** One node's speaker: tells the worker on the wire what the cluster wants, and the cluster what the worker does. */
export class Speaker {
  readonly wire = new WireFacts()
  readonly metrics: SpeakerMetrics
  readonly #options: SpeakerOptions
  readonly #thread: WireThread
  readonly #cluster: Cluster
  readonly #writer: StatusWriter
  readonly #duties = new DutyDesk({
    view: () => this.#cluster.view,
    ownInterfaces: () => this.#interfaceNames,
    storedRevision: () => this.#cluster.view.speakers.get(this.#options.node)?.revision,
    say: (message) => this.#thread.say(message),
    onDuties: (duties) => this.#newAddresses.noteDuties(duties),
    onRevision: () => this.#writer.request(), // The status says of which revision it speaks, so it is another one now.
  })
  readonly #contactLog: ContactLog
  readonly #wireLog: WireLog
  readonly #estrangedLog: EstrangedLog
  readonly #macs: SpeakerMacs
  readonly #newAddresses: NewAddresses
  readonly #selfTest: SelfTestDesk
  readonly #gateways = new Gateways({ onChange: () => this.#writer.request() })
  readonly #kubeProxy: KubeProxy
  readonly #joining: Joining
  #synced = false
  /** Until the worker has told of them, that there are none says nothing. */
  #knowsInterfaces = false
  #leaving = false
  #keyTrouble = ''

  constructor(options: SpeakerOptions) {
    const { api, log, node, intervalMs = usualIntervalMs, ...others } = options
    const { kubeProxy, kubeProxyMetrics: proxyMetrics, selfTest = true, ...wire } = others
    this.#options = options
    this.#kubeProxy = new KubeProxy({ url: kubeProxy, log, onChange: () => this.#writer.request() })
    this.#contactLog = new ContactLog({ log, meaning })
    const nodeOf = (mac: bigint): string | undefined => nodeOfMac(this.#cluster.view.speakers)(mac)
    this.#wireLog = new WireLog(log, nodeOf)
    this.#estrangedLog = new EstrangedLog(log, this.wire, nodeOf)
    this.#joining = new Joining({ node, log, wire: this.wire, view: () => this.#cluster.view })
    this.#thread = new WireThread({ ...wire, node, intervalMs, onMessage: (message) => this.#hear(message) })
    this.#cluster = new Cluster(api, this.#contactLog, {
      onChange: () => this.#noteChange(),
      onLooks: () => this.#newAddresses.noteLists(),
      onContact: (contact) => this.#noteContact(contact),
    })
    const desk = {
      node,
      speakers: () => this.#cluster.view.speakers,
      say: (message: ToWire) => this.#thread.say(message),
    }
    this.#macs = new SpeakerMacs(desk)
    this.#newAddresses = new NewAddresses({
      ...desk,
      view: () => this.#cluster.view,
      ownInterfaces: () => this.#interfaceNames,
      proxyMetrics,
      onHeldBack: () => this.#writer.request(),
      onOutcome: (first, outcome, heldMs) => {
        this.metrics.noteFirstTry(outcome, heldMs)
        this.#wireLog.noteFirstTry(first, outcome)
      },
    })
    this.#selfTest = new SelfTestDesk({
      ...desk,
      isOn: selfTest,
      gateways: () => this.#interfaceNames.flatMap((name) => this.#gateways.of(name)),
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

  /** Rejected with what the worker died of; fulfilled when it has left. */
  get ended(): Promise<void> {
    return this.#thread.ended
  }

  start(): void {
    this.#cluster.synced.then(
      () => this.#noteSynced(),
      () => undefined, // Stopped before that.
    )
    this.#cluster.start()
    this.#kubeProxy.start()
  }

  useKeys(keys: HeartbeatKeys): void {
    const count = keys.previous ? 'two heartbeat keys are' : 'one heartbeat key is'
    this.#options.log.info(`${count} in use`)
    this.#thread.useKeys(keys)
  }

  /** The keys cannot be read, and why, in words: those in use stay in use, and without any the worker is not started. */
  lackKeys(words: string): void {
    const { log } = this.#options
    if (this.#thread.isStarted) return log.warn({ reason: words }, 'the heartbeat keys in use stay in use')
    log.warn(words)
    this.#keyTrouble = words
    this.#enableWriter()
  }

  /**
   * Why this speaker is not ready: it cannot announce, may not do what it must, or has not joined the others yet. Once
   * it has, an API server that is away does not make it unready, for it goes on with what it knows.
   */
  get obstacles(): readonly string[] {
    const { condition } = this.#status()
    const unable = condition.status === 'True' ? [] : [condition.message]
    if (!this.#synced) return [...unable, ...this.#unread()]
    const refused = [...this.#contactLog.refusals, this.#writer.refusal ?? []].flat()
    return [...unable, ...refused, ...(unable.length === 0 ? this.#joining.obstacles() : [])]
  }

  /** Hands over to the other speakers, says so in the status if the API server is there, and ends. */
  async leave(): Promise<void> {
    this.#leaving = true
    if (!(await this.#thread.leave(handOverMs)))
      this.#options.log.warn('ended before the handover was complete')
    await endsWithin(farewellMs, this.#writer.flush())
    this.#writer[Symbol.dispose]()
    this.#duties[Symbol.dispose]()
    this.#newAddresses[Symbol.dispose]()
    this.#selfTest[Symbol.dispose]()
    this.#gateways[Symbol.dispose]()
    this.#kubeProxy[Symbol.dispose]()
    await this.#cluster[Symbol.asyncDispose]()
  }

  #noteSynced(): void {
    this.#synced = true
    this.#options.log.info('the API server was read')
    this.#enableWriter()
    this.#noteChange()
  }

  #noteContact(contact: boolean): void {
    if (contact) this.#writer.retryNow()
    this.#thread.say({ kind: 'contact', contact })
  }

  /** What an earlier speaker wrote stands until we know better: without interfaces its addresses would be moved. */
  #enableWriter(): void {
    const isSure = this.#knowsInterfaces || this.#keyTrouble !== ''
    if (this.#synced && isSure) this.#writer.enable()
  }

  /** A part of the truth is none: until everything was read, the worker is told nothing. */
  #noteChange(): void {
    if (!this.#synced || this.#leaving) return
    this.#joining.obstacles()
    this.#macs.tell()
    this.#duties.request()
    this.#newAddresses.noteChange()
    this.#selfTest.request()
    this.#writer.request()
  }

  get #interfaceNames(): readonly string[] {
    return this.wire.interfaces.map(({ name }) => name)
  }

  #hear(message: FromWire): void {
    this.#wireLog.note(message)
    this.wire.note(message)
    this.metrics.note(message)
    this.#estrangedLog.note(message)
    this.#newAddresses.hear(message)
    if (message.kind === 'interfaces') this.#noteInterfaces()
    if (this.#synced && (message.kind === 'quiet' || message.kind === 'peers')) this.#joining.obstacles()
    if (!this.#leaving) this.#writer.request()
  }

  #noteInterfaces(): void {
    this.#keyTrouble = ''
    this.#gateways.look()
    const isFirst = !this.#knowsInterfaces
    this.#knowsInterfaces = true
    if (isFirst) this.#enableWriter()
    if (this.#synced) this.#noteChange()
  }

  #unread(): readonly string[] {
    const unread = 'the API server has not been read yet'
    const { troubles } = this.#contactLog
    return troubles.length === 0 ? [unread] : troubles.map((words) => `${unread}: ${words}`)
  }

  #status(): ReturnType<typeof statusOf> {
    const { node, interfaces } = this.#options
    return statusOf({
      node,
      globs: interfaces,
      wire: this.wire,
      observedRevision: this.#duties.revision,
      leaving: this.#leaving,
      kubeProxy: this.#kubeProxy.health,
      keyTrouble: this.#keyTrouble,
      gatewaysOf: (name) => this.#gateways.of(name),
      isWithheld: (address) => this.#newAddresses.isWithheld(address),
      heldBack: this.#newAddresses.heldBack,
      nodeOf: nodeOfMac(this.#cluster.view.speakers),
    })
  }
}
