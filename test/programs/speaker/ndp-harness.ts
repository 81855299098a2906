import { spawnSync } from 'node:child_process'
import { solicit } from '../../../src/core/announcement/solicit.ts'
import { formatMac, macBytes, parseMac } from '../../../src/core/wire/ethernet.ts'
import { decodeNdpFrame, type NdpPacket } from '../../../src/core/wire/ndp.ts'
import { ndpFilter } from '../../../src/platform/network/filter.ts'
import { nothing, type PacketSocket } from '../../../src/platform/network/packet-socket.ts'
import { PollSet } from '../../../src/platform/network/poll-set.ts'
import { ip, type Host } from '../../support/namespaces.ts'
import { addressOf, socketOn } from './wire-harness.ts'

/** Gives hosts an address fd88::N each, at once usable; without IPv4 when they shall have IPv6 alone. */
export function giveIpv6(hosts: readonly Host[], only?: 'IPv6 only'): void {
  for (const host of hosts) {
    if (only) ip('-n', host.namespace, 'addr', 'flush', 'dev', 'eth0', 'scope', 'global')
    ip('-n', host.namespace, 'addr', 'add', `${ipv6Of(host)}/64`, 'dev', 'eth0', 'nodad')
  }
}

export function ipv6Of(host: Host): string {
  return `fd88::${host.address.split('.').at(-1) ?? ''}`
}

export function groupsOf(host: Host): readonly string[] {
  return ip('-n', host.namespace, '-6', 'maddr', 'show', 'dev', 'eth0')
    .split('\n')
    .flatMap((line) => /inet6 (\S+)/.exec(line)?.[1] ?? [])
}

/** The MACs that Debian's ndisc6 is told, in capitals as it prints them, in small letters here. */
export function ndisc6(host: Host, text: string, ...options: readonly string[]): readonly string[] {
  const argv = ['netns', 'exec', host.namespace, 'ndisc6', '-q', '-w', '300', ...options, text, 'eth0']
  const { stdout } = spawnSync('ip', argv, { encoding: 'utf8' })
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.toLowerCase())
}

/** Whoever asks on the LAN by hand. */
export class Ndp6Asker implements Disposable {
  readonly socket: PacketSocket
  readonly mac: bigint
  readonly #source: bigint
  readonly #buffer = new Uint8Array(2048)
  readonly #ready: PollSet

  constructor(host: Host) {
    this.mac = parseMac(host.mac) ?? 0n
    this.#source = addressOf(ipv6Of(host)).value
    this.socket = socketOn(host, 0x86dd, ndpFilter)
    this.#ready = new PollSet([this.socket.descriptor])
  }

  /** A solicitation of this host, to be changed by tests. */
  question(text: string, to?: string): Uint8Array {
    const frame = solicit(this.mac, this.#source, addressOf(text).value)
    if (to !== undefined) frame.set(macBytes(parseMac(to) ?? 0n))
    return frame
  }

  /** The MACs of all who answered to the frame in this time; returns at the first when `first`. */
  macsAfter(frame: Uint8Array, text: string, withinMs: number, first = true): readonly string[] {
    while (this.socket.receive(this.#buffer) !== nothing);
    this.socket.send(frame)
    return this.macsWithin(text, withinMs, first)
  }

  /** The MACs of all answers that come in this time, whenever they were asked for. */
  macsWithin(text: string, withinMs: number, first = false): readonly string[] {
    const macs: string[] = []
    const untilMs = performance.now() + withinMs
    while (performance.now() < untilMs && !(first && macs.length > 0)) {
      this.#ready.wait(untilMs - performance.now())
      const mac = macIn(decodeNdpFrame(this.#buffer, this.socket.receive(this.#buffer)), text)
      if (mac !== undefined) macs.push(mac)
    }
    return [...new Set(macs)]
  }

  ask(text: string, withinMs = 100): string | undefined {
    return this.macsAfter(this.question(text), text, withinMs)[0]
  }

  [Symbol.dispose](): void {
    this.socket[Symbol.dispose]()
  }
}

/** Only solicited ones: others go to all. */
function macIn(packet: NdpPacket | string, text: string): string | undefined {
  if (typeof packet === 'string' || packet.message.type !== 'advertisement') return undefined
  const { solicited, target, targetLinkLayer } = packet.message
  if (!solicited || target !== addressOf(text).value || targetLinkLayer === undefined) return undefined
  return formatMac(targetLinkLayer)
}
