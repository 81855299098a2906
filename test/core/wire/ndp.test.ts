import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { multicastMac, solicitedNodeGroup } from '../../../src/core/wire/ipv6.ts'
import { decodeNdpFrame, encodeNdpFrame } from '../../../src/core/wire/ndp.ts'
import type { NdpPacket } from '../../../src/core/wire/ndp.ts'
import { bytesOf, hexOf, padded, within } from './hex.ts'
import { changed, golden, lengthened } from './ndp-frames.ts'

const theirMac = 0x02005e200002n
const ourMac = 0x02005e100001n
const target = 0xfd0000100000000000000000000001c8n
const theirs = 0xfe8000000000000000005efffe200002n
const group = 0xff0200000000000000000001ff0001c8n
const groupMac = 0x3333ff0001c8n

const question: NdpPacket = {
  source: theirs,
  destination: group,
  message: { type: 'solicitation', target, sourceLinkLayer: theirMac },
}
const probe: NdpPacket = {
  source: 0n,
  destination: group,
  message: { type: 'solicitation', target, sourceLinkLayer: undefined },
}
const said = {
  type: 'advertisement',
  router: false,
  override: true,
  target,
  targetLinkLayer: ourMac,
} as const
const answer: NdpPacket = { source: target, destination: theirs, message: { ...said, solicited: true } }

describe('Neighbor Discovery', () => {
  test.each([
    ['a solicitation', 'question', groupMac, theirMac, question],
    ['a probe from nobody', 'probe', groupMac, theirMac, probe],
    ['an advertisement', 'answer', theirMac, ourMac, answer],
  ] as const)('%s is written as RFC 4861 draws it, and read back', (_, name, to, from, packet) => {
    expect(hexOf(encodeNdpFrame(to, from, packet))).toBe(golden[name].replaceAll(/\s/g, ''))
    expect(decodeNdpFrame(bytesOf(golden[name]), bytesOf(golden[name]).length)).toEqual(packet)
  })

  test('is read back as it was written, whatever it says and however much follows', () => {
    const macs = fc.option(
      fc.bigInt(0n, 0xfeff_ffff_ffffn).map((mac) => mac & ~(1n << 40n)),
      {
        nil: undefined,
      },
    )
    const hosts = fc.bigInt(1n, 0xfeff_ffff_ffff_ffff_ffff_ffff_ffff_ffffn)
    const solicitations = fc.record({
      type: fc.constant('solicitation' as const),
      target: hosts,
      sourceLinkLayer: macs,
    })
    const advertisements = fc.record({
      type: fc.constant('advertisement' as const),
      router: fc.boolean(),
      solicited: fc.boolean(),
      override: fc.boolean(),
      target: hosts,
      targetLinkLayer: macs,
    })
    const packets = fc.record({
      source: hosts,
      destination: hosts,
      message: fc.oneof(solicitations, advertisements),
    })
    fc.assert(
      fc.property(packets, fc.nat({ max: 40 }), (packet, padding) => {
        const frame = encodeNdpFrame(theirMac, ourMac, packet)
        expect(decodeNdpFrame(within(padded(frame, padding)), frame.length + padding)).toEqual(packet)
      }),
    )
  })

  test('options that we do not know are skipped', () => {
    const nonce = '0e01 010203040506'
    expect(decodeNdpFrame(lengthened('question', nonce), 94)).toEqual(question)
    expect(decodeNdpFrame(lengthened('probe', nonce), 86)).toEqual(probe)
  })

  test('the group of an address has its last 24 bits, and the MAC of a group its last 32', () => {
    expect(solicitedNodeGroup(target)).toBe(group)
    expect(multicastMac(group)).toBe(groupMac)
    expect(solicitedNodeGroup(0xfd00_0000_0000_0000_0000_0000_abcd_ef12n)).toBe(
      0xff0200000000000000000001ffcdef12n,
    )
  })
})

