import type { FirstTry } from '../../core/announcement/first-try.ts'
import type { TrialOutcome } from '../../core/announcement/trial.ts'
import { notPermitted } from '../../core/election/readiness.ts'
import { formatAddress } from '../../core/ip/address.ts'
import { formatMac } from '../../core/wire/ethernet.ts'
import type { Log } from '../../platform/telemetry/log.ts'
import { LineLimit } from './line-limit.ts'
import type { FromWire, SeenConflict, SeenFinding } from './messages.ts'

const said = {
  claim: {
    level: 'info',
    words: 'another device claims an address that is announced here; it was answered with our own claim',
  },
  conflict: { level: 'warn', words: 'another device answers for an address that is announced here' },
  insists: {
    level: 'warn',
    words:
      'another device claims an address that is announced here again and again; it is answered once in ten seconds at the most',
  },
  conflictOver: { level: 'info', words: 'the other device answers no more' },
  foreign: {
    level: 'warn',
    words: 'another device answers for an address that nobody announces; nobody is given it',
  },
  foreignOver: {
    level: 'info',
    words: 'the other device is not known any more to answer for the address',
  },
} as const
const unproven =
  'a new address is announced though no connection from this node to it came about in time: look at kube-proxy here, and at whether its Pods listen'
/** Put behind the last line of a kind for a while. */
const andSoOn = '; more of the kind are not logged for ten seconds, the status of the Speaker has them'
const found = {
  Unanswered: 'nobody answers for an address that another node announces',
  AnsweredElsewhere: 'not the node that announces an address answers for it, but another device',
  AnsweredTwice: 'another device answers for an address that another node announces, too',
} as const
const foundNoMore =
  'the address is answered by the node that announces it, and by nobody else, as far as this node can tell'

/** Tells the log of what happens on the wire; the trouble with interfaces when it is another one than before. */
export class WireLog {
  readonly #log: Log
  readonly #nodeOf: (mac: bigint) => string | undefined
  readonly #limit: LineLimit
  #trouble = ''

  constructor(log: Log, nodeOf: (mac: bigint) => string | undefined, limit = new LineLimit()) {
    this.#log = log
    this.#limit = limit
    this.#nodeOf = nodeOf
  }

  note(message: FromWire): void {
    if (message.kind === 'interfaces') this.#noteTrouble(message.isPermitted ? message.trouble : notPermitted)
    if ('conflict' in message) this.#noteOther(message.kind, message.conflict)
    if ('sighting' in message) this.#noteOther(message.kind, message.sighting)
    if ('finding' in message) this.#noteFinding(message.kind, message.finding)
    if (message.kind !== 'holdings') return
    for (const { address, interface: name, to, cause } of message.changed) {
      this.#log.info({ address: formatAddress(address), interface: name, reason: cause }, to)
    }
  }

  noteFirstTry({ text: address, services }: FirstTry, outcome: TrialOutcome): void {
    if (outcome === 'boundReached') this.#log.warn({ address, service: services.join() }, unproven)
  }

  #noteOther(kind: keyof typeof said, seen: SeenConflict): void {
    const verdict = this.#limit.verdictOn(kind)
    if (verdict === 'omit') return
    const { level, words } = said[kind]
    this.#log[level](this.#fieldsOf(seen), verdict === 'last' ? `${words}${andSoOn}` : words)
  }

  #noteFinding(kind: 'finding' | 'findingOver', finding: SeenFinding): void {
    const verdict = this.#limit.verdictOn(kind)
    if (verdict === 'omit') return
    const more = verdict === 'last' ? andSoOn : ''
    const { address, interface: name, announcer, result, macs } = finding
    const fields = { address: formatAddress(address), interface: name, peer: announcer }
    if (kind === 'findingOver') return this.#log.info(fields, `${foundNoMore}${more}`)
    const others = macs.map((mac) => ({ mac: formatMac(mac), node: this.#nodeOf(mac) }))
    this.#log.warn({ ...fields, others }, `${found[result]}${more}`)
  }

  #noteTrouble(trouble: string): void {
    if (trouble === this.#trouble) return
    if (trouble === '') this.#log.info('every interface can be used again')
    else this.#log.warn(trouble)
    this.#trouble = trouble
  }

  #fieldsOf({ address, interface: name, mac }: SeenConflict): object {
    return { address: formatAddress(address), interface: name, mac: formatMac(mac), peer: this.#nodeOf(mac) }
  }
}
