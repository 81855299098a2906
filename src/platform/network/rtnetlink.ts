import { hostIsLittleEndian } from './libc.ts'

/** rtnetlink(7): the kernel's links and addresses as messages. Plain bytes in, plain values out. */
export type RoutingMessage = LinkMessage | AddressMessage | { readonly kind: 'done' | 'other' }

export interface LinkMessage {
  readonly kind: 'link' | 'link gone'
  readonly index: number
  /** ARPHRD_…: 1 is Ethernet. */
  readonly hardware: number
  /** IFF_…, as in netdevice(7). */
  readonly flags: number
  readonly name: string
  /** Empty for a link without hardware addresses. */
  readonly mac: Uint8Array
  /** The index of the bridge or bond that it is a port of. */
  readonly master: number | undefined
}

export interface AddressMessage {
  readonly kind: 'address' | 'address gone'
  readonly index: number
  readonly prefixLength: number
  /** Four bytes or sixteen, in network order. */
  readonly address: Uint8Array
}

export const getLinks = 18
export const getAddresses = 22

const dumpFlags = 0x301 // NLM_F_REQUEST | NLM_F_DUMP
const headerLength = 16
const linkHeaderLength = 16
const addressHeaderLength = 8

/** Asks for all links, without their statistics, or for all addresses. */
export function dumpRequest(type: typeof getLinks | typeof getAddresses): Uint8Array {
  const extendedMask = 29
  const skipStatistics = 8
  const length = type === getLinks ? headerLength + linkHeaderLength + 8 : headerLength + addressHeaderLength
  const view = new DataView(new ArrayBuffer(length))
  view.setUint32(0, length, hostIsLittleEndian)
  view.setUint16(4, type, hostIsLittleEndian)
  view.setUint16(6, dumpFlags, hostIsLittleEndian)
  if (type === getLinks) {
    view.setUint16(32, 8, hostIsLittleEndian)
    view.setUint16(34, extendedMask, hostIsLittleEndian)
    view.setUint32(36, skipStatistics, hostIsLittleEndian)
  }
  return new Uint8Array(view.buffer)
}

/** Reads all messages of one datagram. What is cut short ends it; what we have no use for is 'other'. */
export function parseMessages(datagram: Uint8Array): readonly RoutingMessage[] {
  const messages: RoutingMessage[] = []
  let rest = datagram
  while (rest.length >= headerLength) {
    const view = viewOf(rest)
    const length = view.getUint32(0, hostIsLittleEndian)
    if (length < headerLength || length > rest.length) break
    messages.push(parseMessage(view.getUint16(4, hostIsLittleEndian), rest.subarray(headerLength, length)))
    rest = rest.subarray(aligned(length))
  }
  return messages
}

function parseMessage(type: number, body: Uint8Array): RoutingMessage {
  switch (type) {
    case 16:
      return parseLink('link', body)
    case 17:
      return parseLink('link gone', body)
    case 20:
      return parseAddress('address', body)
    case 21:
      return parseAddress('address gone', body)
    default:
      return { kind: type === 2 || type === 3 ? 'done' : 'other' }
  }
}

function parseLink(kind: LinkMessage['kind'], body: Uint8Array): RoutingMessage {
  if (body.length < linkHeaderLength) return { kind: 'other' }
  const view = viewOf(body)
  const attributes = parseAttributes(body.subarray(linkHeaderLength))
  return {
    kind,
    hardware: view.getUint16(2, hostIsLittleEndian),
    index: view.getInt32(4, hostIsLittleEndian),
    flags: view.getUint32(8, hostIsLittleEndian),
    name: text(attributes.get(3)),
    mac: attributes.get(1) ?? new Uint8Array(),
    master: numberIn(attributes.get(10)),
  }
}

/** IFA_LOCAL is the address of this host where the two differ (point to point); IPv6 has IFA_ADDRESS only. */
function parseAddress(kind: AddressMessage['kind'], body: Uint8Array): RoutingMessage {
  if (body.length < addressHeaderLength) return { kind: 'other' }
  const view = viewOf(body)
  const attributes = parseAttributes(body.subarray(addressHeaderLength))
  const address = attributes.get(2) ?? attributes.get(1)
  if (!address) return { kind: 'other' }
  const index = view.getUint32(4, hostIsLittleEndian)
  return { kind, index, prefixLength: view.getUint8(1), address }
}

/** Copies, so that what is read outlives the buffer. */
function parseAttributes(bytes: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const attributes = new Map<number, Uint8Array>()
  let rest = bytes
  while (rest.length >= 4) {
    const view = viewOf(rest)
    const length = view.getUint16(0, hostIsLittleEndian)
    if (length < 4 || length > rest.length) break
    attributes.set(view.getUint16(2, hostIsLittleEndian) & 0x3fff, rest.slice(4, length))
    rest = rest.subarray(aligned(length))
  }
  return attributes
}

function numberIn(bytes: Uint8Array | undefined): number | undefined {
  return bytes?.length === 4 ? viewOf(bytes).getUint32(0, hostIsLittleEndian) : undefined
}

function text(bytes: Uint8Array | undefined): string {
  return bytes ? new TextDecoder().decode(bytes).replace(/\0.*$/s, '') : ''
}

function aligned(length: number): number {
  return (length + 3) & ~3
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
