import { afterEach, expect, test } from 'vitest'
import { formatMac } from '../../../src/core/wire/ethernet.ts'
import { describeOnLinks, ip, Lan, type Host } from '../../support/namespaces.ts'
import { giveIpv6, Ndp6Asker } from './ndp-harness.ts'
import { dutyOf, openUntilTheEnd, TestSpeaker, until } from './wire-harness.ts'

const { open, lanOfThree } = openUntilTheEnd(afterEach)
const address = 'fd88::200'
const second = '02:00:00:00:bb:01'

/** One speaker that announces the IPv6 address, and a client. */
async function announcer() {
  const hosts = lanOfThree()
  giveIpv6([hosts.client, hosts.one])
  const asker = open(new Ndp6Asker(hosts.client))
  const speaker = open(new TestSpeaker('one', hosts.one, [dutyOf(address, ['one'])]))
  await until('it announces', () => speaker.announcing.includes(address))
  return { ...hosts, asker, speaker }
}

function cardsOf(speaker: TestSpeaker): string {
  return speaker.facts.announcing
    .map(({ answering }) => answering.interface)
    .toSorted()
    .join()
}

function answerers(asker: Ndp6Asker, text = address): readonly string[] {
  return asker.macsAfter(asker.question(text), text, 200, false)
}

