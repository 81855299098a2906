import { afterEach, expect, test } from 'vitest'
import { encodeUdp6Frame } from '../../../src/core/wire/ipv6-udp.ts'
import { multicastMac } from '../../../src/core/wire/ipv6.ts'
import { heartbeatGroup6, heartbeatPort } from '../../../src/core/wire/heartbeat.ts'
import { describeOnLinks } from '../../support/namespaces.ts'
import { chanceOf, mutated, rightened } from './mutation.ts'
import { giveIpv6, Ndp6Asker } from './ndp-harness.ts'
import { addressOf, Asker, dutyOf, openUntilTheEnd, TestSpeaker, until } from './wire-harness.ts'

const { open, lanOfThree } = openUntilTheEnd(afterEach)

const [ipv4, ipv6] = ['10.88.0.200', 'fd88::200']
const [frames, portion] = [1_000_000, 200]
const warmUp = 200_000
const mebibyte = 1 << 20

/** A beat over IPv6 that nobody signed. */
function unsignedBeat(): Uint8Array {
  const ends = { source: addressOf('fe80::1').value, destination: heartbeatGroup6 }
  const ports = { sourcePort: heartbeatPort, destinationPort: heartbeatPort }
  const payload = new Uint8Array(90).fill(7)
  const datagram = { ...ends, ...ports, hopLimit: 255, payload }
  return encodeUdp6Frame(0x02_0000_0000_01n, multicastMac(heartbeatGroup6), datagram)
}

describeOnLinks('a speaker that is sent a million random and mutated frames', () => {
  test('answers as before, and takes no more memory for it', { timeout: 180_000 }, async () => {
    const { lan, client, one } = lanOfThree()
    giveIpv6(lan.hosts)
    const [arp, ndp] = [open(new Asker(client)), open(new Ndp6Asker(client))]
    const duties = [ipv4, ipv6].map((text) => dutyOf(text, ['one']))
    const speaker = open(new TestSpeaker('one', one, duties))
    await until('it announces', () => speaker.announcing.length === 2)
    const chance = chanceOf(20_260_303)
    const [askArp, askNdp, beat] = [arp.request(ipv4), ndp.question(ipv6), unsignedBeat()]
    const kinds: readonly (() => Uint8Array)[] = [
      () => mutated(askArp, chance, 12),
      () => mutated(askNdp, chance, 22),
      () => rightened(mutated(askNdp, chance, 22)),
      () => mutated(beat, chance, 22),
      () =>
        Uint8Array.from({ length: 14 + chance(1_400) }, (_, at) => (at < 14 ? askNdp[at] : chance(256)) ?? 0),
    ]
    let usual = 0
    for (let sent = 0; sent < frames; sent += portion) {
      const before = readBy(speaker)
      for (let at = 0; at < portion; at++) ndp.socket.send((kinds[at % kinds.length] as () => Uint8Array)())
      await until('some of them were read', () => readBy(speaker) > before)
      if (sent === warmUp) usual = process.memoryUsage().rss
    }
    console.log('RSS', usual, process.memoryUsage().rss, readBy(speaker))
    expect(process.memoryUsage().rss - usual).toBeLessThan(48 * mebibyte)
    await until('it answers ARP', () => arp.ask(ipv4) === one.mac)
    await until('it answers NDP', () => ndp.ask(ipv6) === one.mac)
    expect(speaker.announcing.toSorted()).toEqual([ipv4, ipv6])
  })
})

function readBy(speaker: TestSpeaker): number {
  const kinds = ['received arp', 'received ndp', 'received heartbeat'] as const
  return kinds.reduce((sum, kind) => sum + speaker.counted(kind), 0)
}
