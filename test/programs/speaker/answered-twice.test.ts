import { afterEach, expect, test } from 'vitest'
import { formatMac } from '../../../src/core/wire/ethernet.ts'
import { describeOnLinks, execOn, ip, type Host } from '../../support/namespaces.ts'
import { Asker, dutyOf, openUntilTheEnd, TestSpeaker, until } from './wire-harness.ts'

const { open, lanOfThree } = openUntilTheEnd(afterEach)

const address = '10.88.0.200'
const second = 1_000

/** As kube-proxy in IPVS mode does: the address of a Service, on an interface that carries nothing. */
function bindAddress(host: Host): void {
  ip('-n', host.namespace, 'link', 'add', 'kube-ipvs0', 'type', 'bridge')
  ip('-n', host.namespace, 'link', 'set', 'kube-ipvs0', 'arp', 'off')
  ip('-n', host.namespace, 'addr', 'add', `${address}/32`, 'dev', 'kube-ipvs0')
}

/** What strictARP makes kube-proxy set. */
function setStrictArp(host: Host, isStrict: boolean): void {
  const settings = isStrict ? ['arp_ignore=1', 'arp_announce=2'] : ['arp_ignore=0', 'arp_announce=0']
  for (const setting of settings) execOn(host, ['sysctl', '-qw', `net.ipv4.conf.all.${setting}`])
}

function reported(speaker: TestSpeaker): readonly string[] {
  return speaker.facts.conflicts.map(({ mac }) => formatMac(mac))
}

/** Over several questions, for whoever has just been held up misses one. */
function everyoneWhoAnswers(asker: Asker): readonly string[] {
  const answers = Array.from({ length: 5 }, () =>
    asker.macsAfter(asker.request(address), address, 100, false),
  )
  return [...new Set(answers.flat())].toSorted()
}

/** Past the first question and the one that would confirm it. */
async function hasAskedTwice(speaker: TestSpeaker): Promise<void> {
  await until('it has asked', () => speaker.counted('sent probe') > 0)
  await new Promise((resolve) => setTimeout(resolve, 2 * second))
}

describeOnLinks('an address that another node has bound on an interface', () => {
  test('is answered once, and nothing is reported, while that node keeps to strict ARP', async () => {
    const { client, one, two } = lanOfThree()
    const asker = open(new Asker(client))
    for (const host of [one, two]) setStrictArp(host, true)
    for (const host of [one, two]) bindAddress(host)
    const speaker = open(new TestSpeaker('one', one, [dutyOf(address, ['one'])]))
    await until('the address is announced', () => speaker.announcing.includes(address))
    await hasAskedTwice(speaker)
    expect(everyoneWhoAnswers(asker)).toEqual([one.mac])
    expect(speaker.told.some(({ kind }) => kind === 'conflict')).toBe(false)
  })

  test('is answered twice and reported, with the MAC of that node, until the node keeps to strict ARP', async () => {
    const { client, one, two } = lanOfThree()
    const asker = open(new Asker(client))
    for (const host of [one, two]) bindAddress(host)
    const speaker = open(new TestSpeaker('one', one, [dutyOf(address, ['one'])]))
    await until('it is reported', () => speaker.facts.conflicts.length > 0, 20 * second)
    expect(reported(speaker)).toEqual([two.mac])
    expect(everyoneWhoAnswers(asker)).toEqual([one.mac, two.mac])
    setStrictArp(two, true)
    expect(everyoneWhoAnswers(asker)).not.toContain(two.mac)
    await until('the report is gone', () => speaker.facts.conflicts.length === 0, 20 * second)
  }, 60_000)

  test('is not reported by the node that has it bound itself: its own answers lead nowhere else', async () => {
    const { one } = lanOfThree()
    bindAddress(one)
    const speaker = open(new TestSpeaker('one', one, [dutyOf(address, ['one'])]))
    await hasAskedTwice(speaker)
    expect(speaker.told.some(({ kind }) => kind === 'conflict')).toBe(false)
  })

  test('is reported by the node that announces it, and by no other, when it moves', async () => {
    const { lan, client, one, two } = lanOfThree()
    bindAddress(client)
    const duty = dutyOf(address, ['one', 'two'])
    const first = open(new TestSpeaker('one', one, [duty]))
    const other = open(new TestSpeaker('two', two, [duty]))
    await until('it is reported', () => first.facts.conflicts.length > 0, 20 * second)
    expect(reported(other)).toEqual([])
    lan.pullCable(one)
    await until('it is reported by the next', () => other.facts.conflicts.length > 0, 20 * second)
    await until('the first has nothing to report', () => first.facts.conflicts.length === 0)
    expect(reported(other)).toEqual([client.mac])
  }, 60_000)
})

describeOnLinks('an address that only speakers answer for', () => {
  test('is never reported, though it moves back and forth for longer than the questions take', async () => {
    const { one, two } = lanOfThree()
    const names = ['one', 'two']
    const speakers = [one, two].map((host, at) => open(new TestSpeaker(names[at] ?? '', host)))
    for (let revision = 1; revision <= 8; revision++) {
      const placed = revision % 2 === 0 ? names : names.toReversed()
      for (const speaker of speakers)
        speaker.say({ kind: 'duties', duties: [dutyOf(address, placed, revision)] })
      const announcer = speakers.find(({ node }) => node === placed[0])
      await until('it has moved', () => announcer?.announcing.includes(address) === true)
      await new Promise((resolve) => setTimeout(resolve, revision % 4 === 0 ? 5 * second : 400))
    }
    const told = speakers.flatMap((speaker) => speaker.told.map(({ kind }) => kind))
    expect(speakers.reduce((sum, speaker) => sum + speaker.counted('sent probe'), 0)).toBeGreaterThan(1)
    expect(told).not.toContain('conflict')
  }, 60_000)
})
