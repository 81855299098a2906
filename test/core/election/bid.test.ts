import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Rival } from '../../../src/core/election/bid.ts'
import { comesBefore, digestOf, isGreater } from '../../../src/core/election/bid.ts'
import { hashText } from '../../../src/core/election/hash.ts'
import { addressOf as addressOfKey, compareKeys, keyOf } from '../../../src/core/election/key.ts'
import { beatOf, intervalFor, promiseFor } from '../../../src/core/election/timing.ts'
import type { Bid } from '../../../src/core/wire/heartbeat.ts'
import { addressOf } from './lan.ts'

const bid: Bid = {
  address: addressOf('192.168.10.200'),
  leaving: false,
  yielding: false,
  revision: 4,
  support: 3,
  contact: true,
  term: 2,
}

function winsWith(better: Partial<Bid>, worse: Partial<Bid>): void {
  const a = { node: 'n1', bid: { ...bid, ...better } }
  const b = { node: 'n2', bid: { ...bid, ...worse } }
  expect([isGreater(a, b), isGreater(b, a)]).toEqual([true, false])
}

const small = fc.integer({ min: 0, max: 2 })
const rivals: fc.Arbitrary<Rival> = fc.record({
  node: fc.constantFrom('n1', 'n2', 'n3', 'n4'),
  bid: fc.record({
    address: fc.constant(bid.address),
    leaving: fc.boolean(),
    yielding: fc.constant(false),
    revision: small,
    support: small,
    contact: fc.boolean(),
    term: small,
  }),
})

describe('between two bids', () => {
  test('the one that is not leaving wins', () => winsWith({ revision: 0 }, { leaving: true, revision: 9 }))
  test('the newer placement wins', () => winsWith({ revision: 5, support: 1 }, { support: 3 }))
  test('the wider support wins', () => winsWith({ support: 4, contact: false }, {}))
  test('unbroken contact wins', () => winsWith({ term: 9 }, { contact: false }))
  test('the older one wins', () => winsWith({ term: 1 }, {}))

  test('there is always a winner, and only one', () => {
    fc.assert(
      fc.property(rivals, rivals, (a, b) => {
        fc.pre(a.node !== b.node)
        const isBothLeaving = a.bid.leaving && b.bid.leaving
        if (!isBothLeaving) expect(isGreater(a, b)).toBe(!isGreater(b, a))
      }),
    )
  })

  test('and a third there is one order', () => {
    fc.assert(
      fc.property(rivals, rivals, rivals, (a, b, c) => {
        fc.pre(new Set([a.node, b.node, c.node]).size === 3)
        if (isGreater(a, b) && isGreater(b, c)) expect(isGreater(a, c)).toBe(true)
      }),
    )
  })
})

describe('the digest of a bid', () => {
  test('differs when anything in it differs', () => {
    const others: readonly Partial<Bid>[] = [
      { address: addressOf('192.168.10.201') },
      { address: addressOf('fd00::c8') },
      { leaving: true },
      { yielding: true },
      { revision: 5 },
      { support: 2 },
      { contact: false },
      { term: 3 },
    ]
    const digests = new Set([bid, ...others.map((other) => ({ ...bid, ...other }))].map(digestOf))
    expect(digests.size).toBe(others.length + 1)
  })
})

describe('rendezvous', () => {
  const nodes = Array.from({ length: 5 }, (_, at) => `node-${at}`)

  function firstOf(among: readonly string[], hash: number): string {
    return among.reduce((best, node) => (comesBefore(hash, node, best) ? node : best))
  }

  test('gives each of five nodes about a fifth', () => {
    const counts = new Map<string, number>()
    for (let at = 0; at < 5_000; at++) {
      const first = firstOf(nodes, hashText(`address ${at}`))
      counts.set(first, (counts.get(first) ?? 0) + 1)
    }
    expect(Math.min(...counts.values())).toBeGreaterThan(850)
  })

  test('moves only what a lost node had', () => {
    fc.assert(
      fc.property(fc.nat(), (hash) => {
        const before = firstOf(nodes, hash)
        const after = firstOf(nodes.slice(1), hash)
        expect(after === before || before === nodes[0]).toBe(true)
      }),
    )
  })

  test('decides by name where the hashes are equal', () => {
    expect(comesBefore(1, 'same', 'same')).toBe(false)
  })

  test('is the same on every machine', () => {
    expect(hashText('node-1')).toBe(hashText('node-1'))
    expect([hashText(''), hashText('node-1')]).toMatchInlineSnapshot(`
      [
        2872998923,
        2865264164,
      ]
    `)
  })
})

describe('keys', () => {
  test('give back the address they were made of', () => {
    for (const text of ['0.0.0.0', '255.255.255.255', '::', 'fd00::1']) {
      expect(addressOfKey(keyOf(addressOf(text)))).toEqual(addressOf(text))
    }
  })

  test('put IPv4 before IPv6, and order each', () => {
    const keys = ['fd00::2', '10.0.0.1', '::', '9.0.0.1', 'fd00::2'].map((text) => keyOf(addressOf(text)))
    expect(keys.sort(compareKeys).map((key) => key.toString(16))).toEqual([
      '9000001',
      'a000001',
      '0',
      'fd000000000000000000000000000002',
      'fd000000000000000000000000000002',
    ])
  })
})

describe('the rhythm', () => {
  test('is 50 ms for 20 speakers and 250 ms for a hundred', () => {
    expect([1, 20, 40, 100].map((speakers) => intervalFor(speakers, 50))).toEqual([50, 50, 100, 250])
  })

  test('is promised as it is while beats leave in time, and less when they are late, up to four times less', () => {
    expect([0, 25, 26, 60, 900].map((late) => promiseFor(50, late))).toEqual([50, 50, 76, 110, 200])
  })

  test('forgets that it was late', () => {
    let pulse = beatOf({ beatAt: 0, intervalMs: 50, promisedMs: 50, lateMs: 0 }, 50, 80)
    expect(pulse).toEqual({ beatAt: 130, intervalMs: 50, promisedMs: 130, lateMs: 80 })
    for (let beat = 0; beat < 20; beat++) pulse = beatOf(pulse, 50, pulse.beatAt)
    expect(pulse.promisedMs).toBe(50)
  })
})
