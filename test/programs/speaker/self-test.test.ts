import { afterEach, expect, test } from 'vitest'
import { formatAddress } from '../../../src/core/ip/address.ts'
import { formatMac, parseMac } from '../../../src/core/wire/ethernet.ts'
import { describeOnLinks, execOn, ip, type Host } from '../../support/namespaces.ts'
import { giveIpv6, ipv6Of } from './ndp-harness.ts'
import { addressOf, dutyOf, openUntilTheEnd, TestSpeaker, until } from './wire-harness.ts'

const { open, lanOfThree } = openUntilTheEnd(afterEach)

const ipv4 = '10.88.0.200'
const ipv6 = 'fd88::200'
const ipv6InHex = '0xfd880000000000000000000000000200'
/** A round, the questions that confirm it, and as long again. */
const foundMs = 60_000

interface Pair {
  readonly lan: ReturnType<typeof lanOfThree>['lan']
  readonly client: Host
  readonly announcer: TestSpeaker
  readonly tester: TestSpeaker
}

/** Two speakers, the first of which announces both addresses, and the second knows whose MACs are whose. */
async function pair(
  controls: readonly string[] = [],
  prepare: (tester: Host) => void = () => {},
): Promise<Pair> {
  const { lan, client, one, two } = lanOfThree()
  giveIpv6(lan.hosts)
  prepare(two)
  const duties = [ipv4, ipv6].map((text) => dutyOf(text, ['one', 'two']))
  const announcer = open(new TestSpeaker('one', one, duties))
  const tester = open(new TestSpeaker('two', two, duties))
  await until('the placed one announces', () => announcer.announcing.length === 2)
  const macs = [one, two].map((host, at) => [at === 0 ? 'one' : 'two', [parseMac(host.mac) ?? 0n]] as const)
  for (const speaker of [announcer, tester])
    speaker.say({ kind: 'tests', macs, controls: controls.map(addressOf), suspects: [] })
  await until('both are asked for', () => tester.counted('self-test Answered') > 1, foundMs)
  return { lan, client, announcer, tester }
}

/** From now on these frames come no further than the interface of the host. */
function filter({ namespace }: Host, way: 'egress' | 'ingress', ...frames: readonly string[]): void {
  const chain = `add chain netdev test it { type filter hook ${way} device "eth0" priority 0; }`
  const rules = frames.map((each) => `add rule netdev test it ${each} drop`)
  ip('netns', 'exec', namespace, 'nft', ['add table netdev test', chain, ...rules].join('; '))
}

function unfilter({ namespace }: Host): void {
  ip('netns', 'exec', namespace, 'nft', 'delete table netdev test')
}

const answers = [`arp saddr ip ${ipv4}`, `icmpv6 type nd-neighbor-advert @th,64,128 ${ipv6InHex}`]

function found(speaker: TestSpeaker): readonly string[] {
  return speaker.facts.findings
    .map(({ address, announcer, result, macs }) =>
      [formatAddress(address), announcer, result, ...macs.map(formatMac)].join(' '),
    )
    .toSorted()
}

describeOnLinks('what another speaker announces', () => {
  test('is asked for by the other one, and by nobody else, and nothing is found', async () => {
    const { announcer, tester } = await pair()
    expect(announcer.counted('sent self-test')).toBe(0)
    expect(tester.counted('sent self-test')).toBeLessThanOrEqual(4)
    expect([...found(tester), ...found(announcer)]).toEqual([])
  }, 90_000)

  test('is found not to be answered for when its answers do not reach the LAN, in both families, until they do', async () => {
    const { lan, announcer, tester } = await pair([...lanHostsOf(3)])
    const [, one] = lan.hosts as readonly [Host, Host]
    filter(one, 'egress', ...answers)
    const both = [`${ipv4} one Unanswered`, `${ipv6} one Unanswered`]
    await until('both are found', () => found(tester).join() === both.join(), foundMs)
    expect(found(announcer)).toEqual([])
    unfilter(one)
    await until('it is over', () => found(tester).length === 0, foundMs)
  }, 200_000)

  test('is found to be answered elsewhere when only another device does, and twice when both do', async () => {
    const { lan, client, tester } = await pair()
    const [, one] = lan.hosts as readonly [Host, Host]
    filter(one, 'egress', ...answers)
    ip('-n', client.namespace, 'addr', 'add', `${ipv4}/32`, 'dev', 'eth0')
    ip('-n', client.namespace, 'addr', 'add', `${ipv6}/128`, 'dev', 'eth0', 'nodad')
    const elsewhere = [ipv4, ipv6].map((text) => `${text} one AnsweredElsewhere ${client.mac}`)
    await until('it is elsewhere', () => found(tester).join() === elsewhere.join(), foundMs)
    unfilter(one)
    const twice = [ipv4, ipv6].map((text) => `${text} one AnsweredTwice ${client.mac}`)
    await until('it is both', () => found(tester).join() === twice.join(), foundMs)
  }, 200_000)

  test('is not found amiss by one that hears no answers at all', async () => {
    const { tester } = await pair([...lanHostsOf(3)])
    filter(tester.host, 'ingress', 'arp operation reply', 'icmpv6 type nd-neighbor-advert')
    await until('it doubts itself', () => tester.counted('self-test Unsure') > 1, foundMs)
    expect(tester.told.filter(({ kind }) => kind === 'finding')).toEqual([])
  }, 200_000)

  test('is announced again when it is told to be', async () => {
    const { announcer } = await pair()
    const before = announcer.counted('sent gratuitous')
    announcer.say({ kind: 'announceAgain', addresses: [ipv4, ipv6, '10.88.0.9'].map(addressOf) })
    await until('all forms of both are sent', () => announcer.counted('sent gratuitous') >= before + 3)
  }, 90_000)

  test('is asked for from no address where the interface has none of IPv6, and heard before all', async () => {
    const { tester } = await pair([], (host) => {
      execOn(host, ['sysctl', '-qw', 'net.ipv6.conf.eth0.disable_ipv6=1'])
    })
    await until('several were asked for', () => tester.counted('self-test Answered') > 3, 2 * foundMs)
    expect(tester.counted('self-test Unanswered')).toBe(0)
  }, 200_000)
})

/** The addresses of the first hosts of a LAN, for which their kernels answer. */
function* lanHostsOf(count: number): Iterable<string> {
  for (let number = 1; number <= count; number++) {
    const address = `10.88.0.${number}`
    yield address
    yield ipv6Of({ address } as Host)
  }
}
