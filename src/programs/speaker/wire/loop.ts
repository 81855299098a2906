import type { MessagePort } from 'node:worker_threads'
import { receiveMessageOnPort } from 'node:worker_threads'
import type { SpeakerConfig, SpeakerEvent } from '../../../core/election/event.ts'
import { dueAt, start, step } from '../../../core/election/step.ts'
import type { SpeakerState } from '../../../core/election/state.ts'
import { heardAs } from '../../../core/election/heard-as.ts'
import type { Family } from '../../../core/ip/address.ts'
import type { HeartbeatKeys } from '../../../platform/network/heartbeat-key.ts'
import { acknowledgeWake, bootTimeMs, closeDescriptor } from '../../../platform/network/libc.ts'
import { Counters } from '../counters.ts'
import type { FromWire, Retired, ToWire, WireOptions } from '../messages.ts'
import { answerArp, type Claim } from './answer-frames.ts'
import { answerNdp } from './answer-solicitations.ts'
import { carryOut, type Surroundings } from './carry-out.ts'
import { Holdings } from './holdings.ts'
import type { Link } from './link.ts'
import { Links } from './links.ts'
import { Questions } from './questions.ts'
import { readHeartbeat, type Read } from './read-heartbeats.ts'
import { StrangerWatch } from './stranger-watch.ts'

/** The interfaces are looked at this often even when the kernel reports nothing. */
const lookEveryMs = 1_000
/** On a node where interfaces come and go all the time they are looked at this often. */
const lookApartMs = 20
/** So many frames of one socket, or so long, and the loop looks at everything else again. */
const framesAtOnce = 256
const answeringAtMostMs = 20

const families: readonly Family[] = ['IPv4', 'IPv6']
const kinds = [answerArp, answerNdp] as const

/**
 * The speaker on the wire: one synchronous loop on a thread of its own. Heartbeats come before the clock, for a
 * peer whose heartbeat is already here is not dead; the clock before all else, for who was paused must learn of that
 * before it says a word; frames are answered last, when it is known what is still ours.
 */
export class WireLoop implements Disposable {
  readonly #port: MessagePort
  readonly #wakeDescriptor: number
  readonly #counters: Counters
  readonly #links: Links
  readonly #tell = (message: FromWire): void => this.#port.postMessage(message)
  readonly #readHeartbeatsOf = (link: Link, index: number): void => {
    if (this.#links.hasHeartbeats(index)) families.forEach((family) => this.#readHeartbeats(link, family))
    if (link.gate.turn() === 'shut') this.#counters.count('flood')
  }
  readonly #answerFramesOf = (link: Link, index: number): void => {
    if (this.#links.hasFrames(index)) kinds.forEach((answer) => this.#answerFrames(link, answer))
  }
  readonly #strangers = new StrangerWatch()
  /** Not here while there is something to answer: it takes too long. */
  readonly #closePacketSocket = (descriptor: number): void => {
    if (this.#left) closeDescriptor(descriptor)
    else this.#port.postMessage({ kind: 'retired', descriptor } satisfies Retired)
  }
  readonly #holdings: Holdings
  readonly #questions: Questions
  #keys: HeartbeatKeys
  #state: SpeakerState
  #lookAt = 0
  #lookedAt = -Infinity
  #dueAt: number
  #mayHaveMore = false
  #left = false

