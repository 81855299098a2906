import { writeIpv6 } from '../../core/wire/ipv6.ts'
import { closeDescriptor, hostIsLittleEndian, openSocket, setSocketOption } from './libc.ts'
import { SystemCallError } from './libc.ts'

const afInet6 = 10
const sockDgram = 2
const ipv6Level = 41
const joinGroup = 20
const leaveGroup = 21
/** The kernel's memory for the options of one socket (net.core.optmem_max) has room for more than this anywhere. */
const groupsPerSocket = 64
/** Past this a card's filter lets everything in anyway, and a switch has long given up. */
const mostGroups = 4_096

interface Socket {
  readonly descriptor: number
  count: number
}

/**
 * Membership of IPv6 groups on one interface: the network card then lets their frames in, and switches that snoop MLD
 * pass them on. The sockets are bound to no port and receive nothing themselves.
 */
export class Ipv6Groups implements Disposable {
  readonly #interfaceIndex: number
  readonly #joined = new Map<bigint, Socket>()
  readonly #sockets = new Set<Socket>()

  constructor(interfaceIndex: number) {
    this.#interfaceIndex = interfaceIndex
  }

  /**
   * Leaves what is not wanted any more and joins what is new, the first 4,096. What the kernel refuses, as it does
   * without IPv6 on the interface, is tried again at the next call.
   */
  follow(wanted: ReadonlySet<bigint>): void {
    for (const [group, socket] of this.#joined) if (!wanted.has(group)) this.#leave(group, socket)
    for (const group of wanted) {
      if (this.#joined.has(group)) continue
      if (this.#joined.size >= mostGroups || !this.#join(group)) return
    }
  }

  #join(group: bigint): boolean {
    const socket = [...this.#sockets].find(({ count }) => count < groupsPerSocket) ?? this.#open()
    if (!socket || !this.#ask(joinGroup, group, socket)) return false
    socket.count++
    this.#joined.set(group, socket)
    return true
  }

  /** What the kernel refuses to leave it has left already. */
  #leave(group: bigint, socket: Socket): void {
    this.#joined.delete(group)
    socket.count--
    if (socket.count > 0) return void this.#ask(leaveGroup, group, socket)
    this.#sockets.delete(socket)
    closeDescriptor(socket.descriptor)
  }

  #ask(what: number, group: bigint, { descriptor }: Socket): boolean {
    return isGranted(() => setSocketOption(descriptor, ipv6Level, what, this.#request(group)))
  }

  /** Undefined in a kernel that has no IPv6 at all. */
  #open(): Socket | undefined {
    let socket: Socket | undefined
    isGranted(() => {
      socket = { descriptor: openSocket(afInet6, sockDgram, 0), count: 0 }
      this.#sockets.add(socket)
    })
    return socket
  }

  /** struct ipv6_mreq: the group in network order, the interface's number. */
  #request(group: bigint): Uint8Array {
    const bytes = new Uint8Array(20)
    writeIpv6(bytes, 0, group)
    new DataView(bytes.buffer).setInt32(16, this.#interfaceIndex, hostIsLittleEndian)
    return bytes
  }

  [Symbol.dispose](): void {
    for (const { descriptor } of this.#sockets) closeDescriptor(descriptor)
  }
}

function isGranted(call: () => void): boolean {
  try {
    call()
    return true
  } catch (error) {
    if (error instanceof SystemCallError) return false
    throw error
  }
}
