import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answer, claimedBy, isProbe } from '../../../src/core/announcement/answer.ts'
import { decodeArpFrame } from '../../../src/core/wire/arp.ts'
import { macBytes } from '../../../src/core/wire/ethernet.ts'
import { bytesOf, hexOf, padded, within } from '../wire/hex.ts'

const ourMac = macBytes(0x02005e100001n)
const ours = 0x0a4d01c8
const holds = (ipv4: number): boolean => ipv4 === ours

// Who asks (broadcast, from 02:00:5e:20:00:02 and 10.77.0.9) for 10.77.1.200.
const question = `ffffffffffff 02005e200002 0806
  0001 0800 06 04 0001 02005e200002 0a4d0009 000000000000 0a4d01c8`.replaceAll(/\s/g, '')
const reply = `02005e200002 02005e100001 0806
  0001 0800 06 04 0002 02005e100001 0a4d01c8 02005e200002 0a4d0009`.replaceAll(/\s/g, '')

function questionWith(at: number, hex: string): Uint8Array {
  const frame = bytesOf(question)
  frame.set(bytesOf(hex), at)
  return frame
}

function answerTo(frame: Uint8Array, length = frame.length): string {
  const out = new Uint8Array(60).fill(0xa5)
  const done = answer(frame, length, ourMac, holds, out)
  return done === true ? hexOf(out) : done
}

describe('an ARP request for an address that we announce', () => {
  const whole = `${reply}${'00'.repeat(18)}`

  test('is answered with our MAC, in 60 bytes', () => {
    expect(answerTo(bytesOf(question))).toBe(whole)
  })

  test('is answered wherever it stands in the buffer and whatever follows', () => {
    expect(answerTo(within(bytesOf(question)))).toBe(whole)
    expect(answerTo(padded(bytesOf(question), 18))).toBe(whole)
  })

  test('is answered when it was sent to our own MAC', () => {
    expect(answerTo(questionWith(0, '02005e100001'))).toBe(whole)
  })

  test('is answered when the asker has no address yet', () => {
    const probed = whole.replace(/0a4d0009/, '00000000')
    expect(answerTo(questionWith(28, '00000000'))).toBe(probed)
  })
})

describe('a frame gets no answer', () => {
  test.each([
    ['that asks for an address of somebody else', 38, '0a4d01c9', 'notHeld'],
    ['that was sent to another MAC', 0, '02005e100003', 'notForUs'],
    ['that was sent to a group', 0, '01005e0000fb', 'notForUs'],
    ['that is a reply', 20, '0002', 'notRequest'],
    ['that came from ourselves', 22, '02005e100001', 'ownFrame'],
    ['whose asker is a group', 22, 'ffffffffffff', 'malformed'],
    ['whose sender is a group, though it is a reply', 20, '000201005e000001', 'malformed'],
    ['that claims the address instead of asking for it', 28, '0a4d01c8', 'gratuitous'],
    ['of another EtherType', 12, '86dd', 'notArp'],
    ['of another hardware', 14, '0006', 'malformed'],
  ])('%s', (_, at, hex, reason) => {
    expect(answerTo(questionWith(at, hex))).toBe(reason)
  })

  test('that is cut short, at any length', () => {
    for (let length = 0; length < 42; length++) {
      expect(answerTo(bytesOf(question), length)).toBe('tooShort')
      expect(answerTo(bytesOf(question).subarray(0, length), 42)).toBe('tooShort')
    }
  })

  test('for anything but what we hold, whatever its bytes are', () => {
    const damage = fc.array(fc.tuple(fc.nat({ max: 41 }), fc.nat({ max: 255 })), { maxLength: 5 })
    fc.assert(
      fc.property(damage, fc.nat({ max: 60 }), (changes, length) => {
        const frame = bytesOf(question)
        for (const [at, byte] of changes) frame[at] = byte
        const out = new Uint8Array(60)
        if (answer(frame, length, ourMac, holds, out) !== true) return
        expect(decodeArpFrame(out, 60)).toMatchObject({ operation: 'reply', senderIp: ours })
      }),
      { numRuns: 1000 },
    )
  })
})

describe('the address that a frame speaks for', () => {
  test('is that of its sender, in requests and replies alike', () => {
    expect(claimedBy(bytesOf(question), 42)).toBe(0x0a4d0009)
    expect(claimedBy(bytesOf(reply), 42)).toBe(ours)
    expect([question, reply].map((each) => isProbe(bytesOf(each)))).toEqual([false, false])
  })

  test('is the one that it asks for when its sender has none, as in a probe', () => {
    const probe = questionWith(28, '00000000')
    expect([claimedBy(probe, 42), isProbe(probe)]).toEqual([ours, true])
    expect(claimedBy(questionWith(28, `00000000${'00'.repeat(10)}`), 42)).toBe(-1)
  })

  test.each([
    [
      'a reply from no address',
      questionWith(
        20,
        '00020250b6000009000000000000000000000a4d01c8'.slice(0, 4).concat('02005e200002', '00000000'),
      ),
    ],
    ['another operation', questionWith(20, '0003')],
    ['another EtherType', questionWith(12, '0800')],
    ['a frame from everybody', questionWith(22, 'ffffffffffff')],
    ['a frame from a group', questionWith(22, '01005e000001')],
    ['a frame cut short', bytesOf(question).subarray(0, 41)],
  ])('is none in %s', (_, frame) => {
    expect(claimedBy(frame, frame.length)).toBe(-1)
  })
})
