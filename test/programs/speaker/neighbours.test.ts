import { spawnSync } from 'node:child_process'
import { afterEach, expect, test } from 'vitest'
import { advertise, advertisementBytes } from '../../../src/core/announcement/advertise.ts'
import { gratuitousRequest } from '../../../src/core/announcement/gratuitous.ts'
import { macBytes, parseMac } from '../../../src/core/wire/ethernet.ts'
import { arpFilter } from '../../../src/platform/network/filter.ts'
import { describeOnLinks, execOn, type Host } from '../../support/namespaces.ts'
import { Ear } from './ear.ts'
import { giveIpv6 } from './ndp-harness.ts'
import { knock, neighbourOf, setNeighbour } from './neighbours.ts'
import { addressOf, dutyOf, openUntilTheEnd, socketOn, TestSpeaker, until } from './wire-harness.ts'

const { open, lanOfThree } = openUntilTheEnd(afterEach)

const families = [
  ['IPv4', '10.88.0.200'],
  ['IPv6', 'fd88::200'],
] as const
/** Much less than the time after which a client asks again by itself. */
const atOnceMs = 150

interface Scene {
  readonly client: Host
  readonly former: Host
  readonly mac: string
  /** Announces the address, and resolves as soon as the first announcement was sent. */
  readonly announce: () => Promise<void>
  /** What is heard where the address was before, and where it is then. */
  readonly heard: { readonly there: Ear; readonly here: Ear }
}

/** A client, whoever had the address before, and a speaker that is about to announce it. */
async function sceneOf(address: string): Promise<Scene> {
  const { lan, client, one, two } = lanOfThree()
  giveIpv6(lan.hosts)
  const heard = { there: open(new Ear(two, address, client)), here: open(new Ear(one, address, client)) }
  const speaker = open(new TestSpeaker('one', one))
  await until('it listens no more', () => !speaker.facts.quiet)
  const announce = async (): Promise<void> => {
    speaker.say({ kind: 'duties', duties: [dutyOf(address, ['one'])] })
    await until('it was told', () => speaker.counted('sent gratuitous') > 0)
  }
  return { client, former: two, mac: one.mac, announce, heard }
}

/** Whether the client has the address at this MAC now. */
function believes(client: Host, address: string, mac: string): boolean {
  return neighbourOf(client, address).startsWith(`lladdr ${mac}`)
}

/** The first of the announcements alone, as by hand: what a later one does is not seen for it. */
function announceOnce(from: Host, address: string): void {
  const { family, value } = addressOf(address)
  const frame = new Uint8Array(family === 'IPv4' ? 60 : advertisementBytes)
  const mac = macBytes(parseMac(from.mac) ?? 0n)
  if (family === 'IPv4') gratuitousRequest(mac, Number(value), frame)
  else advertise(mac, value, frame)
  using socket = socketOn(from, family === 'IPv4' ? 0x0806 : 0x86dd, arpFilter)
  socket.send(frame)
}

