import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  answerSolicitation,
  claimantAt,
  claimAt,
  isSolicitedByNobody,
} from '../../../src/core/announcement/answer-solicitation.ts'
import { targetsOf } from '../../../src/core/announcement/targets.ts'
import { macBytes, readMac } from '../../../src/core/wire/ethernet.ts'
import { readIpv6 } from '../../../src/core/wire/ipv6.ts'
import { decodeNdpFrame } from '../../../src/core/wire/ndp.ts'
import { bytesOf, hexOf, padded, within } from '../wire/hex.ts'
import { changed, golden, lengthened } from '../wire/ndp-frames.ts'

const ourMac = macBytes(0x02005e100001n)
const ours = 0xfd0000100000000000000000000001c8n
const theirs = 0xfe8000000000000000005efffe200002n
const held = targetsOf([{ family: 'IPv6', value: ours }])
const ourMacHex = '02005e100001'
const groupOfTwo = 'ff0200000000000000000001ff000002'

function answerTo(frame: Uint8Array, length = frame.length): string {
  const out = new Uint8Array(86).fill(0xa5)
  const done = answerSolicitation(frame, length, ourMac, held, out)
  return done === true ? hexOf(out) : done
}

function plain(name: keyof typeof golden): string {
  return golden[name].replaceAll(/\s/g, '')
}

describe('a solicitation of an address that we announce', () => {
  test('is answered to the asker alone, solicited and overriding, with our MAC', () => {
    expect(answerTo(bytesOf(golden.question))).toBe(plain('answer'))
  })

  test('is answered wherever it stands in the buffer and whatever follows', () => {
    expect(answerTo(within(bytesOf(golden.question)))).toBe(plain('answer'))
    expect(answerTo(padded(bytesOf(golden.question), 18))).toBe(plain('answer'))
  })

  test('is answered to the MAC that the asker names, or else to the one that it came from', () => {
    const named = changed('question', [80, '02005e200009'])
    expect(answerTo(named)).toBe(plain('answer').replace(/^02005e200002/, '02005e200009'))
    const unnamed = changed('probe', [22, 'fe8000000000000000005efffe200002'])
    expect(answerTo(unnamed)).toBe(plain('answer'))
    expect(answerTo(lengthened('question', '0e01 010203040506'))).toBe(plain('answer'))
  })

  test('is answered when it was sent to our MAC: in the group, or to the address, as by a neighbour that makes sure', () => {
    const toUs = changed('question', [0, ourMacHex])
    expect(answerTo(toUs)).toBe(plain('answer'))
    const alone = changed('question', [0, ourMacHex], [38, 'fd0000100000000000000000000001c8'])
    expect(answerTo(alone)).toBe(plain('answer'))
  })

  test('from somebody who has no address yet is answered before all nodes', () => {
    expect(answerTo(bytesOf(golden.probe))).toBe(plain('unsolicited'))
  })
})

