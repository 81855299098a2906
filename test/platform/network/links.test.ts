import { afterEach, expect, test } from 'vitest'
import { solicit } from '../../../src/core/announcement/solicit.ts'
import { multicastMac } from '../../../src/core/wire/ipv6.ts'
import { encodeUdp6Frame } from '../../../src/core/wire/ipv6-udp.ts'
import {
  arpFilter,
  heartbeatFilter,
  heartbeatFilter6,
  ndpFilter,
} from '../../../src/platform/network/filter.ts'
import { InterfaceWatch } from '../../../src/platform/network/interface-watch.ts'
import { Ipv6Groups } from '../../../src/platform/network/ipv6-groups.ts'
import { usableInterfaces, type NetworkInterface } from '../../../src/platform/network/interfaces.ts'
import { MulticastMembership } from '../../../src/platform/network/multicast-membership.ts'
import { linkDown, nothing, PacketSocket } from '../../../src/platform/network/packet-socket.ts'
import { PollSet } from '../../../src/platform/network/poll-set.ts'
import { describeOnLinks, inNamespace, ip, Lan, type Host } from '../../support/namespaces.ts'

const arp = 0x0806
const ipv4 = 0x0800
const ipv6 = 0x86dd
const group6 = 0xff02_0000_0000_0000_0000_0000_0000_0114n
const group = 0xe00000fe
const everything = heartbeatFilter(group, 4114)

const opened: Disposable[] = []

afterEach(() => {
  for (const one of opened.splice(0).toReversed()) one[Symbol.dispose]()
})

function open<T extends Disposable>(one: T): T {
  opened.push(one)
  return one
}

function lanOf(hosts: number): readonly [Lan, Host, Host] {
  const lan = open(new Lan(hosts))
  const [first, second = first] = lan.hosts
  if (!first || !second) throw new Error('a LAN has hosts')
  return [lan, first, second]
}

function cardOf(host: Host): NetworkInterface {
  const watch = inNamespace(host, () => new InterfaceWatch())
  const found = usableInterfaces(watch.read() ?? [], [])[0]
  watch[Symbol.dispose]()
  if (!found) throw new Error('no usable interface')
  return found
}

function socketOn(host: Host, etherType = arp, filter = arpFilter): PacketSocket {
  const { index: interfaceIndex } = cardOf(host)
  return open(inNamespace(host, () => new PacketSocket({ interfaceIndex, etherType, filter })))
}

/** A frame of the type to the MAC; the rest is what the test puts there. */
function frameTo(mac: string, etherType: number, payload: readonly number[] = []): Uint8Array {
  const header = [...bytesOf(mac), ...bytesOf('02:00:00:00:00:01'), etherType >> 8, etherType & 0xff]
  return Uint8Array.from([...header, ...payload, ...bytes(Math.max(0, 46 - payload.length), 0)])
}

function bytes(length: number, value: number): readonly number[] {
  return Array.from({ length }, () => value)
}

function bytesOf(mac: string): readonly number[] {
  return mac.split(':').map((byte) => Number.parseInt(byte, 16))
}

const ipHeader = [0x45, 0, 0, 32, 0, 0, 0x40, 0, 255, 17, 0, 0, 10, 88, 0, 1, 224, 0, 0, 254]
const udpPort4114 = [0x10, 0x12, 0x10, 0x12, 0, 12, 0, 0, 1, 2, 3, 4]

/** UDP from 10.88.0.1 to the group, with one byte changed and without checksums, which the filter does not read. */
function datagram(change?: { readonly at: number; readonly byte: number }): readonly number[] {
  const packet = [...ipHeader, ...udpPort4114]
  if (change) packet[change.at] = change.byte
  return packet
}

const buffer = new Uint8Array(2048)

/** The frame's length, once it is there; `nothing` when none came in a time in which it would have. */
function receivedOn(socket: PacketSocket, withinMs = 500): number {
  new PollSet([socket.descriptor]).wait(withinMs)
  return socket.receive(buffer)
}

/** The same for NDP about fd88::/16 alone: kernels ask, at some moment, whether their link-local addresses are taken. */
function aboutOurs(socket: PacketSocket, withinMs = 500): number {
  for (;;) {
    const length = receivedOn(socket, withinMs)
    if (length === nothing || (buffer[62] === 0xfd && buffer[63] === 0x88)) return length
  }
}

