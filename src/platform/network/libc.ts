import { constants, endianness } from 'node:os'
import { getSystemErrorName } from 'node:util'
import koffi from 'koffi'

/** What a call into libc answers: a count or a descriptor, or, when it failed, the negated errno. */
export type Outcome = number

/** Whether numbers in host order (netlink, BPF, pollfd) are written little end first. */
export const hostIsLittleEndian = endianness() === 'LE'

/** The errno values that our sockets meet in ordinary life. */
export const errno = {
  again: constants.errno.EAGAIN,
  interrupted: constants.errno.EINTR,
  networkDown: constants.errno.ENETDOWN,
  noBuffers: constants.errno.ENOBUFS,
} as const

/** A call of the operating system that was refused, by the name of its errno. */
export class SystemCallError extends Error {
  readonly code: string

  constructor(call: string, outcome: Outcome, mend = '') {
    const code = getSystemErrorName(outcome)
    super(`${call} failed with ${code}${mend && `: ${mend}`}`)
    this.name = 'SystemCallError'
    this.code = code
  }
}

// The symbols of this very process: glibc or musl, whichever Node was linked with.
const process = koffi.load(null)
koffi.struct('sock_fprog', { len: 'uint16_t', filter: 'const void *' })

const calls = {
  socket: process.func('int socket(int domain, int type, int protocol)'),
  bind: process.func('int bind(int fd, const void *address, uint32_t length)'),
  setsockopt: process.func('int setsockopt(int fd, int level, int name, const void *value, uint32_t length)'),
  attach: process.func('setsockopt', 'int', ['int', 'int', 'int', 'const sock_fprog *', 'uint32_t']),
  poll: process.func('int poll(void *fds, unsigned long count, int timeoutMs)'),
  recv: process.func('intptr_t recv(int fd, void *buffer, size_t length, int flags)'),
  send: process.func('intptr_t send(int fd, const void *buffer, size_t length, int flags)'),
  read: process.func('intptr_t read(int fd, void *buffer, size_t length)'),
  write: process.func('intptr_t write(int fd, const void *buffer, size_t length)'),
  eventfd: process.func('int eventfd(unsigned int value, int flags)'),
  close: process.func('int close(int fd)'),
  clockGettime: process.func('int clock_gettime(int clock, void *time)'),
}

function outcomeOf(result: number): Outcome {
  return result < 0 ? -koffi.errno() : result
}

function insist(call: string, result: number, mend?: string): number {
  if (result < 0) throw new SystemCallError(call, -koffi.errno(), mend)
  return result
}

const closeOnExec = 0o2000000
const nonBlocking = 0o4000

/** A new socket, closed on exec and never blocking. */
export function openSocket(domain: number, type: number, protocol: number, mend?: string): number {
  return insist('socket', calls.socket(domain, type | closeOnExec | nonBlocking, protocol), mend)
}

export function bindSocket(fd: number, address: Uint8Array): void {
  insist('bind', calls.bind(fd, address, address.length))
}

export function setSocketOption(fd: number, level: number, name: number, value: Uint8Array): void {
  insist('setsockopt', calls.setsockopt(fd, level, name, value, value.length))
}

/** Lets the kernel drop, before they are queued, all frames that the program (an array of sock_filter) refuses. */
export function attachFilter(fd: number, program: Uint8Array): void {
  const length = koffi.sizeof('sock_fprog')
  insist('setsockopt', calls.attach(fd, 1, 26, { len: program.length / 8, filter: program }, length))
}

/** Waits until one of the descriptors (an array of struct pollfd) is ready; 0 when the time ran out first. */
export function poll(descriptors: Uint8Array, count: number, timeoutMs: number): Outcome {
  return outcomeOf(calls.poll(descriptors, count, timeoutMs))
}

/** The length of one datagram, which was cut to the buffer if it is more than that. Never waits. */
export function receive(fd: number, buffer: Uint8Array): Outcome {
  const messageTruncated = 0x20
  const dontWait = 0x40
  return outcomeOf(calls.recv(fd, buffer, buffer.length, messageTruncated | dontWait))
}

/** Hands the first `length` bytes to the kernel. Never waits. */
export function send(fd: number, buffer: Uint8Array, length: number): Outcome {
  return outcomeOf(calls.send(fd, buffer, length, 0x40))
}

/** A counter of the kernel that wakes whoever polls it. Works between threads of one process. */
export function createWakeDescriptor(): number {
  return insist('eventfd', calls.eventfd(0, closeOnExec | nonBlocking))
}

const one = new Uint8Array(new BigUint64Array([1n]).buffer)

export function wake(fd: number): void {
  calls.write(fd, one, one.length)
}

const spent = new Uint8Array(8)

export function acknowledgeWake(fd: number): void {
  calls.read(fd, spent, spent.length)
}

const bootTime = 7
const timespec = new BigInt64Array(2)
const secondsAndNanoseconds = new Int32Array(timespec.buffer)
const [secondsAt, nanosecondsAt] = hostIsLittleEndian ? [0, 2] : [1, 3]

/**
 * Milliseconds on a clock that only ever goes forward, and that goes on while the machine is suspended (CLOCK_BOOTTIME):
 * `performance.now` stands still then, and has another zero.
 */
export function bootTimeMs(): number {
  calls.clockGettime(bootTime, timespec)
  const [seconds = 0, nanoseconds = 0] = [
    secondsAndNanoseconds[secondsAt],
    secondsAndNanoseconds[nanosecondsAt],
  ]
  return seconds * 1_000 + nanoseconds / 1e6
}

export function closeDescriptor(fd: number): void {
  calls.close(fd)
}
