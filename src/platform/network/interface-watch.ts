import { interfacesOf, type NetworkInterface } from './interfaces.ts'
import { bindSocket, closeDescriptor, errno, hostIsLittleEndian, openSocket, receive, send } from './libc.ts'
import { PollSet } from './poll-set.ts'
import { dumpRequest, getAddresses, getLinks, parseMessages, type RoutingMessage } from './rtnetlink.ts'

const afNetlink = 16
const sockRaw = 3
const changesOfLinksAndAddresses = 0x1 | 0x10 | 0x100

/** The interfaces of this network namespace, by rtnetlink: what is there now, and word as soon as it changes. */
export class InterfaceWatch {
  /** Readable when something changed. */
  readonly descriptor: number
  readonly #questions: number
  readonly #answers: PollSet
  readonly #buffer = new Uint8Array(65_536)

  constructor() {
    this.descriptor = openNetlink(changesOfLinksAndAddresses)
    this.#questions = openNetlink(0)
    this.#answers = new PollSet([this.#questions])
  }

  /** Reads all that was reported and answers whether any of it concerns more than traffic counters. */
  drain(): boolean {
    let changed = false
    for (;;) {
      const length = receive(this.descriptor, this.#buffer)
      if (length === -errno.noBuffers) changed = true
      else if (length <= 0) return changed
      else changed ||= this.#read(length).some(({ kind }) => kind !== 'other')
    }
  }

  /** All interfaces with their addresses, or undefined when the kernel did not answer in time. */
  read(): readonly NetworkInterface[] | undefined {
    const links = this.#ask(getLinks)
    const addresses = this.#ask(getAddresses)
    return links && addresses && interfacesOf([...links, ...addresses])
  }

  #ask(question: typeof getLinks | typeof getAddresses): readonly RoutingMessage[] | undefined {
    const request = dumpRequest(question)
    if (send(this.#questions, request, request.length) < 0) return undefined
    const messages: RoutingMessage[] = []
    for (;;) {
      const length = receive(this.#questions, this.#buffer)
      if (length <= 0 && !this.#answers.wait(100)) return undefined
      if (length > 0) messages.push(...this.#read(length))
      if (messages.some(({ kind }) => kind === 'done')) return messages
    }
  }

  #read(length: number): readonly RoutingMessage[] {
    return parseMessages(this.#buffer.subarray(0, Math.min(length, this.#buffer.length)))
  }

  [Symbol.dispose](): void {
    closeDescriptor(this.descriptor)
    closeDescriptor(this.#questions)
  }
}

function openNetlink(groups: number): number {
  const descriptor = openSocket(afNetlink, sockRaw, 0)
  const address = new DataView(new ArrayBuffer(12))
  address.setUint16(0, afNetlink, hostIsLittleEndian)
  address.setUint32(8, groups, hostIsLittleEndian)
  bindSocket(descriptor, new Uint8Array(address.buffer))
  return descriptor
}
