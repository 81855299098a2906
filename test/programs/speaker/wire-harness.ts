import type { Duty } from '../../../src/core/election/event.ts'
import { formatAddress, parseAddress, type Address } from '../../../src/core/ip/address.ts'
import { decodeArpFrame, encodeArpFrame } from '../../../src/core/wire/arp.ts'
import { broadcastMac, formatMac, parseMac } from '../../../src/core/wire/ethernet.ts'
import { arpFilter } from '../../../src/platform/network/filter.ts'
import { InterfaceWatch } from '../../../src/platform/network/interface-watch.ts'
import { nothing, PacketSocket } from '../../../src/platform/network/packet-socket.ts'
import { PollSet } from '../../../src/platform/network/poll-set.ts'
import type { Counted } from '../../../src/programs/speaker/counters.ts'
import type { FromWire, ToWire } from '../../../src/programs/speaker/messages.ts'
import { WireFacts } from '../../../src/programs/speaker/wire-facts.ts'
import { WireThread } from '../../../src/programs/speaker/wire-thread.ts'
import { inNamespace, Lan, type Host } from '../../support/namespaces.ts'

export const clusterKey = new Uint8Array(32).fill(11)
const program = new URL('../../../dist/speaker-wire.js', import.meta.url)

export function addressOf(text: string): Address {
  const address = parseAddress(text)
  if (!address) throw new Error(`${text} is no address`)
  return address
}

/** A duty that all these nodes are candidates for, placed on the first. */
export function dutyOf(text: string, nodes: readonly string[], revision = 1): Duty {
  const candidates = nodes.map((node) => ({ node, lastResort: false }))
  const [node] = nodes
  return {
    address: addressOf(text),
    placement: node === undefined ? undefined : { node, revision },
    candidates,
  }
}

/** A worker on the wire in a host's namespace, and what it has told. */
export class TestSpeaker {
  readonly node: string
  readonly host: Host
  readonly facts = new WireFacts()
  readonly told: FromWire[] = []
  readonly thread: WireThread

  constructor(
    node: string,
    host: Host,
    duties: readonly Duty[] = [],
    key: Uint8Array = clusterKey,
    intervalMs = 50,
  ) {
    this.node = node
    this.host = host
    const onMessage = (message: FromWire): void => {
      this.told.push(message)
      this.facts.note(message)
    }
    const options = { node, interfaces: [], intervalMs, keys: { current: key }, program, onMessage }
    this.thread = inNamespace(host, () => new WireThread(options))
    this.say({ kind: 'contact', contact: true })
    this.say({ kind: 'duties', duties })
  }

  say(message: ToWire): void {
    this.thread.say(message)
  }

  /** Tells it whose MACs the others have, as their Speaker objects do. */
  acquaint(...others: readonly TestSpeaker[]): void {
    const macs = others.map(({ node, host }): [bigint, string] => [parseMac(host.mac) ?? 0n, node])
    this.say({ kind: 'speakers', macs: new Map(macs) })
  }

  counted(what: Counted): number {
    return this.thread.counters.valueOf(what)
  }

  get announcing(): readonly string[] {
    return this.facts.announcing.map(({ answering }) => formatAddress(answering.address))
  }

  get peers(): readonly string[] {
    return this.facts.peers.map(({ node }) => node)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.thread.leave(0)
  }
}

/** Whoever asks on the LAN. */
export class Asker implements Disposable {
  readonly socket: PacketSocket
  readonly #host: Host
  readonly #mac: bigint
  readonly #buffer = new Uint8Array(2048)
  readonly #ready: PollSet

  constructor(host: Host) {
    this.#host = host
    this.#mac = parseMac(host.mac) ?? 0n
    this.socket = socketOn(host, 0x0806, arpFilter)
    this.#ready = new PollSet([this.socket.descriptor])
  }

  /** An ARP request of this host, to be changed by tests. */
  request(text: string, destination = broadcastMac): Uint8Array {
    const [senderIp, targetIp] = [ipv4Of(this.#host.address), ipv4Of(text)]
    return encodeArpFrame(destination, this.#mac, {
      operation: 'request',
      senderMac: this.#mac,
      senderIp,
      targetMac: 0n,
      targetIp,
    })
  }

  /** The MACs of all who answered to the frame in this time; returns at the first when `first`. */
  macsAfter(frame: Uint8Array, text: string, withinMs: number, first = true): readonly string[] {
    this.drain()
    this.socket.send(frame)
    return this.macsWithin(text, withinMs, first)
  }

  /** The MACs of all answers that come in this time, whenever they were asked for. */
  macsWithin(text: string, withinMs: number, first = false): readonly string[] {
    const macs: string[] = []
    const untilMs = performance.now() + withinMs
    while (performance.now() < untilMs && !(first && macs.length > 0)) {
      this.#ready.wait(untilMs - performance.now())
      const mac = this.#readReply(ipv4Of(text))
      if (mac !== undefined) macs.push(mac)
    }
    return [...new Set(macs)]
  }

  /** The MAC that answers for the address, undefined when none does for 100 ms. */
  ask(text: string, withinMs = 100): string | undefined {
    return this.macsAfter(this.request(text), text, withinMs)[0]
  }

  drain(): void {
    while (this.socket.receive(this.#buffer) !== nothing);
  }

  /** Only replies to this host: gratuitous ones go to all. */
  #readReply(senderIp: number): string | undefined {
    const length = this.socket.receive(this.#buffer)
    const packet = decodeArpFrame(this.#buffer, length)
    if (typeof packet === 'string' || packet.operation !== 'reply' || packet.senderIp !== senderIp)
      return undefined
    return packet.targetMac === this.#mac ? formatMac(packet.senderMac) : undefined
  }

  [Symbol.dispose](): void {
    this.socket[Symbol.dispose]()
  }
}

export function socketOn(host: Host, etherType: number, filter: Uint8Array): PacketSocket {
  return inNamespace(host, () => {
    using watch = new InterfaceWatch()
    const card = watch.read()?.find(({ name }) => name === 'eth0')
    return new PacketSocket({ interfaceIndex: card?.index ?? 0, etherType, filter })
  })
}

export function ipv4Of(text: string): number {
  return Number(addressOf(text).value)
}

/** Waits until it holds, letting workers' messages in; fails with the question after a time far beyond any promise. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 10_000,
): Promise<void> {
  const endMs = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`waited in vain for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Closes what a test opened when it is over, the newest first. */
export function openUntilTheEnd(afterEach: (close: () => Promise<void>) => void): {
  readonly open: <T extends Disposable | AsyncDisposable>(one: T) => T
  readonly lanOfThree: () => {
    readonly lan: Lan
    readonly client: Host
    readonly one: Host
    readonly two: Host
  }
} {
  const opened: (Disposable | AsyncDisposable)[] = []
  afterEach(async () => {
    for (const one of opened.splice(0).toReversed()) {
      if (Symbol.asyncDispose in one) await one[Symbol.asyncDispose]()
      else one[Symbol.dispose]()
    }
  })
  function open<T extends Disposable | AsyncDisposable>(one: T): T {
    opened.push(one)
    return one
  }
  function lanOfThree(): {
    readonly lan: Lan
    readonly client: Host
    readonly one: Host
    readonly two: Host
  } {
    const lan = open(new Lan(3))
    const [client, one, two] = lan.hosts
    if (!client || !one || !two) throw new Error('a LAN of three has three hosts')
    return { lan, client, one, two }
  }
  return { open, lanOfThree }
}
