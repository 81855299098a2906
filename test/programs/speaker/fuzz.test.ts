import { afterEach, expect, test } from 'vitest'
import {
  encodeHeartbeat,
  heartbeatGroup,
  heartbeatGroupMac,
  heartbeatPort,
  type Heartbeat,
} from '../../../src/core/wire/heartbeat.ts'
import { encodeUdpFrame } from '../../../src/core/wire/ipv4-udp.ts'
import { arpFilter } from '../../../src/platform/network/filter.ts'
import { sign } from '../../../src/platform/network/heartbeat-key.ts'
import { describeOnLinks } from '../../support/namespaces.ts'
import { chanceOf, mutated, rightened } from './mutation.ts'
import { giveIpv6, Ndp6Asker } from './ndp-harness.ts'
import {
  addressOf,
  Asker,
  clusterKey,
  dutyOf,
  ipv4Of,
  openUntilTheEnd,
  socketOn,
  TestSpeaker,
  until,
} from './wire-harness.ts'

const { open, lanOfThree } = openUntilTheEnd(afterEach)
const address = '10.88.0.200'
const frames = 50_000

const bid = {
  address: addressOf(address),
  leaving: false,
  yielding: false,
  revision: 1,
  support: 2,
  contact: true,
  term: 7,
}

const heartbeat: Heartbeat = {
  node: 'two',
  nonce: 77n,
  sequence: 1,
  intervalMs: 50,
  leaving: false,
  quiet: false,
  contact: true,
  digest: 12345,
  hears: [{ nonce: 5n, complete: true }],
  bids: [bid, { ...bid, address: addressOf('fd00::1') }],
  withdrawn: [addressOf('10.88.0.201')],
  page: { from: addressOf('10.88.0.1'), to: addressOf('10.88.0.255') },
}

/** Sends in portions that a receive buffer holds, and gives the worker its turn between them. */
async function sendAll(
  send: (frame: Uint8Array) => boolean,
  next: () => Uint8Array,
  received: () => number,
): Promise<void> {
  for (let sent = 0; sent < frames; sent += 100) {
    const before = received()
    for (let one = 0; one < 100; one++) send(next())
    await until('some of them were read', () => received() > before)
  }
}

describeOnLinks('a speaker under a rain of broken frames', () => {
  test('answers nothing wrong to mutated ARP, and goes on', async () => {
    const { client, one } = lanOfThree()
    const asker = open(new Asker(client))
    const speaker = open(new TestSpeaker('one', one, [dutyOf(address, ['one'])]))
    await until('it announces', () => speaker.announcing.includes(address))
    const chance = chanceOf(20_260_101)
    const question = asker.request(address)
    await sendAll(
      (frame) => asker.socket.send(frame),
      () => mutated(question, chance, 12),
      () => speaker.counted('received arp'),
    )
    await until('it answers', () => asker.ask(address) === one.mac)
    for (const reason of ['tooShort', 'malformed', 'notRequest', 'notHeld'] as const) {
      expect([reason, speaker.counted(`arp ${reason}`)]).not.toEqual([reason, 0])
    }
  })

  test('answers nothing wrong to mutated solicitations, also with a good checksum, and goes on', async () => {
    const { lan, client, one } = lanOfThree()
    giveIpv6(lan.hosts)
    const asker = open(new Ndp6Asker(client))
    const ipv6 = 'fd88::200'
    const speaker = open(new TestSpeaker('one', one, [dutyOf(ipv6, ['one'])]))
    await until('it announces', () => speaker.announcing.includes(ipv6))
    const chance = chanceOf(20_260_202)
    const question = asker.question(ipv6)
    // The version, the protocol and the hop limit stay: else the kernel's filter drops nearly all of them.
    const next = (): Uint8Array => {
      const frame = mutated(question, chance, 22)
      return chance(2) === 0 ? frame : rightened(frame)
    }
    await sendAll(
      (frame) => asker.socket.send(frame),
      next,
      () => speaker.counted('received ndp'),
    )
    await until('it answers', () => asker.ask(ipv6) === one.mac)
    for (const reason of ['badHeader', 'badChecksum', 'malformed', 'notForUs', 'notSolicitation'] as const) {
      expect([reason, speaker.counted(`ndp ${reason}`)]).not.toEqual([reason, 0])
    }
  })

  test('outlives mutated heartbeats, also those that carry a good signature, and believes none of their promises', async () => {
    const { lan, client, one } = lanOfThree()
    const asker = open(new Asker(client))
    const speaker = open(new TestSpeaker('one', one, [dutyOf(address, ['one'])]))
    await until('it announces', () => speaker.announcing.includes(address))
    const socket = open(socketOn(client, 0x0800, arpFilter))
    const chance = chanceOf(7)
    const body = encodeHeartbeat(heartbeat)
    const datagram = {
      source: ipv4Of(client.address),
      destination: heartbeatGroup,
      sourcePort: heartbeatPort,
      destinationPort: heartbeatPort,
      ttl: 255,
    }
    const wellSigned = (): Uint8Array => {
      const payload = sign(mutated(body, chance, 0), { current: clusterKey })
      return encodeUdpFrame(0x020000000001n, heartbeatGroupMac, { ...datagram, payload })
    }
    const next = (): Uint8Array => (chance(2) === 0 ? wellSigned() : mutated(wellSigned(), chance, 14))
    await sendAll(
      (frame) => socket.send(frame),
      next,
      () => speaker.counted('received heartbeat'),
    )
    const beats = speaker.counted('sent heartbeat')
    await until('it still beats', () => speaker.counted('sent heartbeat') > beats + 3)
    await until('it answers', () => asker.ask(address) === one.mac)
    lan.pullCable(one)
    await until('it is silent', () => speaker.announcing.length === 0)
    lan.plugCable(one)
    await until('it answers when its link is back', () => asker.ask(address) === one.mac)
    expect(await speaker.thread.leave(5_000)).toBe(true)
    for (const reason of ['unreadable', 'badSignature', 'badHeaderChecksum'] as const) {
      expect([reason, speaker.counted(`heartbeat ${reason}`)]).not.toEqual([reason, 0])
    }
  })
})
