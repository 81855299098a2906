import { afterEach, expect, test } from 'vitest'
import { formatMac } from '../../../src/core/wire/ethernet.ts'
import { describeOnLinks, ip, Lan, type Host } from '../../support/namespaces.ts'
import { Asker, dutyOf, openUntilTheEnd, TestSpeaker, until } from './wire-harness.ts'

const { open, lanOfThree } = openUntilTheEnd(afterEach)
const address = '10.88.0.200'
const second = '02:00:00:00:bb:01'

/** One speaker that announces the address, and a client. */
async function announcer() {
  const hosts = lanOfThree()
  const asker = open(new Asker(hosts.client))
  const speaker = open(new TestSpeaker('one', hosts.one, [dutyOf(address, ['one'])]))
  await until('it announces', () => speaker.announcing.includes(address))
  return { ...hosts, asker, speaker }
}

/** The same speaker on a second LAN, where the client has a card, too. */
async function onTwoLans() {
  const first = await announcer()
  const lan = open(new Lan(1))
  const [client] = lan.hosts as [Host]
  ip('-n', client.namespace, 'addr', 'add', '10.99.0.1/24', 'dev', 'eth0')
  const cable = lan.attach(first.one, 'eth1', second, '10.99.0.2/24')
  await until('it uses both cards', () => first.speaker.facts.interfaces.length === 2)
  return { ...first, other: { lan, cable, asker: open(new Asker(client)) } }
}

/** On which interfaces the speaker says it answers for the address. */
function cardsOf(speaker: TestSpeaker): string {
  return speaker.facts.announcing
    .map(({ answering }) => answering.interface)
    .toSorted()
    .join()
}

/** Which interfaces it does not use, why, and what they are ports of. */
function unusedOf(speaker: TestSpeaker): readonly string[] {
  return speaker.facts.unused.map(({ name, reason, master }) => `${name} ${reason} ${master}`)
}

/** Everyone who answers, asked twice: a client keeps the one that it hears first. */
function answerers(asker: Asker, text = address): readonly string[] {
  const twice = [1, 2].flatMap(() => asker.macsAfter(asker.request(text), text, 150, false))
  return [...new Set(twice)]
}

