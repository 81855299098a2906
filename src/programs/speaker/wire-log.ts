import type { FirstTry } from '../../core/announcement/first-try.ts'
import type { TrialOutcome } from '../../core/announcement/trial.ts'
import { notPermitted } from '../../core/election/readiness.ts'
import { formatAddress } from '../../core/ip/address.ts'
import { formatMac } from '../../core/wire/ethernet.ts'
import type { Log } from '../../platform/telemetry/log.ts'
import type { FromWire, SeenConflict } from './messages.ts'

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
} as const
const foreign = 'another device answers for an address that nobody announces; nobody is given it'
const unproven =
  'a new address is announced though no connection from this node to it came about in time: look at kube-proxy here, and at whether its Pods listen'
const foreignOver = 'the other device is not known any more to answer for the address'

/** Tells the log of what happens on the wire; the trouble with interfaces when it is another one than before. */
export class WireLog {
  readonly #log: Log
  readonly #nodeOf: (mac: bigint) => string | undefined
  #trouble = ''

  constructor(log: Log, nodeOf: (mac: bigint) => string | undefined) {
    this.#log = log
    this.#nodeOf = nodeOf
  }

  note(message: FromWire): void {
    if (message.kind === 'interfaces') this.#noteTrouble(message.isPermitted ? message.trouble : notPermitted)
    if ('conflict' in message) this.#noteConflict(message)
    if ('sighting' in message) this.#noteForeign(message)
    if (message.kind !== 'holdings') return
    for (const { address, interface: name, to, cause } of message.changed) {
      this.#log.info({ address: formatAddress(address), interface: name, reason: cause }, to)
    }
  }

  noteFirstTry({ text: address, services }: FirstTry, outcome: TrialOutcome): void {
    if (outcome === 'boundReached') this.#log.warn({ address, service: services.join() }, unproven)
  }

  #noteConflict({ kind, conflict }: Extract<FromWire, { conflict: unknown }>): void {
    const { level, words } = said[kind]
    this.#log[level](this.#fieldsOf(conflict), words)
  }

  #noteForeign({ kind, sighting }: Extract<FromWire, { sighting: unknown }>): void {
    if (kind === 'foreign') this.#log.warn(this.#fieldsOf(sighting), foreign)
    else this.#log.info(this.#fieldsOf(sighting), foreignOver)
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
