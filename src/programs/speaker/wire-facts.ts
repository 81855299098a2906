import type { Answering, Estranged, HoldingChange, PeerSeen, TwinSeen } from '../../core/election/effect.ts'
import type { Stranger } from '../../core/election/strangers.ts'
import { formatAddress } from '../../core/ip/address.ts'
import type { NetworkInterface, UnusedInterface } from '../../platform/network/interfaces.ts'
import { Conflicts } from './conflicts.ts'
import { Findings } from './findings.ts'
import { ForeignAddresses } from './foreign-addresses.ts'
import type { FromWire, SeenConflict, SeenFinding } from './messages.ts'

/** What other devices, or other nodes, do with an address. */
type OfOthers = Extract<FromWire, { conflict: unknown } | { sighting: unknown } | { finding: unknown }>

function isOfOthers(message: FromWire): message is OfOthers {
  return 'conflict' in message || 'sighting' in message || 'finding' in message
}

/** An address that is answered for on one interface: since when (wall clock) and why. */
export interface Announcing {
  readonly answering: Answering
  readonly since: number
  readonly cause: HoldingChange['cause']
}

/** What the worker has told so far: all that the status of the Speaker is made of. */
export class WireFacts {
  interfaces: readonly NetworkInterface[] = []
  /** Others that a person may ask about, and why nothing is announced on them. */
  unused: readonly UnusedInterface[] = []
  twins: readonly TwinSeen[] = []
  peers: readonly PeerSeen[] = []
  /** Who is noticed and is no peer. */
  estranged: readonly Estranged[] = []
  /** Who sends heartbeats that cannot be verified. */
  strangers: readonly Stranger[] = []
  /** Which interfaces cannot be used and why, in words; empty when all is well. */
  trouble = ''
  /** False when the kernel refuses packet sockets. */
  isPermitted = true
  /** Whether it only listens yet. */
  quiet = true
  readonly #conflicts = new Conflicts()
  readonly #foreign = new ForeignAddresses()
  readonly #findings = new Findings()
  #announcing: ReadonlyMap<string, Announcing> = new Map()

  get announcing(): readonly Announcing[] {
    return [...this.#announcing.values()]
  }

  /** As many as fit into a status. */
  get conflicts(): readonly SeenConflict[] {
    return this.#conflicts.told
  }

  /** Who answers for addresses that nobody announces; as many as fit into a status. */
  get foreign(): readonly SeenConflict[] {
    return this.#foreign.told
  }

  get foreignCount(): number {
    return this.#foreign.count
  }

  get conflictCount(): number {
    return this.#conflicts.count
  }

  get insistingCount(): number {
    return this.#conflicts.insistingCount
  }

  /** What is amiss with addresses of others; as many as fit into a status. */
  get findings(): readonly SeenFinding[] {
    return this.#findings.told
  }

  get findingCount(): number {
    return this.#findings.count
  }

  note(message: FromWire): void {
    if ('strangers' in message) this.strangers = message.strangers
    else if ('estranged' in message) this.estranged = message.estranged
    else this.#noteRest(message)
  }

  #noteRest(message: Exclude<FromWire, { kind: 'strangers' | 'estranged' }>): void {
    if (isOfOthers(message)) return this.#noteOthers(message)
    switch (message.kind) {
      case 'holdings':
        return this.#noteHoldings(message)
      case 'peers':
        this.peers = message.peers
        return
      case 'interfaces':
        this.interfaces = message.interfaces
        this.unused = message.unused
        this.trouble = message.trouble
        this.isPermitted = message.isPermitted
        return
      case 'twins':
        this.twins = message.twins
        return
      case 'quiet':
        this.quiet = message.quiet
        return
      case 'clear':
      case 'left':
        return
      default:
        return message satisfies never
    }
  }

  #noteOthers(message: OfOthers): void {
    if ('finding' in message) return this.#findings.note(message)
    if (message.kind === 'foreign') this.#foreign.begin(message.sighting)
    if (message.kind === 'foreignOver') this.#foreign.end(message.sighting)
    if (message.kind === 'conflict') this.#conflicts.begin(message.conflict)
    if (message.kind === 'insists') this.#conflicts.insist(message.conflict)
    if (message.kind === 'conflictOver') this.#conflicts.end(message.conflict)
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
}

function keyOf({ address, interface: name }: Answering): string {
  return `${formatAddress(address)} ${name}`
}
