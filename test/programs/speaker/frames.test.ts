import { afterAll, beforeAll, expect, test } from 'vitest'
import { advertise, advertisementBytes } from '../../../src/core/announcement/advertise.ts'
import { gratuitousRequest } from '../../../src/core/announcement/gratuitous.ts'
import { formatMac } from '../../../src/core/wire/ethernet.ts'
import { describeOnLinks, type Host, type Lan } from '../../support/namespaces.ts'
import { rightened } from './mutation.ts'
import { giveIpv6, Ndp6Asker } from './ndp-harness.ts'
import { addressOf, Asker, dutyOf, openUntilTheEnd, TestSpeaker, until } from './wire-harness.ts'

const { open, lanOfThree } = openUntilTheEnd(afterAll)

const addresses = { IPv4: '10.88.0.200', IPv6: 'fd88::200' } as const
type Family = keyof typeof addresses
/** A MAC of eight bytes, and an option of none (RFC 4861, 4.6). */
const malformed = {
  IPv4: { counted: 'arp malformed', at: 18, byte: 8 },
  IPv6: { counted: 'ndp malformed', at: 79, byte: 0 },
} as const
const strangers = '02:00:00:00:00:77'

/** The frame with other bytes at a place; the checksum of NDP is right again. */
function altered(frame: Uint8Array, at: number, ...bytes: readonly number[]): Uint8Array {
  const copy = frame.slice()
  copy.set(bytes, at)
  return frame[12] === 0x86 ? rightened(copy) : copy
}

const withTag = (frame: Uint8Array, ...tag: readonly number[]): Uint8Array =>
  new Uint8Array([...frame.subarray(0, 12), ...tag, ...frame.subarray(12)])
const behind = (frame: Uint8Array, bytes: number): Uint8Array =>
  new Uint8Array([...frame, ...new Uint8Array(bytes)])
const bytesOf = (mac: string): readonly number[] => mac.split(':').map((each) => Number.parseInt(each, 16))
const wholeOf = (family: Family): number => (family === 'IPv4' ? 42 : 86)
const isArp = (frame: Uint8Array): boolean => frame[12] === 8

/** What is made of the question that any host would ask, and whether that is answered. */
const forms: readonly (readonly [
  name: string,
  of: (question: Uint8Array) => Uint8Array,
  answered: boolean,
])[] = [
  ['as every host sends it', (question) => question, true],
  ['to the announcer alone', (question) => altered(question, 0, 2, 0, 0, 0, 0, 2), true],
  ['without padding', (question) => question.slice(0, isArp(question) ? 42 : 86), true],
  ['with padding up to the MTU', (question) => behind(question, 1_400), true],
  ['in a jumbo frame', (question) => behind(question, 8_000), true],
  ['with a priority tag, which is of no VLAN', (question) => withTag(question, 0x81, 0, 0xe0, 0), true],
  ['tagged with a VLAN', (question) => withTag(question, 0x81, 0, 0, 42), false],
  ['tagged with a VLAN of a provider', (question) => withTag(question, 0x88, 0xa8, 0, 42), false],
  ['tagged twice', (question) => withTag(question, 0x88, 0xa8, 0, 7, 0x81, 0, 0, 42), false],
  ['to another MAC', (question) => altered(question, 0, ...bytesOf(strangers)), false],
  ['from the announcer itself', fromAnnouncer, false],
  ['as a reply to nobody', asReply, false],
]

function fromAnnouncer(question: Uint8Array): Uint8Array {
  const ours = bytesOf('02:00:00:00:00:02')
  return altered(altered(question, 6, ...ours), isArp(question) ? 22 : 80, ...ours)
}

/** It speaks for an address that nobody announces, so it is no claim either. */
function asReply(question: Uint8Array): Uint8Array {
  return isArp(question) ? altered(question, 20, 0, 2) : altered(altered(question, 77, 1), 54, 136)
}

const families: readonly Family[] = ['IPv4', 'IPv6']
const rows = families.flatMap((family) => forms.map(([name, ...rest]) => [family, name, ...rest] as const))

