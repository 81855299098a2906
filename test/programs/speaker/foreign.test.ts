import { afterEach, expect, test } from 'vitest'
import { describeOnLinks, execOn, ip, type Host } from '../../support/namespaces.ts'
import { formatAddress } from '../../../src/core/ip/address.ts'
import { advertise, advertisementBytes } from '../../../src/core/announcement/advertise.ts'
import { gratuitousRequest } from '../../../src/core/announcement/gratuitous.ts'
import { probe } from '../../../src/core/announcement/probe.ts'
import { solicit } from '../../../src/core/announcement/solicit.ts'
import { formatMac, macBytes, parseMac } from '../../../src/core/wire/ethernet.ts'
import { arpFilter } from '../../../src/platform/network/filter.ts'
import { giveIpv6 } from './ndp-harness.ts'
import { addressOf, Asker, dutyOf, openUntilTheEnd, socketOn, TestSpeaker, until } from './wire-harness.ts'

const { open, lanOfThree } = openUntilTheEnd(afterEach)

const families = [
  { family: 'IPv4', address: '10.88.0.200', prefix: 24 },
  { family: 'IPv6', address: 'fd88::200', prefix: 64 },
] as const

/** Who answers for what, as the speaker has told. */
function foreign({ facts }: TestSpeaker): readonly string[] {
  return facts.foreign.map(({ address, mac }) => `${formatAddress(address)} ${formatMac(mac)}`)
}

function bind(host: Host, text: string, prefix: number): void {
  const options = prefix === 64 ? ['nodad'] : []
  ip('-n', host.namespace, 'addr', 'add', `${text}/${prefix}`, 'dev', 'eth0', ...options)
}

function clears({ told }: TestSpeaker): number {
  return told.filter(({ kind }) => kind === 'clear').length
}

