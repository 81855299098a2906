import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Address } from '../../../src/core/ip/address.ts'
import { parseAddress } from '../../../src/core/ip/address.ts'
import type { Bid, Heartbeat } from '../../../src/core/wire/heartbeat.ts'
import { decodeHeartbeat, encodeHeartbeat, heartbeatBytes } from '../../../src/core/wire/heartbeat.ts'
import { packetFor } from '../../../src/core/wire/signed.ts'
import { bytesOf, hexOf, padded, within } from './hex.ts'

function at(text: string): Address {
  return parseAddress(text) as Address
}

const heartbeat: Heartbeat = {
  node: 'node-1',
  nonce: 0x0102030405060708n,
  sequence: 77,
  intervalMs: 50,
  leaving: true,
  quiet: false,
  contact: true,
  digest: 0xdeadbeef,
  hears: [
    { nonce: 0xa1a2a3a4a5a6a7a8n, complete: false },
    { nonce: 0xb1b2b3b4b5b6b7b8n, complete: true },
  ],
  page: { from: at('0.0.0.0'), to: at('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff') },
  bids: [
    {
      address: at('192.168.10.200'),
      leaving: false,
      yielding: false,
      contact: true,
      revision: 9,
      support: 3,
      term: 2,
    },
    {
      address: at('fd00:10::5'),
      leaving: true,
      yielding: true,
      contact: false,
      revision: 2 ** 40 + 1,
      support: 1,
      term: 7,
    },
  ],
  withdrawn: [at('192.168.10.201')],
}
const golden = `4c4c 02 0d 0102030405060708 0000004d 0032 deadbeef 06 6e6f64652d31
  02 a1a2a3a4a5a6a7a8 b1b2b3b4b5b6b7b8 02
  04 00000000 06 ffffffffffffffffffffffffffffffff
  02 02 000000000009 0003 00000002 04 c0a80ac8
     05 010000000001 0001 00000007 06 fd000010000000000000000000000005
  01 04 c0a80ac9`.replaceAll(/\s/g, '')

const bits32 = fc.integer({ min: 0, max: 0xffffffff })
const nonces = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const addresses: fc.Arbitrary<Address> = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map((value): Address => ({ family: 'IPv4', value })),
  fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map((value): Address => ({ family: 'IPv6', value })),
)
const bids: fc.Arbitrary<Bid> = fc.record({
  address: addresses,
  leaving: fc.boolean(),
  yielding: fc.boolean(),
  contact: fc.boolean(),
  revision: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
  support: fc.integer({ min: 0, max: 0xffff }),
  term: bits32,
})
const heartbeats: fc.Arbitrary<Heartbeat> = fc.record({
  node: fc.stringMatching(/^[a-z0-9.-]{1,253}$/),
  nonce: nonces,
  sequence: bits32,
  intervalMs: fc.integer({ min: 1, max: 0xffff }),
  leaving: fc.boolean(),
  quiet: fc.boolean(),
  contact: fc.boolean(),
  digest: bits32,
  hears: fc.array(fc.record({ nonce: nonces, complete: fc.boolean() }), { maxLength: 30 }),
  page: fc.option(fc.record({ from: addresses, to: addresses }), { nil: undefined }),
  bids: fc.array(bids, { maxLength: 30 }),
  withdrawn: fc.array(addresses, { maxLength: 30 }),
})

describe('a heartbeat', () => {
  test('is these bytes and no others', () => {
    expect(hexOf(encodeHeartbeat(heartbeat))).toBe(golden)
    expect(decodeHeartbeat(bytesOf(golden))).toEqual(heartbeat)
  })

  test('is read back as it was written, and its size is known before', () => {
    fc.assert(
      fc.property(heartbeats, (one) => {
        const bytes = encodeHeartbeat(one)
        expect(bytes.length).toBe(heartbeatBytes(one))
        expect(decodeHeartbeat(within(bytes))).toEqual(one)
      }),
    )
  })

  test('that is cut short, or with something behind, is refused', () => {
    for (let length = 0; length < golden.length / 2; length++) {
      expect(decodeHeartbeat(bytesOf(golden).subarray(0, length))).toBeUndefined()
    }
    expect(decodeHeartbeat(padded(bytesOf(golden), 1))).toBeUndefined()
  })

  test.each([
    ['another beginning', 0, '4d'],
    ['an older version', 2, '01'],
    ['an unknown flag', 3, '2d'],
    ['an interval of nothing', 16, '0000'],
    ['a name with a control character', 25, '07'],
    ['an echo flag for nobody', 46, '06'],
    ['an address of no IP version', 47, '05'],
    ['an unknown flag on a bid', 70, '08'],
  ])('with %s is refused', (_, offset, hex) => {
    const bytes = bytesOf(golden)
    bytes.set(bytesOf(hex), offset)
    expect(decodeHeartbeat(bytes)).toBeUndefined()
  })

  test('from a node without a name is refused', () => {
    expect(decodeHeartbeat(encodeHeartbeat({ ...heartbeat, node: '' }))).toBeUndefined()
  })

  test('or any other bytes are read or refused, and what is read is what was there', () => {
    const damage = fc.array(fc.tuple(fc.nat({ max: 123 }), fc.nat({ max: 255 })), { maxLength: 4 })
    const damaged = damage.map((changes) => {
      const bytes = bytesOf(golden)
      for (const [offset, byte] of changes) bytes[offset] = byte
      return bytes
    })
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        const read = decodeHeartbeat(bytes)
        // How many tags follow is the packet's affair, and not read.
        if (read !== undefined) expect(hexOf(encodeHeartbeat(read))).toBe(hexOf(packetFor(bytes, 1).body))
      }),
      { numRuns: 1000 },
    )
  })
})
