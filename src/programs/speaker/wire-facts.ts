import type { Answering, HoldingChange, PeerSeen } from '../../core/election/effect.ts'
import { formatAddress } from '../../core/ip/address.ts'
import type { NetworkInterface } from '../../platform/network/interfaces.ts'
import type { FromWire, SeenConflict } from './messages.ts'

/** An address that is answered for on one interface: since when (wall clock) and why. */
export interface Announcing {
  readonly answering: Answering
  readonly since: number
  readonly cause: HoldingChange['cause']
}

const conflictsKept = 16

/** What the worker has told so far: all that the status of the Speaker is made of. */
export class WireFacts {
  interfaces: readonly NetworkInterface[] = []
  peers: readonly PeerSeen[] = []
  conflicts: readonly SeenConflict[] = []
  /** Which interfaces cannot be used and why, in words; empty when all is well. */
  trouble = ''
  #announcing: ReadonlyMap<string, Announcing> = new Map()

  get announcing(): readonly Announcing[] {
    return [...this.#announcing.values()]
  }

  note(message: FromWire): void {
    switch (message.kind) {
      case 'holdings':
        return this.#noteHoldings(message)
      case 'peers':
        this.peers = message.peers
        return
      case 'conflict':
        return this.#noteConflict(message.conflict)
      case 'interfaces':
        this.interfaces = message.interfaces
        this.trouble = message.trouble
        return
      case 'left':
        return
      default:
        return message satisfies never
    }
  }

  #noteHoldings({ answering, changed, at }: Extract<FromWire, { kind: 'holdings' }>): void {
    const causes = new Map(changed.map((change) => [keyOf(change), change.cause]))
    const entries = answering.map((one): [string, Announcing] => {
      const key = keyOf(one)
      const before = this.#announcing.get(key)
      const cause = causes.get(key) ?? before?.cause ?? 'resumed'
      return [key, { answering: one, since: before?.since ?? at, cause }]
    })
    this.#announcing = new Map(entries)
  }

  #noteConflict(conflict: SeenConflict): void {
    const others = this.conflicts.filter(
      (other) => keyOf(other) !== keyOf(conflict) || other.mac !== conflict.mac,
    )
    this.conflicts = [conflict, ...others].slice(0, conflictsKept)
  }
}

function keyOf({ address, interface: name }: Answering): string {
  return `${formatAddress(address)} ${name}`
}