describe('what RFC 4861 (7.1.1, 7.1.2) tells everyone to discard is none:', () => {
  test.each([
    ['it may have crossed a router', changed('question', [21, '40']), 'badHopLimit'],
    ['its hop limit is one short', changed('answer', [21, 'fe']), 'badHopLimit'],
    ['it has a code', changed('question', [55, '01']), 'malformed'],
    ['it asks for a group', changed('question', [62, 'ff02']), 'malformed'],
    ['it tells of a group', changed('answer', [62, 'ff02']), 'malformed'],
    ['an option has length 0', changed('question', [79, '00']), 'malformed'],
    ['an option goes on beyond the end', changed('question', [79, '02']), 'malformed'],
    ['an unknown option has length 0', lengthened('question', '0e00 010203040506'), 'malformed'],
    ['the last option is one byte', lengthened('question', '0e'), 'malformed'],
    ['its link-layer address is no MAC', lengthened('probe', `01 02 ${'00'.repeat(14)}`), 'malformed'],
    ['its link-layer address is of a group', changed('question', [80, '03']), 'malformed'],
    ['it advertises the MAC of a group', changed('answer', [80, '33']), 'malformed'],
    ['it comes from nobody, with a MAC', changed('question', [22, '00'.repeat(16)]), 'malformed'],
    ['it comes from nobody, to the target', changed('probe', [38, 'fd00']), 'malformed'],
    [
      'it comes from nobody, to all nodes',
      changed('probe', [38, 'ff020000000000000000000000000001']),
      'malformed',
    ],
    ['it comes from a group', changed('question', [22, 'ff02']), 'malformed'],
    ['it was sent by the MAC of a group', changed('question', [6, '03']), 'malformed'],
    ['it is solicited, and to all', changed('unsolicited', [58, '60']), 'malformed'],
    ['it is too short for a target', changed('question', [18, '0010']), 'malformed'],
    ['it is another message', changed('question', [54, '86']), 'notNdp'],
    ['it is another protocol', changed('question', [20, '11']), 'notNdp'],
    ['it is IPv4', changed('question', [12, '0800']), 'notIpv6'],
    ['it says that it is IPv4', changed('question', [14, '45']), 'badHeader'],
    ['it says that there is more', changed('question', [18, '0021']), 'badHeader'],
  ])('%s', (_, frame, reason) => {
    expect(decodeNdpFrame(frame, frame.length)).toBe(reason)
    expect(decodeNdpFrame(within(frame), frame.length)).toBe(reason)
  })

  test('one bit of it is not as it was sent', () => {
    const wire = bytesOf(golden.question)
    for (let bit = 22 * 8; bit < wire.length * 8; bit++) {
      const frame = wire.slice()
      frame[bit >> 3] = (frame[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(['badChecksum', 'notNdp']).toContain(decodeNdpFrame(frame, frame.length))
    }
  })

  test('it is cut short, at any length', () => {
    const wire = bytesOf(golden.question)
    for (let length = 0; length < wire.length; length++) {
      expect(['tooShort', 'badHeader']).toContain(decodeNdpFrame(wire, length))
      expect(['tooShort', 'badHeader']).toContain(decodeNdpFrame(wire.subarray(0, length), length))
      expect(decodeNdpFrame(wire.subarray(0, length), wire.length)).toBe('tooShort')
    }
  })
})

test('whatever the bytes are, reading them ends in a packet or in a reason', () => {
  const damage = fc.array(fc.tuple(fc.nat({ max: 93 }), fc.nat({ max: 255 })), { maxLength: 6 })
  const names = fc.constantFrom('question', 'probe', 'answer', 'unsolicited' as const)
  fc.assert(
    fc.property(names, damage, fc.nat({ max: 94 }), (name, changes, length) => {
      const hex = changes.map(([at, byte]) => [at, byte.toString(16).padStart(2, '0')] as const)
      const frame = within(changed(name, ...hex.filter(([at]) => at < bytesOf(golden[name]).length)))
      const read = decodeNdpFrame(frame, length)
      if (typeof read === 'object') expect(read.message.target >> 120n).not.toBe(0xffn)
    }),
    { numRuns: 3000 },
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
      expect(typeof decodeNdpFrame(bytes, bytes.length)).toBe('string')
    }),
  )
})