describeOnLinks('a Linux client that knew the address elsewhere', () => {
  const states = ['reachable', 'stale', 'delay', 'probe']
  const rows = families.flatMap(([family, address]) =>
    states.map((state) => [family, state, address] as const),
  )

  test.each(rows)(
    'believes the announcement at once, and its next packet goes there unasked: %s, %s',
    async (_, state, address) => {
      const { client, former, mac, announce, heard } = await sceneOf(address)
      setNeighbour(client, address, former.mac, state)
      await announce()
      await until('it believes', () => believes(client, address, mac), atOnceMs)
      const asked = heard.here.questions
      knock(client, address)
      await until('its packet comes', () => heard.here.packets === 1)
      expect([heard.here.questions - asked, heard.there.packets]).toEqual([0, 0])
    },
  )

  test.each(rows)('believes the very first frame of it: %s, %s', async (_, state, address) => {
    const { lan, client, one, two } = lanOfThree()
    giveIpv6(lan.hosts)
    setNeighbour(client, address, two.mac, state)
    announceOnce(one, address)
    await until('it believes', () => believes(client, address, one.mac), atOnceMs)
  })

  test.each(families)(
    'goes to the new announcer from one packet to the next when the address moves: %s',
    async (_, address) => {
      const { lan, client, one, two } = lanOfThree()
      giveIpv6(lan.hosts)
      const heard = { one: open(new Ear(one, address, client)), two: open(new Ear(two, address, client)) }
      const both = [
        dutyOf(address, ['two', 'one'], 1),
        { ...dutyOf(address, ['two', 'one'], 2), placement: { node: 'one', revision: 2 } },
      ]
      const speakers = [open(new TestSpeaker('one', one)), open(new TestSpeaker('two', two))]
      await until('both hear each other', () => speakers.every(({ peers }) => peers.length === 1))
      const [first, second] = speakers as [TestSpeaker, TestSpeaker]
      for (const each of speakers) each.say({ kind: 'duties', duties: both.slice(0, 1) })
      await until('two announces', () => second.announcing.includes(address))
      knock(client, address)
      await until('the packet comes', () => heard.two.packets === 1)
      const asked = heard.two.questions
      for (const each of speakers) each.say({ kind: 'duties', duties: both.slice(1) })
      await until('one has told the LAN', () => first.counted('sent gratuitous') > 0)
      await until('the client believes', () => believes(client, address, one.mac), atOnceMs)
      knock(client, address)
      await until('the next packet comes', () => heard.one.packets === 1)
      expect([heard.two.packets, heard.two.questions - asked]).toEqual([1, 0])
    },
  )

  test.each(families)('keeps an entry that its owner made permanent: %s', async (_, address) => {
    const { client, former, announce, heard } = await sceneOf(address)
    setNeighbour(client, address, former.mac, 'permanent')
    await announce()
    knock(client, address)
    await until('its packet goes where it was told', () => heard.there.packets === 1)
    expect(neighbourOf(client, address)).toBe(`lladdr ${former.mac} PERMANENT`)
  })

  test('believes it at once after it had given up, with IPv4', async () => {
    const { client, former, mac, announce } = await sceneOf('10.88.0.200')
    setNeighbour(client, '10.88.0.200', former.mac, 'failed')
    await announce()
    await until('it believes', () => believes(client, '10.88.0.200', mac), atOnceMs)
  })

  test('learns nothing after it had given up, with IPv6, and asks when it needs the address', async () => {
    const { client, former, mac, announce } = await sceneOf('fd88::200')
    setNeighbour(client, 'fd88::200', former.mac, 'failed')
    await announce()
    expect(neighbourOf(client, 'fd88::200')).not.toContain('lladdr')
    knock(client, 'fd88::200')
    await until('it knows', () => believes(client, 'fd88::200', mac))
  })
})

describeOnLinks('a Linux client that did not know the address', () => {
  test.each(families)(
    'is not told what it did not ask for, and asks when it needs it: %s',
    async (_, address) => {
      const { client, mac, announce, heard } = await sceneOf(address)
      await announce()
      expect(neighbourOf(client, address)).toBe('')
      knock(client, address)
      await until('it knows', () => believes(client, address, mac))
      await until('its first packet comes', () => heard.here.packets === 1)
    },
  )

  test.each(families)(
    'whose question waits for an answer has it with the announcement: %s',
    async (_, address) => {
      const { client, mac, announce, heard } = await sceneOf(address)
      knock(client, address)
      expect(neighbourOf(client, address)).toContain('INCOMPLETE')
      await announce()
      await until('it knows', () => believes(client, address, mac), atOnceMs)
      await until('what waited is sent', () => heard.here.packets === 1, atOnceMs)
    },
  )

  test.each([
    ['IPv4, arp_accept=1', '10.88.0.200', ['net.ipv4.conf.eth0.arp_accept=1']],
    [
      'IPv6, a router with accept_untracked_na=1',
      'fd88::200',
      ['net.ipv6.conf.eth0.forwarding=1', 'net.ipv6.conf.eth0.accept_untracked_na=1'],
    ],
  ])('learns it unasked when it was told to: %s', async (_, address, settings) => {
    const { client, mac, announce, heard } = await sceneOf(address)
    for (const setting of settings) execOn(client, ['sysctl', '-qw', setting])
    await announce()
    await until('it knows', () => believes(client, address, mac), atOnceMs)
    knock(client, address)
    await until('its packet comes', () => heard.here.packets === 1)
    expect(heard.there.questions).toBe(0)
  })
})

describeOnLinks('Debian’s arping', () => {
  /** Whether it says that somebody has the address. */
  const isInUse = (client: Host, address: string): boolean =>
    spawnSync('ip', [
      ...client.exec.slice(1),
      'arping',
      '-D',
      '-q',
      '-c',
      '1',
      '-w',
      '1',
      '-I',
      'eth0',
      address,
    ]).status === 1

  test('finds that an announced address is in use, and that the next one is free', async () => {
    const { client, announce } = await sceneOf('10.88.0.200')
    await announce()
    expect([isInUse(client, '10.88.0.200'), isInUse(client, '10.88.0.201')]).toEqual([true, false])
  })
})