describeOnLinks('a question for an announced address', () => {
  let one: Host
  let lan: Lan
  let speaker: TestSpeaker
  let askers: { readonly IPv4: Asker; readonly IPv6: Ndp6Asker }

  beforeAll(async () => {
    const hosts = lanOfThree()
    one = hosts.one
    lan = hosts.lan
    lan.allowJumboFrames()
    giveIpv6(lan.hosts)
    askers = { IPv4: open(new Asker(hosts.client)), IPv6: open(new Ndp6Asker(hosts.client)) }
    const duties = Object.values(addresses).map((text) => dutyOf(text, ['one']))
    speaker = open(new TestSpeaker('one', one, duties))
    await until('both are announced', () => speaker.announcing.length === 2)
  })

  const questionOf = (family: Family): Uint8Array =>
    family === 'IPv4' ? askers.IPv4.request(addresses.IPv4) : askers.IPv6.question(addresses.IPv6)
  const ask = (family: Family): string | undefined => askers[family].ask(addresses[family], 1_000)

  /** Waits until all that was sent is read: frames are read in turn, and what no host sends is counted after them. */
  async function allRead(family: Family): Promise<void> {
    const { counted, at, byte } = malformed[family]
    const before = speaker.counted(counted)
    askers[family].socket.send(altered(questionOf(family), at, byte))
    await until('all were read', () => speaker.counted(counted) > before)
  }

  async function answersTo(family: Family, ...frames: readonly Uint8Array[]): Promise<number> {
    await allRead(family)
    const before = speaker.counted('sent reply')
    for (const frame of frames) askers[family].socket.send(frame)
    await allRead(family)
    return speaker.counted('sent reply') - before
  }

  test.each(rows)('%s, %s', async (family, _, form, answered) => {
    const frame = form(questionOf(family))
    expect(await answersTo(family, frame)).toBe(answered ? 1 : 0)
    if (answered) expect(askers[family].macsAfter(frame, addresses[family], 1_000)).toEqual([one.mac])
    expect(ask(family)).toBe(one.mac)
  })

  test.each(families)('%s, cut short at each length is not answered', async (family) => {
    const whole = questionOf(family)
    const cut = Array.from({ length: wholeOf(family) - 14 }, (_, at) => whole.slice(0, 14 + at))
    expect(await answersTo(family, ...cut)).toBe(0)
    expect(ask(family)).toBe(one.mac)
  })

  test('from nobody, who makes sure that an address is free, is answered: to it in IPv4, to all in IPv6', async () => {
    const probe = askers.IPv4.request(addresses.IPv4)
    probe.fill(0, 28, 32)
    expect(askers.IPv4.macsAfter(probe, addresses.IPv4, 1_000)).toEqual([one.mac])
    const unspecified = askers.IPv6.question(addresses.IPv6).slice(0, 78)
    unspecified.fill(0, 22, 38)
    unspecified[19] = 24
    expect(await answersTo('IPv6', rightened(unspecified))).toBe(1)
  })

  test('from far away (hop limit 64), or with a wrong checksum, is not answered in IPv6', async () => {
    const question = askers.IPv6.question(addresses.IPv6)
    expect(await answersTo('IPv6', altered(question, 21, 64), damaged(question))).toBe(0)
    expect(ask('IPv6')).toBe(one.mac)
  })

  /** Who claimed the address, by the speaker's first word of it. */
  const claimantOf = (family: Family): bigint | undefined =>
    speaker.told
      .flatMap((each) => (each.kind === 'claim' ? [each.conflict] : []))
      .find(({ address }) => address.family === family)?.mac

  test.each(families)('%s, a claim that nobody may believe is none', async (family) => {
    const sound = claimBy(family, lan.hosts[0]?.mac ?? '')
    const claim = claimBy(family, strangers)
    const cut = Array.from({ length: wholeOf(family) - 14 }, (_, at) => claim.slice(0, 14 + at))
    const afar = family === 'IPv6' ? [altered(claim, 21, 64), damaged(claim)] : []
    const tagged = withTag(claim, 0x81, 0, 0, 42)
    const others = [altered(claim, 0, ...bytesOf(strangers)), tagged, claimBy(family, one.mac)]
    for (const each of [...others, ...cut, ...afar]) askers[family].socket.send(each)
    await allRead(family)
    askers[family].socket.send(sound)
    await until('the sound one is heard', () => claimantOf(family) !== undefined)
    expect(formatMac(claimantOf(family) ?? 0n)).toBe(lan.hosts[0]?.mac)
  })
})

/** A frame that says that the address is at this MAC: gratuitous ARP, or an unsolicited advertisement. */
function claimBy(family: Family, mac: string): Uint8Array {
  const { value } = addressOf(addresses[family])
  const frame = new Uint8Array(family === 'IPv4' ? 60 : advertisementBytes)
  if (family === 'IPv4') gratuitousRequest(Uint8Array.from(bytesOf(mac)), Number(value), frame)
  else advertise(Uint8Array.from(bytesOf(mac)), value, frame)
  return frame
}

function damaged(frame: Uint8Array): Uint8Array {
  const copy = frame.slice()
  copy[57] = (copy[57] ?? 0) ^ 1
  return copy
}