  constructor(options: WireOptions, config: SpeakerConfig, port: MessagePort) {
    this.#port = port
    this.#wakeDescriptor = options.wakeDescriptor
    this.#counters = new Counters(options.counters)
    this.#keys = options.keys
    this.#links = new Links(options.interfaces, options.wakeDescriptor, this.#closePacketSocket)
    this.#state = start(config, bootTimeMs())
    this.#dueAt = dueAt(this.#state)
    const around = { links: this.#links, counters: this.#counters, tell: this.#tell }
    this.#holdings = new Holdings(around)
    this.#questions = new Questions(around, () => this.#state)
  }

  /** Runs until the speaker has left. */
  run(): void {
    while (!this.#left) this.#turn()
  }

  #turn(): void {
    const found = this.#links.wait(this.#timeoutMs())
    this.#mayHaveMore = false
    if (found && this.#links.hasChanged()) this.#lookAt = Math.min(this.#lookAt, this.#lookedAt + lookApartMs)
    if (bootTimeMs() >= this.#lookAt) return this.#look()
    this.#links.all.forEach(this.#readHeartbeatsOf)
    if (bootTimeMs() >= this.#dueAt) this.#take({ kind: 'tick' })
    if (found) this.#hearTheRest()
    if (bootTimeMs() >= this.#questions.dueAt) this.#questions.ask(!this.#mayHaveMore)
  }

  #hearTheRest(): void {
    if (this.#links.isWoken()) this.#readMessages()
    this.#links.all.forEach(this.#answerFramesOf)
  }

  #timeoutMs(): number {
    if (this.#mayHaveMore) return 0
    const due = Math.min(this.#dueAt, this.#lookAt, this.#questions.dueAt, this.#links.gatesDueAt)
    return Math.min(lookEveryMs, Math.max(0, Math.ceil(due - bootTimeMs())))
  }

  #take(event: SpeakerEvent): void {
    const [state, effects] = step(this.#state, event, bootTimeMs())
    this.#state = state
    this.#dueAt = dueAt(state)
    for (const effect of effects) {
      if (effect.kind === 'holdings') this.#questions.followHoldings(effect.changed)
      if (effect.kind === 'left') this.#left = true
    }
    carryOut(effects, this.#around())
    if (effects.some(({ kind }) => kind === 'holdings')) this.#holdings.joinGroups()
  }

  #around(): Surroundings {
    return {
      keys: this.#keys,
      links: this.#links,
      counters: this.#counters,
      tell: this.#tell,
      holdings: this.#holdings,
      questions: this.#questions,
    }
  }

  #look(): void {
    this.#lookedAt = bootTimeMs()
    this.#lookAt = this.#lookedAt + lookEveryMs
    this.#lookForStrangers()
    const news = this.#links.look()
    if (!news) return
    this.#holdings.followLinks()
    this.#holdings.joinGroups()
    this.#take({ kind: 'segments', segments: news.segments })
    this.#questions.followLinks()
    const { segments: _, ...told } = news
    this.#tell({ kind: 'interfaces', ...told })
  }

  #lookForStrangers(): void {
    const news = this.#strangers.news()
    if (!news) return
    this.#take(news.event)
    this.#tell(news.message)
  }

  #readHeartbeats(link: Link, family: Family): void {
    for (let read = 0; read < framesAtOnce; read++) {
      const heard = readHeartbeat(link, family, this.#keys, this.#counters, this.#strangers)
      if (heard === undefined) return
      if (heard) this.#takeHeartbeat(link, heard)
    }
    this.#mayHaveMore = true
  }

  #takeHeartbeat(link: Link, { heartbeat, mac }: Read): void {
    const before = this.#state
    this.#take({ kind: 'heartbeat', interface: link.name, heartbeat })
    link.gate.note(mac, heardAs(before, this.#state, link.name, heartbeat))
  }

  /**
   * Stops after a while, and does not begin when the clock is to be told first: whoever was paused, before this or in the
   * middle of it, must learn that time has passed before it answers anyone.
   */
  #answerFrames(link: Link, answer: typeof answerArp): void {
    const untilMs = Math.min(this.#dueAt, bootTimeMs() + answeringAtMostMs)
    for (let read = 0; read < framesAtOnce && bootTimeMs() < untilMs; read++) {
      const more = answer(link, this.#counters, this.#questions.watched)
      if (more === false) return
      if (typeof more === 'object') this.#takeClaim(link, more)
    }
    this.#mayHaveMore = true
  }

  #takeClaim(link: Link, { address, mac, kind }: Claim): void {
    if (this.#links.isOurMac(mac)) return
    const sighting = { interface: link.name, address, mac }
    this.#questions.hear(kind, sighting)
    if (kind === 'probe') return
    this.#take({ kind, ...sighting })
    if (kind === 'answer') this.#questions.hearAnswer(sighting)
  }

  #readMessages(): void {
    acknowledgeWake(this.#wakeDescriptor)
    for (;;) {
      const received = receiveMessageOnPort(this.#port) as { readonly message: ToWire } | undefined
      if (!received) return
      this.#hear(received.message)
    }
  }

  #hear(message: ToWire): void {
    if (message.kind === 'keys') {
      this.#keys = message.keys
      return
    }
    if (message.kind === 'heldBack') return this.#holdings.holdBack(message.addresses)
    if (message.kind === 'announceAgain') return this.#holdings.announceAgain(message.addresses)
    if (message.kind === 'looks') return this.#questions.lookAfter(message)
    if (message.kind === 'tests') return this.#questions.testWith(message)
    this.#take(message)
    if (message.kind === 'duties') this.#questions.followDuties(message.duties.map(({ address }) => address))
  }

  [Symbol.dispose](): void {
    this.#links[Symbol.dispose]()
  }
}