describeOnLinks('a speaker that looks after addresses which nobody announces', () => {
  test.each(families)('finds the device that has one: $family', async ({ address, prefix }) => {
    const { client, one, two } = lanOfThree()
    giveIpv6([client, one, two])
    bind(client, address, prefix)
    const speaker = open(new TestSpeaker('one', one))
    speaker.say({ kind: 'looks', ahead: [dutyOf(address, ['one'])], first: [], macs: [] })
    await until('the device is told', () => foreign(speaker).length > 0)
    expect(foreign(speaker)).toEqual([`${address} ${client.mac}`])
    expect(speaker.announcing).toEqual([])
  })

  test.each(families)('finds none where the device is a speaker: $family', async ({ address, prefix }) => {
    const { client, one, two } = lanOfThree()
    giveIpv6([client, one, two])
    bind(client, address, prefix)
    const speaker = open(new TestSpeaker('one', one))
    const macs = [parseMac(client.mac) ?? 0n]
    speaker.say({ kind: 'looks', ahead: [dutyOf(address, ['one'])], first: [], macs })
    await until('it has asked', () => speaker.counted('sent probe') >= 3)
    expect(foreign(speaker)).toEqual([])
  })

  test('finds none where the MAC is of another interface of its own node, which it does not use', async () => {
    const { client, one } = lanOfThree()
    ip('-n', one.namespace, 'link', 'add', 'other0', 'type', 'bridge')
    ip('-n', one.namespace, 'link', 'set', 'other0', 'address', client.mac)
    bind(client, '10.88.0.200', 24)
    const speaker = open(new TestSpeaker('one', one))
    speaker.say({ kind: 'looks', ahead: [dutyOf('10.88.0.200', ['one'])], first: [], macs: [] })
    await until('it has asked', () => speaker.counted('sent probe') >= 3)
    expect(foreign(speaker)).toEqual([])
  })

  test('asks for each address on one of two nodes, and on the other when that one is gone', async () => {
    const { client, one, two } = lanOfThree()
    const addresses = Array.from({ length: 8 }, (_, at) => `10.88.0.${200 + at}`)
    for (const address of addresses) bind(client, address, 24)
    const speakers = [open(new TestSpeaker('one', one)), open(new TestSpeaker('two', two))]
    const ahead = addresses.map((address) => ({ ...dutyOf(address, ['one', 'two']), placement: undefined }))
    for (const speaker of speakers) speaker.say({ kind: 'looks', ahead, first: [], macs: [] })
    await until('both hear each other', () => speakers.every(({ peers }) => peers.length > 0))
    const found = (): readonly string[] => speakers.flatMap(foreign).toSorted()
    await until('each is told once', () => found().length === 8 && new Set(found()).size === 8, 20_000)
    const [first, second] = speakers
    expect(foreign(first as TestSpeaker).length).toBeGreaterThan(0)
    expect(foreign(second as TestSpeaker).length).toBeGreaterThan(0)
    await first?.thread.leave(0)
    await until('the other one tells all', () => foreign(second as TestSpeaker).length === 8)
  })

  test('says that a device is gone once it does not answer any more', { timeout: 60_000 }, async () => {
    const [{ address, prefix }] = families
    const { client, one } = lanOfThree()
    bind(client, address, prefix)
    const speaker = open(new TestSpeaker('one', one))
    speaker.say({ kind: 'looks', ahead: [dutyOf(address, ['one'])], first: [], macs: [] })
    await until('the device is told', () => foreign(speaker).length > 0)
    ip('-n', client.namespace, 'addr', 'del', `${address}/${prefix}`, 'dev', 'eth0')
    await until('it is gone', () => foreign(speaker).length === 0, 40_000)
  })

  test.each(families)('says at once that nobody has an address: $family', async ({ address }) => {
    const { client, one, two } = lanOfThree()
    giveIpv6([client, one, two])
    const speaker = open(new TestSpeaker('one', one, [dutyOf('10.88.0.210', ['one'])]))
    await until('it speaks', () => speaker.announcing.length > 0)
    speaker.say({ kind: 'looks', ahead: [], first: [dutyOf(address, [])], macs: [] })
    await until('it is clear', () => clears(speaker) > 0)
    expect([foreign(speaker), speaker.counted('sent probe') >= 2]).toEqual([[], true])
  })

  test.each(families)('says nothing for an address that another device has: $family', async (row) => {
    const { address, prefix } = row
    const { client, one, two } = lanOfThree()
    giveIpv6([client, one, two])
    bind(client, address, prefix)
    const speaker = open(new TestSpeaker('one', one, [dutyOf('10.88.0.210', ['one'])]))
    await until('it speaks', () => speaker.announcing.length > 0)
    const before = speaker.counted('sent gratuitous')
    speaker.say({ kind: 'heldBack', addresses: [addressOf(address)] })
    speaker.say({ kind: 'looks', ahead: [], first: [dutyOf(address, [])], macs: [] })
    speaker.say({ kind: 'duties', duties: [dutyOf('10.88.0.210', ['one']), dutyOf(address, ['one'], 2)] })
    await until('the device is told', () => foreign(speaker).length > 0)
    await until('it holds the address', () => speaker.announcing.includes(address))
    using asker = new Asker(two)
    if (row.family === 'IPv4') expect(asker.ask(address)).toBe(client.mac)
    expect([clears(speaker), speaker.counted('sent reply')]).toEqual([0, 0])
    expect(speaker.counted('sent gratuitous') - before).toBeLessThanOrEqual(10)
  })

  test.each(families)(
    'says nothing for an address that another device asks for, too: $family',
    async ({ address }) => {
      const { client, one, two } = lanOfThree()
      giveIpv6([client, one, two])
      const speaker = open(new TestSpeaker('one', one, [dutyOf('10.88.0.210', ['one'])]))
      await until('it speaks', () => speaker.announcing.length > 0)
      speaker.say({ kind: 'looks', ahead: [], first: [dutyOf(address, [])], macs: [] })
      await until('it asks', () => speaker.counted('sent probe') > 0)
      probeBy(client, address)
      await until('the device is told', () => foreign(speaker).length > 0)
      expect([foreign(speaker), clears(speaker)]).toEqual([[`${address} ${client.mac}`], 0])
    },
  )

  test.each(families)('takes the probe of another speaker for none: $family', async ({ address }) => {
    const { client, one, two } = lanOfThree()
    giveIpv6([client, one, two])
    const speaker = open(new TestSpeaker('one', one, [dutyOf('10.88.0.210', ['one'])]))
    await until('it speaks', () => speaker.announcing.length > 0)
    const macs = [parseMac(client.mac) ?? 0n]
    speaker.say({ kind: 'looks', ahead: [], first: [dutyOf(address, [])], macs })
    await until('it asks', () => speaker.counted('sent probe') > 0)
    probeBy(client, address)
    await until('it is clear', () => clears(speaker) > 0)
    expect(foreign(speaker)).toEqual([])
  })

  test.each(families)(
    'takes its own frames, sent back by a loop, for nobody else’s: $family',
    async ({ address }) => {
      const { client, one, two } = lanOfThree()
      giveIpv6([client, one, two])
      const speaker = open(new TestSpeaker('one', one, [dutyOf('10.88.0.210', ['one'])]))
      await until('it speaks', () => speaker.announcing.length > 0)
      speaker.say({ kind: 'looks', ahead: [dutyOf(address, ['one'])], first: [], macs: [] })
      await until('it asks', () => speaker.counted('sent probe') > 0)
      const before = speaker.counted('arp ownFrame') + speaker.counted('ndp ownFrame')
      probeBy(client, address, one.mac)
      claimBy(client, address, one.mac)
      await until('it has read them', () => {
        return speaker.counted('arp ownFrame') + speaker.counted('ndp ownFrame') > before
      })
      await until('it has asked for the last time', () => speaker.counted('sent probe') >= 3)
      expect([foreign(speaker), speaker.counted('foreign claim')]).toEqual([[], 0])
    },
  )

  test('finds one MAC everywhere where a device answers for whatever it is asked', async () => {
    const { client, one } = lanOfThree()
    ip('-n', client.namespace, 'route', 'add', 'local', '10.99.0.0/24', 'dev', 'lo')
    const speaker = open(new TestSpeaker('one', one))
    const asked = Array.from({ length: 8 }, (_, at) => `10.99.0.${200 + at}`)
    speaker.say({ kind: 'looks', ahead: asked.map((text) => dutyOf(text, ['one'])), first: [], macs: [] })
    await until('all are told', () => foreign(speaker).length === 8)
    expect(foreign(speaker).toSorted()).toEqual(asked.map((text) => `${text} ${client.mac}`))
  })

  test('finds nothing of a Linux router with proxy_arp: that does not answer probes', async () => {
    const { client, one } = lanOfThree()
    ip('-n', client.namespace, 'link', 'add', 'behind0', 'type', 'bridge')
    ip('-n', client.namespace, 'link', 'set', 'behind0', 'up')
    ip('-n', client.namespace, 'addr', 'add', '10.99.0.1/24', 'dev', 'behind0')
    for (const setting of ['ip_forward=1', 'conf.eth0.proxy_arp=1', 'neigh.eth0.proxy_delay=0'])
      execOn(client, ['sysctl', '-qw', `net.ipv4.${setting}`])
    const speaker = open(new TestSpeaker('one', one))
    speaker.say({ kind: 'looks', ahead: [dutyOf('10.99.0.200', ['one'])], first: [], macs: [] })
    await until('it has asked', () => speaker.counted('sent probe') >= 3)
    using asker = new Asker(one)
    expect(asker.ask('10.99.0.200')).toBe(client.mac)
    expect(foreign(speaker)).toEqual([])
  })

  test.each(families)('finds the virtual router (VRRP) that has an address: $family', async ({ address }) => {
    const { client, one, two } = lanOfThree()
    giveIpv6([client, one, two])
    const speaker = open(new TestSpeaker('one', one, [dutyOf('10.88.0.210', ['one'])]))
    await until('it speaks', () => speaker.announcing.length > 0)
    speaker.say({ kind: 'looks', ahead: [dutyOf(address, ['one'])], first: [], macs: [] })
    await until('it asks', () => speaker.counted('sent probe') > 0)
    claimBy(client, address, '00:00:5e:00:01:0a')
    await until('it is told', () => foreign(speaker).length > 0)
    expect(foreign(speaker)).toEqual([`${address} 00:00:5e:00:01:0a`])
  })
})

/** As a host does that is about to take the address (RFC 5227, 2.1.1; RFC 4862, 5.4.2). */
function probeBy(host: Host, text: string, mac = host.mac): void {
  const { family, value } = addressOf(text)
  if (family === 'IPv6') return send(host, 0x86dd, solicit(parseMac(mac) ?? 0n, 0n, value))
  const frame = new Uint8Array(60)
  probe(macBytes(parseMac(mac) ?? 0n), Number(value), frame)
  send(host, 0x0806, frame)
}

function claimBy(host: Host, text: string, mac = host.mac): void {
  const { family, value } = addressOf(text)
  const frame = new Uint8Array(family === 'IPv4' ? 60 : advertisementBytes)
  const bytes = macBytes(parseMac(mac) ?? 0n)
  if (family === 'IPv6') advertise(bytes, value, frame)
  else gratuitousRequest(bytes, Number(value), frame)
  send(host, family === 'IPv4' ? 0x0806 : 0x86dd, frame)
}

function send(host: Host, etherType: number, frame: Uint8Array): void {
  using socket = socketOn(host, etherType, arpFilter)
  socket.send(frame)
}
