import { afterEach, expect, test } from 'vitest'
import { heartbeatPort } from '../../../src/core/wire/heartbeat.ts'
import { describeOnLinks } from '../../support/namespaces.ts'
import { giveIpv6, Ndp6Asker } from './ndp-harness.ts'
import { Asker, dutyOf, openUntilTheEnd, TestSpeaker, until } from './wire-harness.ts'

const { open, lanOfThree } = openUntilTheEnd(afterEach)

const ipv4 = '10.88.0.200'
const ipv6 = 'fd88::200'
const nodes = ['one', 'two']
const duties = [ipv4, ipv6].map((text) => dutyOf(text, nodes))

interface Pair {
  readonly lan: ReturnType<typeof lanOfThree>['lan']
  readonly one: TestSpeaker
  readonly two: TestSpeaker
  /** Everyone who answers, in both families. */
  readonly answerers: () => readonly (readonly string[])[]
}

/** Two speakers that hear each other; both addresses are placed on the first. */
async function pair(): Promise<Pair> {
  const { lan, client, one: hostOne, two: hostTwo } = lanOfThree()
  giveIpv6(lan.hosts)
  const one = open(new TestSpeaker('one', hostOne, duties))
  const two = open(new TestSpeaker('two', hostTwo, duties))
  one.acquaint(two)
  two.acquaint(one)
  await until('they hear each other', () => one.peers.includes('two') && two.peers.includes('one'))
  await until('the placed one announces', () => one.announcing.length === 2)
  const [arp, ndp] = [open(new Asker(client)), open(new Ndp6Asker(client))]
  const answerers = (): readonly (readonly string[])[] => [
    arp.macsAfter(arp.request(ipv4), ipv4, 100, false),
    ndp.macsAfter(ndp.question(ipv6), ipv6, 100, false),
  ]
  return { lan, one, two, answerers }
}

function estranged({ facts }: TestSpeaker): readonly string[] {
  return facts.estranged.map(({ node, reason }) => `${reason} ${node}`)
}

function changesOf({ told }: TestSpeaker): number {
  return told.filter(({ kind }) => kind === 'holdings').length
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

describeOnLinks('speakers behind a switch that drops their heartbeats and passes ARP and NDP', () => {
  test('leave both addresses with the one that they are placed on, without saying so against one another', async () => {
    const { lan, one, two, answerers } = await pair()
    const stopped = (): number => two.facts.announcing.length
    for (const { host } of [one, two]) lan.dropUdp(host, heartbeatPort)
    await until('neither hears the other', () => one.peers.length + two.peers.length === 0)
    await until('the other has taken note that it is there', () => {
      return two.told.some(
        (each) => each.kind === 'holdings' && each.changed.some(({ cause }) => cause === 'overruled'),
      )
    })
    await until('it is silent', () => stopped() === 0)
    const [changes, gratuitous] = [changesOf(two), two.counted('sent gratuitous')]
    await pause(4_000)
    expect(answerers()).toEqual([[one.host.mac], [one.host.mac]])
    expect(changesOf(two)).toBe(changes)
    expect(two.counted('sent gratuitous')).toBe(gratuitous)
    expect(changesOf(one)).toBe(1)
    expect(estranged(two)).toEqual(['WireOnly one'])
  })

  test('take over all the same from one that is gone, and go by heartbeats again when these come', async () => {
    const { lan, one, two, answerers } = await pair()
    for (const { host } of [one, two]) lan.dropUdp(host, heartbeatPort)
    await until('they hear each other on the wire alone', () => estranged(two).length > 0)
    lan.pullCable(one.host)
    await until('the other takes over', () => two.announcing.length === 2)
    lan.plugCable(one.host)
    lan.passAll()
    await until('they hear each other', () => one.peers.includes('two') && two.peers.includes('one'))
    await until('one of them alone announces', () => one.announcing.length + two.announcing.length === 2)
    expect(new Set(answerers().flat()).size).toBe(1)
    await until('nothing is wrong any more', () => estranged(one).length + estranged(two).length === 0)
  })
})

describeOnLinks('a link on which heartbeats go one way only', () => {
  test('is named by the one that hears, and one of the two answers', async () => {
    const { lan, one, two, answerers } = await pair()
    lan.dropUdp(two.host, heartbeatPort)
    await until('it is named', () => estranged(two).includes('OneWay one'))
    await until('the other is silent', () => two.announcing.length === 0)
    expect(answerers()).toEqual([[one.host.mac], [one.host.mac]])
    expect(changesOf(one)).toBe(1)
  })
})
