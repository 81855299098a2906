import { afterEach, expect, test } from 'vitest'
import { describeOnLinks } from '../../support/namespaces.ts'
import { hostileArp, hostileHeartbeats, hostileNdp, randomFrames } from './hostile-frames.ts'
import type { Hostile } from './hostile-frames.ts'
import { chanceOf, mutated, rightened } from './mutation.ts'
import { giveIpv6, Ndp6Asker } from './ndp-harness.ts'
import { Asker, dutyOf, openUntilTheEnd, TestSpeaker, until } from './wire-harness.ts'
import type { Counted } from '../../../src/programs/speaker/counters.ts'

const { open, lanOfThree } = openUntilTheEnd(afterEach)

const [ipv4, ipv6] = ['10.88.0.200', 'fd88::200']
/** Nobody announces these; they are asked for ahead, so what is said of them is heard. */
const next = ['10.88.0.201', '10.88.0.202', 'fd88::201', 'fd88::202']
/** Of each kind; `npm run test:frames` sends a million of each. */
const frames = Number(process.env['LANLORD_FRAMES'] ?? 250_000)
const portion = 200
const warmUp = frames / 3
const mebibyte = 1 << 20

type Make = (asked: { readonly arp: Uint8Array; readonly ndp: Uint8Array }) => readonly Hostile[]
const chance = chanceOf(20_260_303)
const aim = { mac: [2, 0, 0, 0, 0, 2], addresses: [ipv4, ipv6, ...next] }

const kinds: readonly (readonly [name: string, received: Counted, make: Make])[] = [
  [
    'ARP',
    'received arp',
    ({ arp: question }) => [
      hostileArp({ ...aim, question }, chance),
      () => mutated(question, chance, 12),
      randomFrames(question, 22, chance),
    ],
  ],
  [
    'NDP',
    'received ndp',
    ({ ndp: question }) => [
      hostileNdp({ ...aim, question }, chance),
      () => rightened(mutated(question, chance, 22)),
      randomFrames(question, 55, chance),
    ],
  ],
  ['heartbeats over IPv4', 'received heartbeat', ({ arp }) => heartbeats('IPv4', arp, 42)],
  ['heartbeats over IPv6', 'received heartbeat', ({ ndp }) => heartbeats('IPv6', ndp, 62)],
]

/** Random ones keep the addresses and ports: else the filter in the kernel drops all of them. */
function heartbeats(family: 'IPv4' | 'IPv6', question: Uint8Array, keep: number): readonly Hostile[] {
  const next = hostileHeartbeats(family, { ...aim, question }, chance)
  return [next, randomFrames(next(), keep, chance)]
}

describeOnLinks('a speaker that is sent a multitude of random and hostile frames', () => {
  test.each(kinds)(
    'answers as before, and takes no more memory for it: %s',
    { timeout: 600_000 },
    async (...row) => {
      const [kind, received, make] = row
      const { lan, client, one } = lanOfThree()
      giveIpv6(lan.hosts)
      const [arp, ndp] = [open(new Asker(client)), open(new Ndp6Asker(client))]
      const speaker = open(
        new TestSpeaker(
          'one',
          one,
          [ipv4, ipv6].map((text) => dutyOf(text, ['one'])),
        ),
      )
      const ahead = next.map((text) => dutyOf(text, ['one']))
      speaker.say({ kind: 'looks', ahead, first: [], macs: [] })
      await until('it announces', () => speaker.announcing.length === 2)
      const making = make({ arp: arp.request(ipv4), ndp: ndp.question(ipv6) })
      let usual = 0
      for (let sent = 0; sent < frames; sent += portion) {
        const before = speaker.counted(received)
        for (let at = 0; at < portion; at++) ndp.socket.send((making[at % making.length] as Hostile)())
        await until('some of them were read', () => speaker.counted(received) > before)
        if (usual === 0 && sent >= warmUp) usual = process.memoryUsage().rss
      }
      const more = process.memoryUsage().rss - usual
      if (process.env['LANLORD_FRAMES'] !== undefined) {
        console.log(
          `${kind}: ${frames} sent, ${speaker.counted(received)} read, ${more >> 10} KiB more, ${speaker.told.length} told`,
        )
      }
      expect(more).toBeLessThan(24 * mebibyte)
      // Whatever was claimed, signed heartbeats included, is over once nobody says so any more.
      await until('it answers ARP', () => arp.ask(ipv4) === one.mac, 30_000)
      await until('it answers NDP', () => ndp.ask(ipv6) === one.mac, 30_000)
      await until(
        'both are its own',
        () => speaker.announcing.toSorted().join() === [ipv4, ipv6].join(),
        30_000,
      )
      expect(speaker.told.length).toBeLessThan(100)
    },
  )
})