describeOnLinks('the interfaces of a host', () => {
  test('are shown with name, MAC, addresses and state', () => {
    const [lan, host] = lanOf(1)
    expect(cardOf(host)).toMatchObject({
      name: 'eth0',
      mac: 0x020000000001n,
      up: true,
      addresses: expect.arrayContaining([
        { address: { family: 'IPv4', value: 0x0a580001n }, prefixLength: 24 },
      ]) as unknown,
    })
    lan.pullCable(host)
    expect(cardOf(host)).toMatchObject({ name: 'eth0', up: false })
  })

  test('leave out bridge ports and what has no ARP, and bring in the bridge', () => {
    const [, host] = lanOf(1)
    ip('-n', host.namespace, 'link', 'add', 'lan0', 'type', 'bridge')
    ip('-n', host.namespace, 'link', 'set', 'eth0', 'master', 'lan0')
    expect(cardOf(host).name).toBe('lan0')
    ip('-n', host.namespace, 'link', 'set', 'lan0', 'arp', 'off')
    expect(() => cardOf(host)).toThrow('no usable interface')
  })

  test('are reported at once when a cable is pulled, and when an interface is made anew it has another number', () => {
    const [lan, host] = lanOf(1)
    const watch = open(inNamespace(host, () => new InterfaceWatch()))
    const before = cardOf(host)
    const ready = new PollSet([watch.descriptor])
    watch.drain()
    lan.pullCable(host)
    expect(ready.wait(1_000)).toBe(true)
    expect(watch.drain()).toBe(true)
    lan.removeCard(host)
    lan.addCard(host)
    expect(watch.drain()).toBe(true)
    expect(cardOf(host).index).not.toBe(before.index)
  })
})