describeOnLinks('a speaker whose cards change', () => {
  test('goes on under the new name when its interface is renamed', async () => {
    const { asker, one, speaker } = await announcer()
    ip('-n', one.namespace, 'link', 'set', 'eth0', 'down')
    ip('-n', one.namespace, 'link', 'set', 'eth0', 'name', 'lan0')
    ip('-n', one.namespace, 'link', 'set', 'lan0', 'up')
    await until('it announces on lan0', () => cardsOf(speaker) === 'lan0')
    await until('it answers', () => asker.ask(address) === one.mac)
    expect(speaker.facts.interfaces.map(({ name }) => name)).toEqual(['lan0'])
  })

  test('goes on through the bridge when its interface is put into one, and through the interface when it is taken out', async () => {
    const { asker, one, speaker } = await announcer()
    const bridge = '02:00:00:00:cc:01'
    const on = (...words: readonly string[]): string => ip('-n', one.namespace, ...words)
    on('link', 'add', 'lanbr', 'type', 'bridge', 'forward_delay', '0')
    on('link', 'set', 'lanbr', 'address', bridge, 'up')
    on('link', 'set', 'eth0', 'master', 'lanbr')
    on('addr', 'flush', 'dev', 'eth0')
    on('addr', 'add', `${one.address}/24`, 'dev', 'lanbr')
    await until('it announces on the bridge', () => cardsOf(speaker) === 'lanbr')
    await until('it answers with its MAC', () => asker.ask(address) === bridge)
    expect(answerers(asker)).toEqual([bridge])
    expect(unusedOf(speaker)).toEqual(['eth0 HasMaster lanbr'])
    on('link', 'set', 'eth0', 'nomaster')
    on('link', 'del', 'lanbr')
    await until('it announces on the interface', () => cardsOf(speaker) === 'eth0')
    await until('it answers with its MAC', () => asker.ask(address) === one.mac)
    expect(unusedOf(speaker)).toEqual([])
  })

  test('goes on when its interface has no address left, and when that has others', async () => {
    const { asker, one, speaker } = await announcer()
    ip('-n', one.namespace, 'addr', 'flush', 'dev', 'eth0')
    await until('that is known', () => speaker.facts.interfaces[0]?.addresses.length === 0)
    expect(answerers(asker)).toEqual([one.mac])
    ip('-n', one.namespace, 'addr', 'add', '10.99.0.2/24', 'dev', 'eth0')
    await until('that is known', () => speaker.facts.interfaces[0]?.addresses.length === 1)
    expect(answerers(asker)).toEqual([one.mac])
    expect(speaker.announcing).toEqual([address])
  })

  test('tells of what it does not use and why, and of nothing that comes and goes with Pods', async () => {
    const { one, speaker } = await announcer()
    const on = (...words: readonly string[]): string => ip('-n', one.namespace, ...words)
    on('link', 'add', 'docker0', 'address', second, 'type', 'bridge')
    await until('that is known', () => speaker.facts.unused.length === 1)
    const told = speaker.told.length
    on('link', 'add', 'veth1', 'type', 'veth', 'peer', 'name', 'cali2')
    on('link', 'set', 'veth1', 'master', 'docker0')
    on('link', 'set', 'cali2', 'arp', 'off')
    on('link', 'set', 'cali2', 'name', 'noarp1')
    await until('that is known', () => speaker.facts.unused.length > 1)
    expect(unusedOf(speaker)).toEqual(['docker0 MadeByPlugin undefined', 'noarp1 NoArp undefined'])
    expect(speaker.told.slice(told).filter(({ kind }) => kind === 'interfaces')).toHaveLength(1)
  })

  test('says nothing while its one card is gone, and says which ones it has', async () => {
    const { lan, asker, one, speaker } = await announcer()
    lan.removeCard(one)
    await until('it has none', () => speaker.facts.interfaces.length === 0)
    expect(answerers(asker)).toEqual([])
    lan.attach(one, 'enp3s0', second, `${one.address}/24`)
    await until('it announces on the new one', () => cardsOf(speaker) === 'enp3s0')
    expect(speaker.facts.interfaces.map(({ mac }) => formatMac(mac))).toEqual([second])
    await until('it answers', () => asker.ask(address) === second)
  })
})

