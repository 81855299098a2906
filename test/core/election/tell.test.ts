import { describe, expect, test } from 'vitest'
import type { Address } from '../../../src/core/ip/address.ts'
import { formatAddress } from '../../../src/core/ip/address.ts'
import { encodeHeartbeat } from '../../../src/core/wire/heartbeat.ts'
import { mostTagBytes } from '../../../src/core/wire/signed.ts'
import { Lan, dutyOf } from './lan.ts'

const allIpv4: Address = { family: 'IPv4', value: 0xffffffffn }

/** Addresses of both families, the ends of each among them. */
function addressesOf(count: number): readonly string[] {
  const ends: readonly Address[] = [
    { family: 'IPv4', value: 0n },
    allIpv4,
    { family: 'IPv6', value: 2n ** 128n - 1n },
  ]
  const within = Array.from({ length: count }, (_, at): Address =>
    at % 5 === 0
      ? { family: 'IPv6', value: (0xfd00n << 112n) + BigInt(at) }
      : { family: 'IPv4', value: 0x0a000000n + BigInt(at) },
  )
  return [...ends, ...within].map(formatAddress)
}

/** What the second node knows of the first one's bids. */
function knownOf(lan: Lan): { bids: number; complete: boolean } {
  const segment = lan.speaker('n2').state.segments.get('eth0')
  const [session] = [...(segment?.sessions.values() ?? [])]
  return { bids: session?.bids.size ?? 0, complete: session?.saidDigest === session?.knownDigest }
}

describe('the bids of a speaker', () => {
  const addresses = addressesOf(1_500)
  const duties = addresses.map((address) => dutyOf(address, ['n1']))

  test('are all known to a peer within a second, in packets of 1400 bytes at most, also when they are signed with two keys', () => {
    const lan = new Lan('n1', 'n2')
    lan.announce(...duties)
    lan.run(1_000)
    expect(knownOf(lan)).toEqual({ bids: addresses.length, complete: true })
    const sizes = lan
      .effectsOf('n1', 'heartbeat')
      .map(({ heartbeat }) => encodeHeartbeat(heartbeat).length + mostTagBytes)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_400)
    expect(Math.max(...sizes)).toBeGreaterThan(1_300)
  })

  test('are read out to one that comes later, before it ends its silence', () => {
    const lan = new Lan('n1')
    lan.announce(...duties)
    lan.run(1_000)
    lan.boot('n2')
    lan.run(190)
    expect(knownOf(lan)).toEqual({ bids: addresses.length, complete: true })
  })

  test('are not repeated when everyone knows them', () => {
    const lan = new Lan('n1', 'n2')
    lan.announce(...duties)
    lan.run(2_000)
    const told = lan.done.length
    lan.run(1_000)
    const later = lan.done
      .slice(told)
      .flatMap(({ effect }) => (effect.kind === 'heartbeat' ? [effect.heartbeat] : []))
    expect(later.length).toBeGreaterThan(30)
    expect(later.every(({ bids, page }) => bids.length === 0 && page === undefined)).toBe(true)
  })

  test('are all known in the end although every third packet is lost', () => {
    const lan = new Lan('n1', 'n2')
    lan.loses = (from, to, { sequence }) => from === 'n1' && to === 'n2' && sequence % 3 === 0
    lan.announce(...duties)
    lan.run(3_000)
    lan.announce(...duties.slice(700))
    lan.run(3_000)
    expect(knownOf(lan)).toEqual({ bids: addresses.length - 700, complete: true })
  })

  test('leave in a bounded number of packets at a time', () => {
    const lan = new Lan('n1', 'n2')
    lan.announce(...duties)
    lan.run(1_000)
    const moments = new Map<number, number>()
    for (const { at, node, effect } of lan.done) {
      if (effect.kind === 'heartbeat' && node === 'n1') moments.set(at, (moments.get(at) ?? 0) + 1)
    }
    expect(Math.max(...moments.values())).toBe(17)
  })

  test('that are withdrawn by the hundred are forgotten by the peers', () => {
    const lan = new Lan('n1', 'n2')
    lan.announce(...duties)
    lan.run(1_000)
    lan.announce()
    lan.run(200)
    expect(knownOf(lan)).toEqual({ bids: 0, complete: true })
  })

  test('are read out whole, wherever the last IPv4 address falls on its page', () => {
    for (let count = 60; count < 80; count++) {
      const some = Array.from({ length: count }, (_, at) =>
        formatAddress({ ...allIpv4, value: 0xffffffffn - BigInt(at) }),
      )
      const lan = new Lan('n1')
      lan.announce(...[...some, 'fd00::1', 'fd00::2'].map((address) => dutyOf(address, ['n1'])))
      lan.run(300)
      lan.boot('n2')
      lan.run(190)
      expect(knownOf(lan)).toEqual({ bids: count + 2, complete: true })
    }
  })
})