describeOnLinks('a speaker whose cards change, for an IPv6 address', () => {
  test('goes on under the new name, in the group that the address is asked for in', async () => {
    const { asker, one, speaker } = await announcer()
    ip('-n', one.namespace, 'link', 'set', 'eth0', 'down')
    ip('-n', one.namespace, 'link', 'set', 'eth0', 'name', 'lan0')
    ip('-n', one.namespace, 'link', 'set', 'lan0', 'up')
    await until('it announces on lan0', () => cardsOf(speaker) === 'lan0')
    await until('it answers', () => asker.ask(address) === one.mac)
    expect(ip('-n', one.namespace, '-6', 'maddr', 'show', 'dev', 'lan0')).toContain('ff02::1:ff00:200')
  })

  test('goes on when its interface has no address of IPv6 left, not even a link-local one', async () => {
    const { asker, one, speaker } = await announcer()
    ip('-n', one.namespace, '-6', 'addr', 'flush', 'dev', 'eth0')
    await until('that is known', () => speaker.facts.interfaces[0]?.addresses.length === 1)
    expect(answerers(asker)).toEqual([one.mac])
    expect(speaker.announcing).toEqual([address])
  })

  test('goes on with another MAC, and tells the LAN', async () => {
    const { client, asker, one, speaker } = await announcer()
    const entry = [address, 'lladdr', one.mac, 'dev', 'eth0', 'nud', 'reachable']
    ip('-n', client.namespace, '-6', 'neigh', 'add', ...entry)
    ip('-n', one.namespace, 'link', 'set', 'eth0', 'address', second)
    await until('it answers with it', () => asker.ask(address) === second)
    await until('the client knows', () =>
      ip('-n', client.namespace, '-6', 'neigh', 'show', address).includes(second),
    )
    expect(answerers(asker)).toEqual([second])
    await until('it says so', () => speaker.facts.interfaces.some(({ mac }) => formatMac(mac) === second))
  })

  test('goes on through the bridge when its interface is put into one, and through the interface when it is taken out', async () => {
    const { asker, one, speaker } = await announcer()
    const bridge = '02:00:00:00:cc:01'
    const on = (...words: readonly string[]): string => ip('-n', one.namespace, ...words)
    on('link', 'add', 'lanbr', 'type', 'bridge', 'forward_delay', '0', 'mcast_snooping', '0')
    on('link', 'set', 'lanbr', 'address', bridge, 'up')
    on('link', 'set', 'eth0', 'master', 'lanbr')
    on('addr', 'flush', 'dev', 'eth0')
    on('addr', 'add', 'fd88::2/64', 'dev', 'lanbr', 'nodad')
    await until('it announces on the bridge', () => cardsOf(speaker) === 'lanbr')
    await until('it answers with its MAC', () => asker.ask(address) === bridge)
    expect(answerers(asker)).toEqual([bridge])
    on('link', 'set', 'eth0', 'nomaster')
    on('link', 'del', 'lanbr')
    await until('it announces on the interface', () => cardsOf(speaker) === 'eth0')
    await until('it answers with its MAC', () => asker.ask(address) === one.mac)
  })

  test('says nothing while its one card is gone, and goes on with another one', async () => {
    const { lan, asker, one, speaker } = await announcer()
    lan.removeCard(one)
    await until('it has none', () => speaker.facts.interfaces.length === 0)
    expect(answerers(asker)).toEqual([])
    lan.attach(one, 'enp3s0', second, 'fd88::2/64')
    await until('it announces on the new one', () => cardsOf(speaker) === 'enp3s0')
    await until('it answers', () => asker.ask(address) === second)
  })

  test('is silent while its cable is out, and another speaker answers', async () => {
    const { lan, asker, one, speaker, two } = await announcer()
    giveIpv6([two])
    const duties = [dutyOf(address, ['one', 'two'])]
    speaker.say({ kind: 'duties', duties })
    const heir = open(new TestSpeaker('two', two, duties))
    await until('they hear each other', () => heir.peers.length === 1 && speaker.peers.length === 1)
    expect(answerers(asker)).toEqual([one.mac])
    lan.pullCable(one)
    await until('the other answers', () => asker.ask(address) === two.mac)
    expect(answerers(asker)).toEqual([two.mac])
    await until('the one says that it does not', () => speaker.announcing.length === 0)
    lan.plugCable(one)
    await until('they hear each other again', () => speaker.peers.length === 1)
    expect(answerers(asker)).toEqual([two.mac])
  })

  test('follows the prefix of an address from one card to the other', async () => {
    const { asker, one, speaker } = await announcer()
    const other = open(new Lan(1))
    const [client] = other.hosts as [Host]
    giveIpv6([client])
    other.attach(one, 'eth1', second, 'fd99::2/64')
    const otherAsker = open(new Ndp6Asker(client))
    await until('it uses both cards', () => speaker.facts.interfaces.length === 2)
    expect(cardsOf(speaker)).toBe('eth0')
    ip('-n', one.namespace, 'addr', 'del', 'fd88::2/64', 'dev', 'eth0')
    ip('-n', one.namespace, 'addr', 'add', 'fd88::2/64', 'dev', 'eth1', 'nodad')
    await until('it announces on the other', () => cardsOf(speaker) === 'eth1')
    expect(answerers(asker)).toEqual([])
    expect(answerers(otherAsker)).toEqual([second])
  })

  test('answers on one of two cards on one segment, and on the other when that is gone', async () => {
    const { lan, asker, one, speaker } = await announcer()
    lan.attach(one, 'eth1', second, 'fd88::12/64')
    await until('it uses both cards', () => speaker.facts.interfaces.length === 2)
    await until('one of them answers', () => answerers(asker).length === 1)
    const [mac] = answerers(asker)
    if (mac === one.mac) lan.pullCable(one)
    else ip('-n', one.namespace, 'link', 'set', 'eth1', 'down')
    await until('the other one answers', () => {
      const macs = answerers(asker)
      return macs.length === 1 && macs[0] !== mac
    })
  })

  test('answers where the prefix holds the address, and on each segment where none does', async () => {
    const { asker, one, speaker } = await announcer()
    const other = open(new Lan(1))
    const [client] = other.hosts as [Host]
    ip('-n', client.namespace, 'addr', 'add', 'fd88::1/64', 'dev', 'eth0', 'nodad')
    other.attach(one, 'eth1', second, 'fd99::2/64')
    const otherAsker = open(new Ndp6Asker(client))
    await until('it uses both cards', () => speaker.facts.interfaces.length === 2)
    const [theirs, foreign] = ['fd99::200', 'fd77::9']
    const duties = [address, theirs, foreign].map((each) => dutyOf(each, ['one']))
    speaker.say({ kind: 'duties', duties })
    await until('it announces all', () => speaker.announcing.length === 4)
    const found = [address, theirs, foreign].map((each) => [
      answerers(asker, each),
      answerers(otherAsker, each),
    ])
    expect(found).toEqual([
      [[one.mac], []],
      [[], [second]],
      [[one.mac], [second]],
    ])
  })
})
