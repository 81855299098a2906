import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mostTagBytes, packetFor, readPacket, tagBytes } from '../../../src/core/wire/signed.ts'
import { padded, within } from './hex.ts'

const bodies = fc.uint8Array({ minLength: 4, maxLength: 100 })
const counts = fc.constantFrom<1 | 2>(1, 2)

test('a packet is read back as its body and as many tags as it was made for', () => {
  fc.assert(
    fc.property(bodies, counts, (body, count) => {
      const made = packetFor(body, count)
      for (const [index, tag] of made.tags.entries()) tag.fill(index + 1)
      const read = readPacket(within(made.bytes))
      expect(made.bytes.length).toBe(body.length + count * tagBytes)
      expect(read?.body).toEqual(made.body)
      expect(read?.tags).toEqual(made.tags)
    }),
  )
})

test('the flag in the body is all that a body in a packet differs by', () => {
  const body = new Uint8Array([1, 2, 3, 0b1111, 5])
  expect(packetFor(body, 1).body).toEqual(body)
  expect(packetFor(body, 2).body).toEqual(new Uint8Array([1, 2, 3, 0b11111, 5]))
  expect(packetFor(packetFor(body, 2).body, 1).body).toEqual(body)
})

test('whatever comes in is read as a body of four bytes or more and its tags, or not at all', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3 * mostTagBytes }), (bytes) => {
      const read = readPacket(bytes)
      const parts = read ? [read.body, ...read.tags] : []
      if (read) expect(read.body.length).toBeGreaterThan(3)
      if (read) expect(parts.reduce((sum, { length }) => sum + length, 0)).toBe(bytes.length)
      else expect(bytes.length).toBeLessThan(4 + mostTagBytes)
    }),
  )
})

test('a packet that says two tags and has room for one is none', () => {
  const { bytes } = packetFor(new Uint8Array(4), 2)
  expect(readPacket(bytes.subarray(0, bytes.length - 1))).toBeUndefined()
  expect(readPacket(padded(bytes, 1))?.body).toHaveLength(5)
})
