import { describe, expect, test } from 'vitest'
import { advertise } from '../../../src/core/announcement/advertise.ts'
import {
  answerSolicitation,
  isAnswerToSolicitation,
} from '../../../src/core/announcement/answer-solicitation.ts'
import { ipv6SourceOf, solicit } from '../../../src/core/announcement/solicit.ts'
import { targetsOf } from '../../../src/core/announcement/targets.ts'
import { parseAddress } from '../../../src/core/ip/address.ts'
import type { Address } from '../../../src/core/ip/address.ts'
import { macBytes } from '../../../src/core/wire/ethernet.ts'
import { hexOf } from '../wire/hex.ts'
import { golden } from '../wire/ndp-frames.ts'

const ours = 0x02005e100001n
const target = 0xfd0000100000000000000000000001c8n
const linkLocal = 0xfe8000000000000000005efffe100001n

/** What another speaker, or a kernel, makes of it. */
function answered(question: Uint8Array): Uint8Array {
  const out = new Uint8Array(86)
  const held = targetsOf([{ family: 'IPv6', value: target }])
  expect(answerSolicitation(question, question.length, macBytes(0x02005e200002n), held, out)).toBe(true)
  return out
}

test('the unsolicited advertisement tells all nodes of the link, and overrides what they knew', () => {
  const out = new Uint8Array(86).fill(0xa5)
  advertise(macBytes(ours), target, out)
  expect(hexOf(out)).toBe(golden.unsolicited.replaceAll(/\s/g, ''))
})

describe('a question of ours', () => {
  test('asks the group of the address, from our own address', () => {
    const frame = `3333ff0001c802005e10000186dd6000000000203aff
      fe8000000000000000005efffe100001ff0200000000000000000001ff0001c8
      8700bd5a00000000fd0000100000000000000000000001c8010102005e100001`
    expect(hexOf(solicit(ours, linkLocal, target))).toBe(frame.replaceAll(/\s/g, ''))
  })

  test('is answered to us alone, so that nobody else learns where the other one is', () => {
    expect(isAnswerToSolicitation(answered(solicit(ours, linkLocal, target)), macBytes(ours))).toBe(true)
  })

  test('from nobody is the probe of RFC 4862, which is answered before all', () => {
    const probe = solicit(ours, 0n, target)
    expect(hexOf(probe)).toBe(golden.probe.replaceAll(/\s/g, '').replace('02005e200002', '02005e100001'))
    const answer = answered(probe)
    expect(hexOf(answer.subarray(0, 6))).toBe('333300000001')
    expect(isAnswerToSolicitation(answer, macBytes(ours))).toBe(false)
  })

  test('is no answer itself, and an answer to another is none to us', () => {
    const question = solicit(ours, linkLocal, target)
    expect(isAnswerToSolicitation(question, macBytes(ours))).toBe(false)
    expect(isAnswerToSolicitation(answered(question), macBytes(0x02005e100003n))).toBe(false)
  })
})

test('we speak from the link-local address of an interface, or else its first one of IPv6, or else from none', () => {
  const from = (...texts: string[]): bigint =>
    ipv6SourceOf(texts.map((text) => parseAddress(text) as Address))
  const valueOf = (text: string): bigint => (parseAddress(text) as Address).value
  expect(from('10.0.0.1', 'fd00::1', 'fe80::1', 'fe80::2')).toBe(valueOf('fe80::1'))
  expect(from('10.0.0.1', 'fd00::1', 'fd00::2')).toBe(valueOf('fd00::1'))
  expect(from('febf::1', 'fd00::1')).toBe(valueOf('febf::1'))
  expect(from('fec0::1', 'fe80::1')).toBe(valueOf('fe80::1'))
  expect(from('10.0.0.1')).toBe(0n)
})
