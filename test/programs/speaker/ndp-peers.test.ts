import { afterEach, expect, test } from 'vitest'
import { heartbeatGroup6, heartbeatPort } from '../../../src/core/wire/heartbeat.ts'
import { upperChecksum } from '../../../src/core/wire/ipv6.ts'
import { heartbeatFilter6 } from '../../../src/platform/network/filter.ts'
import type { PacketSocket } from '../../../src/platform/network/packet-socket.ts'
import { describeOnLinks, ip, type Host } from '../../support/namespaces.ts'
import { giveIpv6, Ndp6Asker } from './ndp-harness.ts'
import { neighbourOf, setNeighbour } from './neighbours.ts'
import { dutyOf, openUntilTheEnd, socketOn, TestSpeaker, until } from './wire-harness.ts'

const { open, lanOfThree } = openUntilTheEnd(afterEach)

const ipv4 = '10.88.0.200'
const ipv6 = 'fd88::200'
const both = [ipv4, ipv6]
const duties = both.map((text) => dutyOf(text, ['one', 'two']))

interface Pair {
  readonly lan: ReturnType<typeof lanOfThree>['lan']
  readonly client: Host
  readonly one: TestSpeaker
  readonly two: TestSpeaker
}

/** Two speakers that hear each other, the first of which announces both addresses of a Service. */
async function pair(...withIpv6Only: readonly ('client' | 'one' | 'two')[]): Promise<Pair> {
  const hosts = lanOfThree()
  giveIpv6(hosts.lan.hosts)
  giveIpv6(
    withIpv6Only.map((name) => hosts[name]),
    'IPv6 only',
  )
  const one = open(new TestSpeaker('one', hosts.one, duties))
  const two = open(new TestSpeaker('two', hosts.two, duties))
  await until('they hear each other', () => one.peers.includes('two') && two.peers.includes('one'))
  await until('the placed one announces', () => one.announcing.length === both.length)
  await until('only that one', () => two.announcing.length === 0)
  return { lan: hosts.lan, client: hosts.client, one, two }
}

/** What a listener on the LAN hears of heartbeats over IPv6. */
function listen(host: Host): PacketSocket {
  return open(socketOn(host, 0x86dd, heartbeatFilter6(heartbeatGroup6, heartbeatPort)))
}

function heardOn(socket: PacketSocket): boolean {
  return socket.receive(new Uint8Array(2048)) > 0
}

describeOnLinks('speakers of a dual-stack LAN', () => {
  test('beat over IPv4 alone', async () => {
    const { client, one } = await pair()
    const socket = listen(client)
    const before = one.counted('received heartbeat')
    await until('ten beats were heard', () => one.counted('received heartbeat') > before + 10)
    expect(heardOn(socket)).toBe(false)
  })

  test('fail over both addresses of a Service together, and a client follows in both families', async () => {
    const { lan, client, one, two } = await pair()
    setNeighbour(client, ipv6, one.host.mac, 'reachable')
    lan.pullCable(one.host)
    await until('the other announces both', () => two.announcing.length === both.length)
    const moments = two.told.flatMap((message) =>
      message.kind === 'holdings' && message.changed.some(({ to }) => to === 'announcing') ? [message] : [],
    )
    expect(moments).toHaveLength(1)
    await until('it believes', () => neighbourOf(client, ipv6).startsWith(`lladdr ${two.host.mac}`))
  })

  test('hand both over on leaving, without two that answer', async () => {
    const { client, one, two } = await pair()
    const asker = open(new Ndp6Asker(client))
    expect(await one.thread.leave(3_000)).toBe(true)
    expect(two.announcing.toSorted()).toEqual(both)
    expect(asker.macsAfter(asker.question(ipv6), ipv6, 200, false)).toEqual([two.host.mac])
  })
})

describeOnLinks('speakers of a LAN without IPv4', () => {
  test('hear each other over IPv6, and one takes over when the cable of the other is pulled', async () => {
    const { lan, client, one, two } = await pair('client', 'one', 'two')
    const socket = listen(client)
    await until('beats are heard', () => heardOn(socket))
    const asker = open(new Ndp6Asker(client))
    expect(asker.ask(ipv6)).toBe(one.host.mac)
    lan.pullCable(one.host)
    await until('the other takes over', () => two.announcing.includes(ipv6))
    await until('it answers', () => asker.ask(ipv6) === two.host.mac)
  })

  test('hear those that have IPv4, and are heard by them', async () => {
    const { one, two } = await pair('two')
    expect([one.peers, two.peers]).toEqual([['two'], ['one']])
  })

  test('go on over IPv6 when they lose their IPv4 addresses, without a takeover', async () => {
    const { client, one, two } = await pair()
    const socket = listen(client)
    for (const { host } of [one, two]) {
      ip('-n', host.namespace, 'addr', 'flush', 'dev', 'eth0', 'scope', 'global')
      giveIpv6([host])
    }
    await until('they speak IPv6', () => heardOn(socket))
    const before = two.counted('received heartbeat')
    await until('twenty beats were heard', () => two.counted('received heartbeat') > before + 20)
    expect(two.announcing).toEqual([])
    expect(one.announcing.toSorted()).toEqual(both)
  })

  test('believe no heartbeat that a router has passed on, or whose checksum is wrong', async () => {
    const { client, one, two } = await pair('client', 'one', 'two')
    const socket = listen(client)
    const frame = new Uint8Array(2048)
    let length = 0
    await until('a beat was heard', () => {
      length = socket.receive(frame)
      return length > 0
    })
    const beat = frame.slice(0, length)
    const afar = beat.slice()
    afar[21] = 254
    const damaged = beat.slice()
    damaged[length - 1] = (beat[length - 1] ?? 0) ^ 1
    const forged = damaged.slice()
    forged.set([0, 0], 60)
    const sum = upperChecksum(forged, 17, length - 54)
    forged.set([sum >> 8, sum & 0xff], 60)
    for (const one of [afar, damaged, forged]) socket.send(one)
    await until('one of each was counted', () =>
      [one, two].every((speaker) =>
        (['badTtl', 'badChecksum', 'badSignature'] as const).every(
          (reason) => speaker.counted(`heartbeat ${reason}`) === 1,
        ),
      ),
    )
  })
})
