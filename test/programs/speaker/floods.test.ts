import { afterEach, expect, test } from 'vitest'
import { advertise, advertisementBytes } from '../../../src/core/announcement/advertise.ts'
import { gratuitousRequest } from '../../../src/core/announcement/gratuitous.ts'
import { formatMac, macBytes } from '../../../src/core/wire/ethernet.ts'
import { arpFilter } from '../../../src/platform/network/filter.ts'
import type { PacketSocket } from '../../../src/platform/network/packet-socket.ts'
import { describeOnLinks } from '../../support/namespaces.ts'
import { giveIpv6, Ndp6Asker } from './ndp-harness.ts'
import { addressOf, Asker, dutyOf, openUntilTheEnd, socketOn, TestSpeaker, until } from './wire-harness.ts'

const { open, lanOfThree } = openUntilTheEnd(afterEach)

const hundreds = 300
const rounds = 60

const families = [
  { family: 'IPv4', etherType: 0x0806, of: (at: number) => `10.88.${1 + (at >> 8)}.${at & 255}` },
  { family: 'IPv6', etherType: 0x86dd, of: (at: number) => `fd88::1:${(at + 1).toString(16)}` },
] as const

/** Says of the address that it is at this MAC. */
function claim(socket: PacketSocket, text: string, mac: bigint): void {
  const { family, value } = addressOf(text)
  const frame = new Uint8Array(family === 'IPv4' ? 60 : advertisementBytes)
  if (family === 'IPv4') gratuitousRequest(macBytes(mac), Number(value), frame)
  else advertise(macBytes(mac), value, frame)
  socket.send(frame)
}

/** Another MAC for each frame. */
function* macs(): Generator<bigint> {
  for (let mac = 0x06_00_00_00_00_00n; ; mac++) yield mac
}

describeOnLinks('a host that claims hundreds of addresses, from another MAC each time', () => {
  test.each(families)(
    'is answered once for each address, told once, and takes none: $family',
    async (row) => {
      const { lan, client, one, two } = lanOfThree()
      giveIpv6(lan.hosts)
      const addresses = Array.from({ length: hundreds }, (_, at) => row.of(at))
      const speaker = open(
        new TestSpeaker(
          'one',
          one,
          addresses.map((text) => dutyOf(text, ['one'])),
        ),
      )
      await until('it announces all', () => speaker.announcing.length === hundreds)
      const socket = open(socketOn(two, row.etherType, arpFilter))
      const mac = macs()
      const beganMs = performance.now()
      for (let round = 0; round < rounds; round++) {
        for (const text of addresses) claim(socket, text, mac.next().value as bigint)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      await until('it has answered', () => speaker.counted('foreign claim') >= hundreds)
      const turns = Math.ceil((performance.now() - beganMs) / 10_000)
      const told = speaker.told.filter(({ kind }) => kind === 'claim')
      expect(speaker.counted('foreign claim')).toBeLessThanOrEqual(turns * hundreds)
      expect(told.length).toBeLessThanOrEqual(turns * hundreds)
      expect(speaker.announcing.length).toBe(hundreds)
      const asker = open(row.family === 'IPv4' ? new Asker(client) : new Ndp6Asker(client))
      expect(asker.ask(row.of(7), 1_000)).toBe(one.mac)
    },
  )

  test.each(families)('is told once for each that nobody announces: $family', async (row) => {
    const { lan, one, two } = lanOfThree()
    giveIpv6(lan.hosts)
    const addresses = Array.from({ length: 8 }, (_, at) => row.of(at))
    const speaker = open(new TestSpeaker('one', one))
    const ahead = addresses.map((text) => dutyOf(text, ['one']))
    speaker.say({ kind: 'looks', ahead, first: [], macs: [] })
    await until('it asks for them', () => speaker.counted('sent probe') >= 8)
    const socket = open(socketOn(two, row.etherType, arpFilter))
    const mac = macs()
    for (let round = 0; round < 500; round++) {
      for (const text of addresses) claim(socket, text, mac.next().value as bigint)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    await until('all are told', () => speaker.facts.foreign.length === 8)
    expect(speaker.told.filter(({ kind }) => kind === 'foreign').length).toBeLessThanOrEqual(16)
    expect(formatMac(speaker.facts.foreign[0]?.mac ?? 0n)).toMatch(/^06:00:/)
  })
})
