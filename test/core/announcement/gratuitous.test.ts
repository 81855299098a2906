import { expect, test } from 'vitest'
import { gratuitousReply, gratuitousRequest } from '../../../src/core/announcement/gratuitous.ts'
import { macBytes } from '../../../src/core/wire/ethernet.ts'
import { hexOf } from '../wire/hex.ts'

const mac = macBytes(0x02005e100001n)
const head = 'ffffffffffff02005e1000010806'
const tail = '00'.repeat(18)

test('the request form asks everyone for the address in the name of the address, for no MAC', () => {
  const out = new Uint8Array(60).fill(0xa5)
  gratuitousRequest(mac, 0x0a4d01c8, out)
  const arp = '0001080006040001 02005e100001 0a4d01c8 000000000000 0a4d01c8'.replaceAll(' ', '')
  expect(hexOf(out)).toBe(`${head}${arp}${tail}`)
})

test('the reply form tells everyone, its target MAC being the sender so that young entries believe it', () => {
  const out = new Uint8Array(60).fill(0xa5)
  gratuitousReply(mac, 0x0a4d01c8, out)
  const arp = '0001080006040002 02005e100001 0a4d01c8 02005e100001 0a4d01c8'.replaceAll(' ', '')
  expect(hexOf(out)).toBe(`${head}${arp}${tail}`)
})