describeOnLinks('a packet socket', () => {
  test('brings ARP to all and to its own MAC, of any length, and nothing else', () => {
    const [, one, other] = lanOf(2)
    const [sender, receiver] = [socketOn(one), socketOn(other)]
    sender.send(frameTo('ff:ff:ff:ff:ff:ff', arp))
    expect(receivedOn(receiver)).toBe(60)
    sender.send(frameTo(other.mac, arp, bytes(1_400, 7)))
    expect(receivedOn(receiver)).toBe(1_414)
    sender.send(frameTo('ff:ff:ff:ff:ff:ff', arp).subarray(0, 14))
    expect(receivedOn(receiver)).toBe(14)
    sender.send(frameTo('ff:ff:ff:ff:ff:ff', 0x88b5))
    sender.send(frameTo('02:00:00:00:00:77', arp))
    sender.send(frameTo('ff:ff:ff:ff:ff:ff', 0x8100, [0, 42, 8, 6]))
    expect(receivedOn(receiver, 100)).toBe(nothing)
  })

  test('does not bring its own frames', () => {
    const [, one] = lanOf(1)
    const socket = socketOn(one)
    socket.send(frameTo('ff:ff:ff:ff:ff:ff', arp))
    expect(receivedOn(socket, 100)).toBe(nothing)
  })

  test('cuts nothing silently: the length of a frame that is larger than the buffer is told', () => {
    const [, one, other] = lanOf(2)
    const [sender, receiver] = [socketOn(one), socketOn(other)]
    sender.send(frameTo(other.mac, arp, bytes(1_000, 7)))
    new PollSet([receiver.descriptor]).wait(500)
    expect(receiver.receive(new Uint8Array(100))).toBe(1_014)
  })

  test('with the heartbeat filter brings whole UDP packets to the group and port, whatever their TTL', () => {
    const [, one, other] = lanOf(2)
    const [sender, receiver] = [socketOn(one, ipv4, everything), socketOn(other, ipv4, everything)]
    const toGroup = '01:00:5e:00:00:fe'
    open(inNamespace(other, () => new MulticastMembership(group, cardOf(other).index)))
    sender.send(frameTo(toGroup, ipv4, datagram()))
    expect(receivedOn(receiver)).toBe(60)
    sender.send(frameTo(toGroup, ipv4, datagram({ at: 8, byte: 254 })))
    expect(receivedOn(receiver)).toBe(60)
    const others = [
      { at: 9, byte: 6 },
      { at: 19, byte: 251 },
      { at: 23, byte: 0x13 },
      { at: 6, byte: 0x20 },
      { at: 7, byte: 1 },
    ]
    for (const change of others) sender.send(frameTo(toGroup, ipv4, datagram(change)))
    expect(receivedOn(receiver, 100)).toBe(nothing)
  })

  test('with the NDP filter brings solicitations and advertisements that no router has passed on, and nothing else', () => {
    const [, one, other] = lanOf(2)
    const [sender, receiver] = [socketOn(one, ipv6, ndpFilter), socketOn(other, ipv6, ndpFilter)]
    const question = solicit(0x02_0000_0000_01n, 1n, 0xfd88n << 112n)
    question.set(bytesOf(other.mac))
    const changed = (at: number, byte: number): Uint8Array => {
      const frame = question.slice()
      frame[at] = byte
      return frame
    }
    const claim = changed(54, 136)
    for (const frame of [question, claim, changed(56, 1)]) {
      sender.send(frame)
      expect(aboutOurs(receiver)).toBe(86)
    }
    const others = [
      changed(54, 134), // A router's advertisement.
      changed(54, 137), // A redirect.
      changed(21, 254),
      changed(20, 17),
      changed(13, 0xd0),
      changed(5, 0x77), // To another MAC.
      question.slice(0, 54),
    ]
    for (const frame of others) sender.send(frame)
    expect(aboutOurs(receiver, 100)).toBe(nothing)
  })

  test('with the heartbeat filter of IPv6 brings UDP to the group and port, whatever the hop limit', () => {
    const [, one, other] = lanOf(2)
    const filter = heartbeatFilter6(group6, 4114)
    const [sender, receiver] = [socketOn(one, ipv6, filter), socketOn(other, ipv6, filter)]
    const [source, port] = [0xfe80n << 112n, 4114]
    const beat = encodeUdp6Frame(0x02_0000_0000_01n, multicastMac(group6), {
      source,
      destination: group6,
      sourcePort: port,
      destinationPort: port,
      hopLimit: 255,
      payload: new Uint8Array(4),
    })
    const changed = (at: number, byte: number): Uint8Array => {
      const frame = beat.slice()
      frame[at] = byte
      return frame
    }
    for (const frame of [beat, changed(21, 64)]) {
      sender.send(frame)
      expect(receivedOn(receiver)).toBe(66)
    }
    for (const frame of [changed(20, 58), changed(53, 0x15), changed(38, 0xfe), changed(57, 0x13)])
      sender.send(frame)
    expect(receivedOn(receiver, 100)).toBe(nothing)
  })

  test('says once that its link went down, and works again when it is back', () => {
    const [, one, other] = lanOf(2)
    const [sender, receiver] = [socketOn(one), socketOn(other)]
    ip('-n', other.namespace, 'link', 'set', 'eth0', 'down')
    expect([receivedOn(receiver), receivedOn(receiver, 0)]).toEqual([linkDown, nothing])
    expect(receiver.send(frameTo('ff:ff:ff:ff:ff:ff', arp))).toBe(false)
    ip('-n', other.namespace, 'link', 'set', 'eth0', 'up')
    while (receiver.send(frameTo('ff:ff:ff:ff:ff:ff', arp)) && receivedOn(receiver, 20) === nothing) {
      sender.send(frameTo('ff:ff:ff:ff:ff:ff', arp))
    }
    expect(receiver.receive(buffer)).toBeLessThanOrEqual(60)
  })

  test('needs an interface that is there', () => {
    const [, one] = lanOf(1)
    const open4711 = (): PacketSocket =>
      new PacketSocket({ interfaceIndex: 4711, etherType: arp, filter: arpFilter })
    expect(() => inNamespace(one, open4711)).toThrow('bind failed with ENODEV')
  })

  test('can join a group, and leaves it when closed', () => {
    const [, one] = lanOf(1)
    const membership = inNamespace(one, () => new MulticastMembership(group, cardOf(one).index))
    expect(ip('-n', one.namespace, 'maddr', 'show', 'dev', 'eth0')).toContain('224.0.0.254')
    membership[Symbol.dispose]()
    expect(ip('-n', one.namespace, 'maddr', 'show', 'dev', 'eth0')).not.toContain('224.0.0.254')
  })

  test('can be in more groups of IPv6 than one socket has room for, and leaves what is not wanted any more', () => {
    const [, one] = lanOf(1)
    const groups = open(inNamespace(one, () => new Ipv6Groups(cardOf(one).index)))
    const many = Array.from({ length: 500 }, (_, at) => (0xff02n << 112n) | BigInt(0x4000 + at))
    const joined = (): number =>
      ip('-n', one.namespace, '-6', 'maddr', 'show', 'dev', 'eth0').split('ff02::4').length - 1
    inNamespace(one, () => groups.follow(new Set(many)))
    expect(joined()).toBe(500)
    inNamespace(one, () => groups.follow(new Set(many.slice(100, 103))))
    expect(joined()).toBe(3)
    inNamespace(one, () => groups.follow(new Set()))
    expect(joined()).toBe(0)
  })

  test('goes without groups of IPv6 where the kernel has it switched off, and joins them when it is on again', () => {
    const [, one] = lanOf(1)
    const groups = open(inNamespace(one, () => new Ipv6Groups(cardOf(one).index)))
    const all = (): string => ip('-n', one.namespace, '-6', 'maddr', 'show', 'dev', 'eth0')
    ip('-n', one.namespace, 'link', 'set', 'eth0', 'mtu', '1000') // Less than IPv6 asks for.
    inNamespace(one, () => groups.follow(new Set([group6])))
    expect(all()).not.toContain('ff02::114')
    ip('-n', one.namespace, 'link', 'set', 'eth0', 'mtu', '1500')
    inNamespace(one, () => groups.follow(new Set([group6])))
    expect(all()).toContain('ff02::114')
  })
})
