import { notPermitted } from '../../core/election/readiness.ts'
import { formatAddress } from '../../core/ip/address.ts'
import { formatMac } from '../../core/wire/ethernet.ts'
import type { Log } from '../../platform/telemetry/log.ts'
import type { FromWire, SeenConflict } from './messages.ts'

const answeredTwice = 'another device answers for an address that is announced here'
const answeredOnce = 'the other device answers no more'
const foreign = 'another device answers for an address that nobody announces; nobody is given it'
const foreignOver = 'the other device is not known any more to answer for the address'
const claimed = 'another device claims an address that is announced here; it was answered with our own claim'

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
    if (message.kind === 'claim') this.#log.info(this.#fieldsOf(message.conflict), claimed)
    if (message.kind === 'conflict') this.#log.warn(this.#fieldsOf(message.conflict), answeredTwice)
    if (message.kind === 'conflictOver') this.#log.info(this.#fieldsOf(message.conflict), answeredOnce)
    if (message.kind === 'foreign') this.#log.warn(this.#fieldsOf(message.sighting), foreign)
    if (message.kind === 'foreignOver') this.#log.info(this.#fieldsOf(message.sighting), foreignOver)
    if (message.kind !== 'holdings') return
    for (const { address, interface: name, to, cause } of message.changed) {
      this.#log.info({ address: formatAddress(address), interface: name, reason: cause }, to)
    }
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
