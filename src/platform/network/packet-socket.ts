import { attachFilter, bindSocket, closeDescriptor, errno, hostIsLittleEndian } from './libc.ts'
import { openSocket, receive, send, setSocketOption } from './libc.ts'
import { PollSet } from './poll-set.ts'

const afPacket = 17
const sockRaw = 3
const solSocket = 1
const sendBuffer = 7
const receiveBuffer = 8
const lockFilter = 44
const roomForAThousandFrames = 1 << 20
const drainMs = 2

export interface PacketSocketOptions {
  /** The interface's number; one that is made anew has another, and needs another socket. */
  readonly interfaceIndex: number
  readonly etherType: number
  /** A BPF program from filter.ts. */
  readonly filter: Uint8Array
  /** False when the filter may be replaced by another one. */
  readonly isFilterFixed?: boolean
  /**
   * Closes the descriptor in the end. The kernel makes sure then that nobody reads the socket any more, which takes 10 to
   * 25 ms: who cannot wait for so long has it done on another thread.
   */
  readonly close?: (descriptor: number) => void
}

/** What a socket has for us: `length` bytes of a frame, nothing, or word that its link went down. */
export const nothing = 0
export const linkDown = -1

/** Whole Ethernet frames of one kind on one interface. */
export class PacketSocket {
  readonly descriptor: number
  readonly #writable: PollSet
  readonly #close: (descriptor: number) => void

  constructor(options: PacketSocketOptions) {
    this.#close = options.close ?? closeDescriptor
    // With protocol 0 nothing is queued until bind: the filter is in place before the first frame.
    this.descriptor = openSocket(afPacket, sockRaw, 0, 'packet sockets need root or CAP_NET_RAW')
    this.#writable = new PollSet([this.descriptor], 'writable')
    try {
      setSocketOption(this.descriptor, solSocket, sendBuffer, word(roomForAThousandFrames))
      // As much of it as net.core.rmem_max allows: others' frames must not take the room while we are not run.
      setSocketOption(this.descriptor, solSocket, receiveBuffer, word(roomForAThousandFrames))
      attachFilter(this.descriptor, options.filter)
      bindSocket(this.descriptor, linkLayerAddress(options))
      if (options.isFilterFixed !== false) setSocketOption(this.descriptor, solSocket, lockFilter, word(1))
    } catch (error) {
      this.#close(this.descriptor)
      throw error
    }
  }

  /** From now on only what passes this filter is queued. */
  replaceFilter(filter: Uint8Array): void {
    attachFilter(this.descriptor, filter)
  }

  /**
   * Reads one frame into `buffer` and answers its length on the wire (more than the buffer when it was cut),
   * `nothing` when none waits, or `linkDown`, once for each time that the link goes down.
   */
  receive(buffer: Uint8Array): number {
    const outcome = receive(this.descriptor, buffer)
    if (outcome >= 0) return outcome
    return outcome === -errno.networkDown ? linkDown : nothing
  }

  /**
   * Sends one frame; answers whether the kernel took it. It does not while the link is down; while more is queued
   * than it has room for, that is waited for a moment.
   */
  send(frame: Uint8Array): boolean {
    const outcome = send(this.descriptor, frame, frame.length)
    if (outcome !== -errno.again && outcome !== -errno.noBuffers) return outcome === frame.length
    this.#writable.wait(drainMs)
    return send(this.descriptor, frame, frame.length) === frame.length
  }

  [Symbol.dispose](): void {
    this.#close(this.descriptor)
  }
}

/** struct sockaddr_ll: the EtherType in network order, the rest in the host's. */
function linkLayerAddress({ etherType, interfaceIndex }: PacketSocketOptions): Uint8Array {
  const view = new DataView(new ArrayBuffer(20))
  view.setUint16(0, afPacket, hostIsLittleEndian)
  view.setUint16(2, etherType)
  view.setInt32(4, interfaceIndex, hostIsLittleEndian)
  return new Uint8Array(view.buffer)
}

function word(value: number): Uint8Array {
  return new Uint8Array(new Int32Array([value]).buffer)
}
