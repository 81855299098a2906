import { parseMac, readMac, readUint16 } from '../../../src/core/wire/ethernet.ts'
import { readIpv6 } from '../../../src/core/wire/ipv6.ts'
import { arpFilter } from '../../../src/platform/network/filter.ts'
import { nothing, type PacketSocket } from '../../../src/platform/network/packet-socket.ts'
import type { Host } from '../../support/namespaces.ts'
import { addressOf, ipv4Of, socketOn } from './wire-harness.ts'

const ndpTypeAt = 54

/** Hears at a host what a client sends for an address: packets that come to this host, and questions that go to all. */
export class Ear implements Disposable {
  readonly #isFor: (frame: Uint8Array, at: number) => boolean
  readonly #isIpv6: boolean
  readonly #client: bigint
  readonly #ip: PacketSocket
  readonly #arp: PacketSocket
  readonly #buffer = new Uint8Array(2048)
  #packets = 0
  #questions = 0

  constructor(host: Host, text: string, client: Host) {
    this.#client = parseMac(client.mac) ?? 0n
    this.#isIpv6 = text.includes(':')
    const { value } = addressOf(text)
    this.#isFor = this.#isIpv6
      ? (frame, at) => readIpv6(frame, at) === value
      : (frame, at) => new DataView(frame.buffer).getUint32(at) === ipv4Of(text)
    this.#ip = socketOn(host, this.#isIpv6 ? 0x86dd : 0x0800, arpFilter)
    this.#arp = socketOn(host, 0x0806, arpFilter)
  }

  get packets(): number {
    this.#listen()
    return this.#packets
  }

  get questions(): number {
    this.#listen()
    return this.#questions
  }

  #listen(): void {
    while (this.#arp.receive(this.#buffer) !== nothing) if (this.#isArpQuestion()) this.#questions++
    while (this.#ip.receive(this.#buffer) !== nothing) {
      if (readMac(this.#buffer, 6) !== this.#client) continue
      if (this.#isNdpQuestion()) this.#questions++
      else if (this.#isFor(this.#buffer, this.#isIpv6 ? 38 : 30)) this.#packets++
    }
  }

  #isArpQuestion(): boolean {
    const isClients = readMac(this.#buffer, 6) === this.#client && readUint16(this.#buffer, 20) === 1
    return !this.#isIpv6 && isClients && this.#isFor(this.#buffer, 38)
  }

  #isNdpQuestion(): boolean {
    const isSolicitation = this.#buffer[20] === 58 && this.#buffer[ndpTypeAt] === 135
    return this.#isIpv6 && isSolicitation && this.#isFor(this.#buffer, 62)
  }

  [Symbol.dispose](): void {
    this.#ip[Symbol.dispose]()
    this.#arp[Symbol.dispose]()
  }
}
