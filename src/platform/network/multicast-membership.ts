import { closeDescriptor, hostIsLittleEndian, openSocket, setSocketOption } from './libc.ts'

const afInet = 2
const sockDgram = 2
const addMembership = 35

/**
 * Membership of an IPv4 group on one interface: the network card then lets the group's frames in, and switches that
 * snoop IGMP pass them on. The socket is bound to no port and receives nothing itself.
 */
export class MulticastMembership {
  readonly #descriptor: number

  constructor(group: number, interfaceIndex: number) {
    this.#descriptor = openSocket(afInet, sockDgram, 0)
    try {
      setSocketOption(this.#descriptor, 0, addMembership, membershipRequest(group, interfaceIndex))
    } catch (error) {
      closeDescriptor(this.#descriptor)
      throw error
    }
  }

  [Symbol.dispose](): void {
    closeDescriptor(this.#descriptor)
  }
}

/** struct ip_mreqn: the group in network order, no address, the interface's number. */
function membershipRequest(group: number, interfaceIndex: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(12))
  view.setUint32(0, group)
  view.setInt32(8, interfaceIndex, hostIsLittleEndian)
  return new Uint8Array(view.buffer)
}
