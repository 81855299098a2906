/** EtherTypes that a speaker reads. */
export const etherTypeIpv4 = 0x0800
export const etherTypeArp = 0x0806
export const etherTypeIpv6 = 0x86dd
/** Shortest Ethernet frame without its check sequence; shorter payloads are padded to it. */
export const minFrameBytes = 60
export const ethernetHeaderBytes = 14

/** Everyone on the segment. */
export const broadcastMac = 0xffffffffffffn

/** The 48-bit number in six bytes, in network order. */
export function readMac(bytes: Uint8Array, offset: number): bigint {
  return BigInt(readUint16(bytes, offset)) * 0x1_0000_0000n + BigInt(readUint32(bytes, offset + 2))
}

/** Writes a 48-bit number as six bytes, in network order. */
export function writeMac(bytes: Uint8Array, offset: number, mac: bigint): void {
  writeUint16(bytes, offset, Number(mac >> 32n))
  writeUint32(bytes, offset + 2, Number(mac & 0xffffffffn))
}

/** Six bytes of a 48-bit number. */
export function macBytes(mac: bigint): Uint8Array {
  const bytes = new Uint8Array(6)
  writeMac(bytes, 0, mac)
  return bytes
}

/** True when the MAC there is of a group, or of everyone; the caller has checked that it is there. */
export function isGroupMac(frame: Uint8Array, offset: number): boolean {
  return ((frame[offset] as number) & 1) === 1
}

/** True when the MAC there is this one. Allocates nothing. */
export function hasMacAt(frame: Uint8Array, offset: number, mac: Uint8Array): boolean {
  return (
    readUint32(frame, offset) === readUint32(mac, 0) && readUint16(frame, offset + 4) === readUint16(mac, 4)
  )
}

/** Copies six bytes. Allocates nothing. */
export function copyMac(to: Uint8Array, toAt: number, from: Uint8Array, fromAt: number): void {
  writeUint32(to, toAt, readUint32(from, fromAt))
  writeUint16(to, toAt + 4, readUint16(from, fromAt + 4))
}

/** Reads `02:00:5e:10:00:01` in either case, or answers undefined for anything else. */
export function parseMac(text: string): bigint | undefined {
  return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text) ? BigInt(`0x${text.replaceAll(':', '')}`) : undefined
}

/** The usual text, in lower case. */
export function formatMac(mac: bigint): string {
  return mac
    .toString(16)
    .padStart(12, '0')
    .replace(/..(?!$)/g, '$&:')
}

/** Writes the 14 bytes that every frame begins with. */
export function writeEthernetHeader(
  frame: Uint8Array,
  destination: bigint,
  source: bigint,
  etherType: number,
): void {
  writeMac(frame, 0, destination)
  writeMac(frame, 6, source)
  writeUint16(frame, 12, etherType)
}

/** The EtherType of a frame of at least 14 bytes. */
export function etherTypeOf(frame: Uint8Array): number {
  return readUint16(frame, 12)
}

/** Reads two bytes in network order; the caller has checked that they are there. */
export function readUint16(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] as number) << 8) | (bytes[offset + 1] as number)
}

/** Reads four bytes in network order as an unsigned number. */
export function readUint32(bytes: Uint8Array, offset: number): number {
  return readUint16(bytes, offset) * 0x1_0000 + readUint16(bytes, offset + 2)
}

/** Writes two bytes in network order. */
export function writeUint16(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 8
  bytes[offset + 1] = value
}

/** Writes four bytes in network order. */
export function writeUint32(bytes: Uint8Array, offset: number, value: number): void {
  writeUint16(bytes, offset, value >>> 16)
  writeUint16(bytes, offset + 2, value & 0xffff)
}
