import { expect, test } from 'vitest'
import { answer, isAnswerToProbe } from '../../../src/core/announcement/answer.ts'
import { gratuitousReply } from '../../../src/core/announcement/gratuitous.ts'
import { probe } from '../../../src/core/announcement/probe.ts'
import { macBytes } from '../../../src/core/wire/ethernet.ts'
import { hexOf } from '../wire/hex.ts'

const ours = macBytes(0x02005e100001n)
const other = macBytes(0x02005e100002n)
const address = 0x0a4d01c8

function probed(): Uint8Array {
  const out = new Uint8Array(60).fill(0xa5)
  probe(ours, address, out)
  return out
}

/** What another speaker, or a kernel, makes of it. */
function answered(question: Uint8Array): Uint8Array {
  const out = new Uint8Array(60)
  expect(answer(question, 60, other, (ipv4) => ipv4 === address, out)).toBe(true)
  return out
}

test('a probe asks everyone for the address, in the name of no address, so that nobody learns a neighbour from it', () => {
  const arp = '0001080006040001 02005e100001 00000000 000000000000 0a4d01c8'.replaceAll(' ', '')
  expect(hexOf(probed())).toBe(`ffffffffffff02005e1000010806${arp}${'00'.repeat(18)}`)
})

test('what comes back to our MAC for no address is the answer to it', () => {
  expect(isAnswerToProbe(answered(probed()), ours)).toBe(true)
})

test('a question, a claim, an answer to a host with an address and one to another MAC are no answers to a probe', () => {
  const claim = new Uint8Array(60)
  gratuitousReply(other, address, claim)
  const asked = probed()
  asked.set([10, 77, 1, 9], 28)
  expect(isAnswerToProbe(probed(), ours)).toBe(false)
  expect(isAnswerToProbe(claim, ours)).toBe(false)
  expect(isAnswerToProbe(answered(asked), ours)).toBe(false)
  expect(isAnswerToProbe(answered(probed()), macBytes(0x02005e100003n))).toBe(false)
})
