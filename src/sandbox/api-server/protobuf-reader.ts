import { badRequest } from './failure.ts'

/** One field as it stands on the wire: a number, or bytes. */
export interface WireField {
  readonly number: number
  readonly value: bigint | Uint8Array
}

/** The fields of one protobuf message in the order they stand. */
export function* wireFields(bytes: Uint8Array): Generator<WireField> {
  const cursor = { bytes, at: 0 }
  while (cursor.at < bytes.length) {
    const tag = Number(varint(cursor))
    yield { number: tag >>> 3, value: valueOf(cursor, tag & 7) }
  }
}

interface Cursor {
  readonly bytes: Uint8Array
  at: number
}

function varint(cursor: Cursor): bigint {
  let value = 0n
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = cursor.bytes[cursor.at++]
    if (byte === undefined) break
    value |= BigInt(byte & 0x7f) << shift
    if (byte < 0x80) return BigInt.asIntN(64, value)
  }
  throw cutOff()
}

function valueOf(cursor: Cursor, wireType: number): bigint | Uint8Array {
  if (wireType === 0) return varint(cursor)
  const lengths: Readonly<Record<number, () => number>> = {
    1: () => 8,
    2: () => Number(varint(cursor)),
    5: () => 4,
  }
  const length = lengths[wireType]?.()
  if (length === undefined || length < 0 || cursor.at + length > cursor.bytes.length) throw cutOff()
  const value = cursor.bytes.subarray(cursor.at, cursor.at + length)
  cursor.at += length
  return value
}

function cutOff(): Error {
  return badRequest('the protobuf body ends in the middle of a field')
}
