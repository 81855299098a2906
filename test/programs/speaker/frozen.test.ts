import { afterEach, expect, test, vi } from 'vitest'
import { parseMac } from '../../../src/core/wire/ethernet.ts'
import { decodeArpFrame } from '../../../src/core/wire/arp.ts'
import { decodeNdpFrame } from '../../../src/core/wire/ndp.ts'
import { arpFilter, ndpFilter } from '../../../src/platform/network/filter.ts'
import { nothing, type PacketSocket } from '../../../src/platform/network/packet-socket.ts'
import { describeOnLinks, type Host } from '../../support/namespaces.ts'
import { giveIpv6, Ndp6Asker } from './ndp-harness.ts'
import { address, newDirectory, services, speakers, statusIn } from './speaker-process.ts'
import { openTwoNodes, type TwoNodes } from './two-nodes.ts'
import { addressOf, ipv4Of, openUntilTheEnd, socketOn, until } from './wire-harness.ts'

const { open, lanOfThree } = openUntilTheEnd(afterEach)
const ipv6 = 'fd88::200'

// Several programs on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

/** Two nodes, and a Service with an address of each family that is placed on the first. */
function twoNodes(): TwoNodes & { readonly ndp: Ndp6Asker } {
  const hosts = lanOfThree()
  giveIpv6(hosts.lan.hosts)
  const there = openTwoNodes(open, hosts)
  const placed = [address, ipv6].map((each) => ({
    address: each,
    revision: 1,
    pool: 'lan',
    services: ['shop/web'],
  }))
  there.api.put(speakers, { metadata: { name: 'one' }, spec: { revision: 1, addresses: placed } })
  there.api.put(services, {
    metadata: { name: 'web', namespace: 'shop' },
    spec: { type: 'LoadBalancer', loadBalancerClass: 'lanlord.dev/lanlord' },
    status: { loadBalancer: { ingress: [{ ip: address }, { ip: ipv6 }] } },
  })
  return { ...there, ndp: open(new Ndp6Asker(hosts.client)) }
}

/** Every frame of ARP and NDP by which a MAC speaks for one of the addresses, gratuitous or not. */
function listenFor(client: Host): (mac: string) => number {
  const arp = open(socketOn(client, 0x0806, arpFilter))
  const ndp = open(socketOn(client, 0x86dd, ndpFilter))
  return (mac) => {
    const wanted = parseMac(mac) ?? 0n
    const ofArp = framesOn(arp).filter((frame) => {
      const packet = decodeArpFrame(frame, frame.length)
      return typeof packet !== 'string' && packet.senderIp === ipv4Of(address) && packet.senderMac === wanted
    })
    const ofNdp = framesOn(ndp).filter((frame) => {
      const packet = decodeNdpFrame(frame, frame.length)
      if (typeof packet === 'string' || packet.message.type !== 'advertisement') return false
      return packet.message.target === addressOf(ipv6).value && packet.message.targetLinkLayer === wanted
    })
    return ofArp.length + ofNdp.length
  }
}

function framesOn(socket: PacketSocket): readonly Uint8Array[] {
  const buffer = new Uint8Array(2048)
  const frames: Uint8Array[] = []
  for (let length = socket.receive(buffer); length !== nothing; length = socket.receive(buffer)) {
    if (length > 0) frames.push(buffer.slice(0, length))
  }
  return frames
}

describeOnLinks('a speaker that is stopped by SIGSTOP', () => {
  test('is announcer no more, and says not a word for its addresses when it goes on, whatever was asked meanwhile', async () => {
    const { api, client, one, two, start, asker, ndp } = twoNodes()
    const first = start('one', one)
    const second = start('two', two)
    await until(
      'they have joined',
      () => second.has('has joined the other speakers') && statusIn(api).count === 2,
    )
    await until('the first answers', () => asker.ask(address) === one.mac && ndp.ask(ipv6) === one.mac)
    const spokenBy = listenFor(client)
    first.signal('SIGSTOP')
    await until('it stands still', () => first.isStopped)
    await until('the other answers', () => asker.ask(address) === two.mac && ndp.ask(ipv6) === two.mac)
    spokenBy(one.mac)
    // These wait in the sockets of the one that stands still.
    for (let asked = 0; asked < 100; asked++) {
      asker.socket.send(asker.request(address))
      ndp.socket.send(ndp.question(ipv6))
    }
    await until('the other has answered', () => spokenBy(two.mac) > 0)
    first.signal('SIGCONT')
    await until('it has gone on', () => first.linesWith('silent').length === 2)
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    expect(spokenBy(one.mac)).toBe(0)
    expect([asker.ask(address), ndp.ask(ipv6)]).toEqual([two.mac, two.mac])
  })
})

describeOnLinks('a node whose clock jumps', () => {
  test('goes on as if nothing were: no takeover, no silence, and no writes', async () => {
    const { api, one, two, start, asker } = twoNodes()
    // The clock on the wall, in every thread of the process, is an hour ahead or behind, another one at each look.
    const jumps = `const now = Date.now; let looks = 0; Date.now = () => now() + (looks++ % 3 - 1) * 3_600_000`
    const preload = ['env', `NODE_OPTIONS=--import=data:text/javascript,${encodeURIComponent(jumps)}`]
    const first = start('one', one, undefined, preload)
    const second = start('two', two, undefined, preload)
    await until(
      'they have joined',
      () => second.has('has joined the other speakers') && statusIn(api).count === 2,
    )
    const [writes, logged] = [api.requestsOf('PATCH').length, first.log.length + second.log.length]
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    expect(asker.ask(address)).toBe(one.mac)
    expect(api.requestsOf('PATCH').length).toBe(writes)
    expect(first.log.length + second.log.length).toBe(logged)
  })
})

describeOnLinks('two speakers of one cluster with different keys', () => {
  test('say of each other that they sign with an unknown key, in the status, in the log and as a metric', async () => {
    const { api, one, two, start, asker } = twoNodes()
    const first = start('one', one)
    await until('its status says so', () => statusIn(api).count === 2)
    const { path } = open(newDirectory(new Uint8Array(32).fill(99)))
    const second = start('two', two, path)
    const estranged = (node: string): unknown => (statusIn(api, node) as { estranged?: unknown }).estranged
    const told = { reason: 'UnknownKey', interface: 'eth0', since: expect.any(String) as string }
    const [ofOne, ofTwo] = [
      { ...told, node: 'two', says: 'two', mac: two.mac },
      { ...told, node: 'one', says: 'one', mac: one.mac },
    ]
    await expect
      .poll(() => [estranged('one'), estranged('two')], { timeout: 30_000 })
      .toEqual([expect.arrayContaining([ofOne]), expect.arrayContaining([ofTwo])])
    expect(first.linesWith('signs with an unknown key')).toHaveLength(1)
    const metrics = (await first.fetched('/metrics'))?.text
    expect(metrics).toMatch(/^lanlord_estranged_speakers\{reason="UnknownKey"\} 1$/m)
    // One of them alone answers: the wire settles what bids cannot.
    await until('the second is silent', () => asker.ask(address) === one.mac)
    expect(asker.macsAfter(asker.request(address), address, 200, false)).toEqual([one.mac])
    expect(second.has('fatal')).toBe(false)
  })
})