describeOnLinks('a speaker with more cards than one', () => {
  test('of which two are on one segment answers on one of them, and on the other when that is gone', async () => {
    const { lan, asker, one, speaker } = await announcer()
    lan.attach(one, 'eth1', second, '10.88.0.12/24')
    await until('it uses both cards', () => speaker.facts.interfaces.length === 2)
    // For a moment it does not know that they are on one segment, and speaks on both.
    await until('one of them answers', () => answerers(asker).length === 1)
    await until('it says which one', () => speaker.facts.twins.length === 1)
    expect(speaker.facts.twins).toEqual([{ interface: 'eth1', speaks: 'eth0' }])
    const [mac] = answerers(asker)
    if (mac === one.mac) lan.pullCable(one)
    else ip('-n', one.namespace, 'link', 'set', 'eth1', 'down')
    await until('the other one answers', () => {
      const macs = answerers(asker)
      return macs.length === 1 && macs[0] !== mac
    })
    await until('they are no twins any more', () => speaker.facts.twins.length === 0)
  })

  test('of which each is on a segment of its own answers where the subnet holds the address, and nowhere else', async () => {
    const { asker, one, speaker, other } = await onTwoLans()
    const theirs = '10.99.0.200'
    speaker.say({ kind: 'duties', duties: [dutyOf(address, ['one']), dutyOf(theirs, ['one'])] })
    await until('it announces both', () => speaker.announcing.length === 2)
    expect(answerers(asker)).toEqual([one.mac])
    expect(answerers(asker, theirs)).toEqual([])
    expect(answerers(other.asker, theirs)).toEqual([second])
    expect(answerers(other.asker)).toEqual([])
  })

  test('is heard without a break while four of them go at once', async () => {
    const { one, speaker, two } = await announcer()
    const peer = open(new TestSpeaker('two', two, []))
    const on = (...words: readonly string[]): string => ip('-n', one.namespace, ...words)
    const cards = ['a0', 'b0', 'c0', 'd0']
    for (const card of cards) on('link', 'add', card, 'type', 'veth', 'peer', 'name', `veth${card}`)
    for (let round = 0; round < 4; round++) {
      for (const card of cards) on('link', 'set', card, 'up')
      await until('it uses all of them', () => speaker.facts.interfaces.length === 5)
      await until('it is heard', () => peer.peers.length === 1)
      const told = peer.told.length
      // Under the name of a plugin's they are none that it uses.
      for (const card of cards) on('link', 'set', card, 'down', 'name', `veth-${card}`)
      await until('it uses one', () => speaker.facts.interfaces.length === 1)
      await new Promise((resolve) => setTimeout(resolve, 500))
      expect(peer.told.slice(told).filter(({ kind }) => kind === 'peers')).toEqual([])
      for (const card of cards) on('link', 'set', `veth-${card}`, 'name', card)
    }
  })

  test('follows the subnet of an address from one card to the other', async () => {
    const { asker, one, speaker, other } = await onTwoLans()
    expect(cardsOf(speaker)).toBe('eth0')
    ip('-n', one.namespace, 'addr', 'del', `${one.address}/24`, 'dev', 'eth0')
    ip('-n', one.namespace, 'addr', 'add', `${one.address}/24`, 'dev', 'eth1')
    await until('it announces on the other', () => cardsOf(speaker) === 'eth1')
    expect(answerers(asker)).toEqual([])
    expect(answerers(other.asker)).toEqual([second])
  })

  test('answers on each segment for an address that no subnet holds, with the MAC that it has there', async () => {
    const { asker, one, speaker, other } = await onTwoLans()
    const foreign = '172.30.0.9'
    speaker.say({ kind: 'duties', duties: [dutyOf(foreign, ['one'])] })
    await until('it announces on both', () => cardsOf(speaker) === 'eth0,eth1')
    expect(answerers(asker, foreign)).toEqual([one.mac])
    expect(answerers(other.asker, foreign)).toEqual([second])
    other.cable.pull()
    await until('it is silent on the one', () => cardsOf(speaker) === 'eth0')
    expect(answerers(asker, foreign)).toEqual([one.mac])
    other.cable.plug()
    await until('it answers on both again', () => cardsOf(speaker) === 'eth0,eth1')
    expect(answerers(other.asker, foreign)).toEqual([second])
  })

  test('of which the pool chooses one answers there alone, and nowhere when it chooses none', async () => {
    const { asker, speaker, other } = await onTwoLans()
    const say = (...interfaces: readonly string[]): void =>
      speaker.say({ kind: 'duties', duties: [{ ...dutyOf(address, ['one']), interfaces }] })
    say('eth1')
    await until('it announces on that', () => cardsOf(speaker) === 'eth1')
    expect(answerers(asker)).toEqual([])
    expect(answerers(other.asker)).toEqual([second])
    say()
    await until('it is silent', () => cardsOf(speaker) === '')
    expect(answerers(other.asker)).toEqual([])
  })

  test('announces what another speaker loses with its card, while that one has a card elsewhere', async () => {
    const { lan, asker, one, speaker, two, other } = await onTwoLans()
    const duties = [{ ...dutyOf(address, ['one', 'two']) }]
    speaker.say({ kind: 'duties', duties })
    const heir = open(new TestSpeaker('two', two, duties))
    other.lan.attach(two, 'eth1', '02:00:00:00:bb:02', '10.99.0.3/24')
    await until('they hear each other twice', () => heir.peers.length === 2 && speaker.peers.length === 2)
    expect(answerers(asker)).toEqual([one.mac])
    lan.pullCable(one)
    await until('the other answers', () => asker.ask(address) === two.mac)
    expect(answerers(asker)).toEqual([two.mac])
    expect(answerers(other.asker)).toEqual([])
  })
})
