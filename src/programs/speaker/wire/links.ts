import type { Segment } from '../../../core/election/event.ts'
import { InterfaceWatch } from '../../../platform/network/interface-watch.ts'
import {
  unusedInterfaces,
  usableInterfaces,
  type NetworkInterface,
  type UnusedInterface,
} from '../../../platform/network/interfaces.ts'
import { SystemCallError } from '../../../platform/network/libc.ts'
import { PollSet } from '../../../platform/network/poll-set.ts'
import { Link } from './link.ts'

/** Of each link: heartbeats of both families, ARP and NDP, in this order. */
const socketsEach = 4

/** What became of the interfaces since the last look. */
export interface LinkNews {
  readonly interfaces: readonly NetworkInterface[]
  /** Others that a person may ask about. */
  readonly unused: readonly UnusedInterface[]
  readonly segments: readonly Segment[]
  /** Which of them cannot be used and why, in words; they are tried again at each look. */
  readonly trouble: string
  /** False when the kernel refuses packet sockets, whatever the interface; `trouble` does not speak of that. */
  readonly isPermitted: boolean
}

/**
 * The links that we speak on, kept in step with the kernel's. An interface that was made anew is another link:
 * the sockets of the old one are bound to nothing and would stay silent for ever.
 */
export class Links implements Disposable {
  readonly #watch = new InterfaceWatch()
  readonly #globs: readonly string[]
  readonly #wakeDescriptor: number
  readonly #closePacketSocket: (descriptor: number) => void
  readonly #byName = new Map<string, Link>()
  #ownMacs: ReadonlySet<bigint> = new Set()
  #all: readonly Link[] = []
  #poll: PollSet
  #last = ''
  #isPermitted = true

  constructor(globs: readonly string[], wakeDescriptor: number, closePacketSocket: (one: number) => void) {
    this.#globs = globs
    this.#closePacketSocket = closePacketSocket
    this.#wakeDescriptor = wakeDescriptor
    this.#poll = this.#pollSet()
  }

  get all(): readonly Link[] {
    return this.#all
  }

  /** When the gate of one of them is to be turned. */
  get gatesDueAt(): number {
    return Math.min(...this.#all.map(({ gate }) => gate.dueAt))
  }

  linkOf(name: string): Link | undefined {
    return this.#byName.get(name)
  }

  /** Whether the MAC is of any interface of this node, used or not: its kernel may answer through each of them. */
  isOurMac(mac: bigint): boolean {
    return this.#ownMacs.has(mac)
  }

  /** Waits for a frame, a message or a change of the interfaces, `timeoutMs` at most; true when there is any. */
  wait(timeoutMs: number): boolean {
    return this.#poll.wait(timeoutMs)
  }

  /** These speak about the last wait, if it found anything; `index` is the link's place in `all`. */
  isWoken(): boolean {
    return this.#poll.isReady(0)
  }

  hasChanged(): boolean {
    return this.#poll.isReady(1) && this.#watch.drain()
  }

  hasHeartbeats(index: number): boolean {
    const at = 2 + socketsEach * index
    return this.#poll.isReady(at) || this.#poll.isReady(at + 1)
  }

  hasFrames(index: number): boolean {
    const at = 4 + socketsEach * index
    return this.#poll.isReady(at) || this.#poll.isReady(at + 1)
  }

  /** Asks the kernel, opens and closes what that means, and tells the news, if there is any. */
  look(): LinkNews | undefined {
    const found = this.#watch.read()
    if (!found) return undefined
    this.#ownMacs = new Set(found.map(({ mac }) => mac).filter((mac) => mac !== 0n))
    const interfaces = usableInterfaces(found, this.#globs)
    const unused = unusedInterfaces(found, this.#globs)
    const trouble = this.#bringInStep(interfaces)
    const now = JSON.stringify([interfaces, unused, trouble, this.#isPermitted], (_, value: unknown) =>
      typeof value === 'bigint' ? `${value}` : value,
    )
    if (now === this.#last) return undefined
    this.#last = now
    const segments = this.#all.map(({ segment }) => segment)
    return { interfaces, unused, segments, trouble, isPermitted: this.#isPermitted }
  }

  /** Answers what could not be opened and why, in words. */
  #bringInStep(interfaces: readonly NetworkInterface[]): string {
    for (const link of this.#all) {
      if (!interfaces.some(({ name, index }) => name === link.name && index === link.index)) this.#close(link)
    }
    this.#isPermitted = true
    const troubles = interfaces.map((described) => this.#takeUp(described)).filter((text) => text !== '')
    this.#all = [...this.#byName.values()]
    this.#poll = this.#pollSet()
    return troubles.join('; ')
  }

  #takeUp(described: NetworkInterface): string {
    const link = this.#byName.get(described.name)
    if (link) link.update(described)
    return link ? '' : this.#open(described)
  }

  #open(described: NetworkInterface): string {
    try {
      this.#byName.set(described.name, new Link(described, this.#closePacketSocket))
      return ''
    } catch (error) {
      if (error instanceof SystemCallError && error.code === 'EPERM') this.#isPermitted = false
      if (!this.#isPermitted) return ''
      return `${described.name} cannot be used: ${error instanceof Error ? error.message : String(error)}`
    }
  }

  #close(link: Link): void {
    this.#byName.delete(link.name)
    link[Symbol.dispose]()
  }

  #pollSet(): PollSet {
    const sockets = this.#all.flatMap(({ heartbeats, arp, ndp }) => [
      heartbeats.IPv4,
      heartbeats.IPv6,
      arp,
      ndp,
    ])
    const descriptors = sockets.map(({ descriptor }) => descriptor)
    return new PollSet([this.#wakeDescriptor, this.#watch.descriptor, ...descriptors])
  }

  [Symbol.dispose](): void {
    for (const link of this.#all) link[Symbol.dispose]()
    this.#watch[Symbol.dispose]()
  }
}