describe('a frame gets no answer', () => {
  const others = 'fd000010000000000000000000000002'
  test.each([
    [
      'that asks for an address of somebody else',
      [
        [51, '000002'],
        [3, '000002'],
        [75, '000002'],
      ],
      'notHeld',
    ],
    ['that asks for an address of another network', [[62, 'fd000011']], 'notHeld'],
    ['that was sent to another MAC', [[0, '02005e100003']], 'notForUs'],
    ['that was sent to the MAC of another group', [[0, '333300000001']], 'notForUs'],
    ['that was sent to everyone', [[0, 'ffffffffffff']], 'notForUs'],
    [
      'that was sent to all nodes',
      [
        [0, '333300000001'],
        [38, 'ff020000000000000000000000000001'],
      ],
      'notForUs',
    ],
    [
      'that was sent to the group of another address',
      [
        [0, '3333ff000002'],
        [38, groupOfTwo],
      ],
      'notForUs',
    ],
    [
      'for the group of another address, at our MAC',
      [
        [0, ourMacHex],
        [38, groupOfTwo],
      ],
      'notForUs',
    ],
    [
      'for another host, at our MAC',
      [
        [0, ourMacHex],
        [38, others],
      ],
      'notForUs',
    ],
    ['for the address, at the MAC of the group', [[38, 'fd0000100000000000000000000001c8']], 'notForUs'],
    ['that came from ourselves', [[6, ourMacHex]], 'ownFrame'],
    ['that names us as the asker', [[80, ourMacHex]], 'ownFrame'],
    ['that comes from the address itself', [[22, 'fd0000100000000000000000000001c8']], 'gratuitous'],
    ['that may have crossed a router', [[21, '40']], 'badHopLimit'],
    ['with an option of length 0', [[79, '00']], 'malformed'],
    ['that is no message of Neighbor Discovery', [[54, '80']], 'notNdp'],
    ['of another EtherType', [[12, '0800']], 'notIpv6'],
  ] as const)('%s', (_, changes, reason) => {
    expect(answerTo(changed('question', ...changes))).toBe(reason)
  })

  test('that is an advertisement', () => {
    expect(answerTo(bytesOf(golden.answer))).toBe('notSolicitation')
  })

  test('whose checksum is wrong', () => {
    const frame = bytesOf(golden.question)
    frame[57] = (frame[57] ?? 0) ^ 1
    expect(answerTo(frame)).toBe('badChecksum')
  })

  test('that is cut short, at any length', () => {
    const frame = bytesOf(golden.question)
    for (let length = 0; length < frame.length; length++) {
      expect(['tooShort', 'badHeader']).toContain(answerTo(frame, length))
      expect(answerTo(frame.subarray(0, length), frame.length)).toBe('tooShort')
    }
  })

  test('for anything but what we hold, whatever its bytes are', () => {
    const damage = fc.array(fc.tuple(fc.nat({ max: 77 }), fc.nat({ max: 255 })), { maxLength: 5 })
    fc.assert(
      fc.property(fc.constantFrom('question', 'probe' as const), damage, (name, changes) => {
        const frame = changed(name, ...changes.map(([at, byte]) => [at, hexOf(Uint8Array.of(byte))] as const))
        const out = new Uint8Array(86)
        if (answerSolicitation(frame, frame.length, ourMac, held, out) !== true) return
        const said = { type: 'advertisement', override: true, router: false, target: ours }
        expect(decodeNdpFrame(out, 86)).toMatchObject({ source: ours, message: said })
      }),
      { numRuns: 2000 },
    )
  })
})

describe('a claim', () => {
  const claimOf = (frame: Uint8Array): string => {
    const at = claimAt(frame, frame.length)
    if (at === -1) return 'none'
    return `${readIpv6(frame, at).toString(16)} at ${readMac(frame, claimantAt(frame)).toString(16)}`
  }
  test.each([
    ['an advertisement to one', bytesOf(golden.answer), `${ours.toString(16)} at 2005e100001`],
    ['an advertisement to all', bytesOf(golden.unsolicited), `${ours.toString(16)} at 2005e100001`],
    [
      'an advertisement of another MAC',
      changed('answer', [80, '02005e300003']),
      `${ours.toString(16)} at 2005e300003`,
    ],
    [
      'an advertisement that names no MAC',
      changed('probe', [54, '88'], [22, 'fe8000000000000000005efffe200002']),
      `${ours.toString(16)} at 2005e200002`,
    ],
    ['a solicitation', bytesOf(golden.question), `${theirs.toString(16)} at 2005e200002`],
    ['a probe, which is to have it', bytesOf(golden.probe), `${ours.toString(16)} at 2005e200002`],
    ['an advertisement from afar', changed('answer', [21, '3f']), 'none'],
    ['an advertisement cut short', bytesOf(golden.answer).subarray(0, 80), 'none'],
  ])('in %s', (_, frame, claim) => {
    expect(claimOf(frame)).toBe(claim)
    expect(claimOf(within(frame))).toBe(claim)
  })

  test('is one of nobody yet in a probe alone', () => {
    const names = ['question', 'probe', 'answer', 'unsolicited'] as const
    const found = names.filter((name) => isSolicitedByNobody(bytesOf(golden[name])))
    expect(found).toEqual(['probe'])
  })
})
