import { afterEach, expect, test } from 'vitest'
import { parseMac } from '../../../src/core/wire/ethernet.ts'
import { encodeHeartbeat } from '../../../src/core/wire/heartbeat.ts'
import { describeOnLinks, type Host } from '../../support/namespaces.ts'
import { Attacker, claimOf, forged, forged6, sentBy } from './attacker.ts'
import { Asker, dutyOf, openUntilTheEnd, TestSpeaker, until } from './wire-harness.ts'

const { open, lanOfThree } = openUntilTheEnd(afterEach)

const address = '10.88.0.200'
const duties = [dutyOf(address, ['one', 'two'])]
const perSecond = 50_000
const floodMs = 3_000

interface Scene {
  readonly attacker: Attacker
  readonly asker: Asker
  readonly client: Host
  readonly one: TestSpeaker
  readonly two: TestSpeaker
}

/** Two speakers that hear each other, and somebody on their LAN who has listened for a while. */
async function scene(): Promise<Scene> {
  const { client, one: hostOne, two: hostTwo } = lanOfThree()
  const attacker = open(new Attacker(client))
  const one = open(new TestSpeaker('one', hostOne, duties))
  const two = open(new TestSpeaker('two', hostTwo, duties))
  one.acquaint(two)
  two.acquaint(one)
  await until('they hear each other', () => one.peers.includes('two') && two.peers.includes('one'))
  await until('the placed one announces', () => one.announcing.includes(address))
  await until('some beats were recorded', () => {
    attacker.record()
    return attacker.recorded.length > 100
  })
  return { attacker, asker: open(new Asker(client)), client, one, two }
}

/** Nothing moved, nobody was taken for dead, and the first answers. */
async function stoodFirm({ asker, one, two }: Scene): Promise<void> {
  await until('it answers', () => asker.ask(address) === one.host.mac)
  expect([one.peers, two.peers]).toEqual([['two'], ['one']])
  expect(changesOf(one)).toEqual(['announcing'])
  expect(changesOf(two)).toEqual([])
}

/** What the speaker took in of all that came. */
function believedBy(speaker: TestSpeaker): number {
  const refused = [
    'badSignature',
    'replayed',
    'badTtl',
    'badHeader',
    'badChecksum',
    'tooShort',
    'unreadable',
  ] as const
  const dropped = refused.reduce((sum, reason) => sum + speaker.counted(`heartbeat ${reason}`), 0)
  return speaker.counted('received heartbeat') - dropped
}

function changesOf({ told }: TestSpeaker): readonly string[] {
  return told.flatMap((each) => (each.kind === 'holdings' ? each.changed.map(({ to }) => to) : []))
}

const farewell = encodeHeartbeat({
  node: 'two',
  nonce: 1n,
  sequence: 4_000_000_000,
  intervalMs: 50,
  leaving: true,
  quiet: false,
  contact: true,
  digest: 0,
  hears: [],
  bids: [],
  withdrawn: [],
  page: undefined,
})

describeOnLinks('somebody on the LAN who has no key', () => {
  test(
    'achieves nothing by 50,000 heartbeats a second, replayed, forged, cut short and from afar',
    { timeout: 60_000 },
    async () => {
      const there = await scene()
      const { attacker, one, two } = there
      const kinds: readonly ((at: number) => Uint8Array)[] = [
        (at) => sentBy(attacker.recorded[at % 100] as Uint8Array, 0x02000000000an),
        () => forged(farewell),
        (at) => forged(farewell, { from: BigInt(at) }),
        (at) => sentBy(attacker.recorded[at % 100] as Uint8Array, BigInt(at)).slice(0, 43 + (at % 60)),
        () => forged(farewell, { ttl: 254 }),
        () => forged6(farewell, { hopLimit: 254 }),
        () => forged6(farewell),
      ]
      const prepared = Array.from({ length: 7_000 }, (_, at) =>
        (kinds[at % kinds.length] as (at: number) => Uint8Array)(at),
      )
      const before = { sent: two.counted('sent heartbeat'), believed: believedBy(one) }
      await attacker.flood((at) => prepared[at % prepared.length] as Uint8Array, perSecond, floodMs)
      const beats = two.counted('sent heartbeat') - before.sent
      // Next to nothing of what the peer sent was lost.
      expect(believedBy(one) - before.believed).toBeGreaterThan(0.9 * beats)
      expect(one.counted('flood')).toBeGreaterThan(0)
      await stoodFirm(there)
      for (const reason of ['badSignature', 'replayed', 'badTtl'] as const) {
        expect([reason, one.counted(`heartbeat ${reason}`)]).not.toEqual([reason, 0])
      }
      // That it happens is told, and told again no oftener than once in five seconds.
      await until('it is told', () => one.facts.strangers.length > 0)
      expect(one.told.filter(({ kind }) => kind === 'strangers').length).toBeLessThanOrEqual(2)
      expect(two.announcing).toEqual([])
    },
  )

  test(
    'achieves nothing by 50,000 frames of ARP a second that claim the address, but what ARP lets anyone do; and that is told',
    { timeout: 60_000 },
    async () => {
      const there = await scene()
      const { attacker, client, one } = there
      const ours = parseMac(client.mac) ?? 0n
      const claims = [claimOf(address, ours, 'request'), claimOf(address, ours, 'reply')]
      const [told, gratuitous] = [one.told.length, one.counted('sent gratuitous')]
      await attacker.flood((at) => claims[at % 2] as Uint8Array, perSecond, 12_000)
      await stoodFirm(there)
      expect(one.told.slice(told).some(({ kind }) => kind === 'claim')).toBe(true)
      // Both forms once in ten seconds, beside what is due anyway.
      expect(one.counted('sent gratuitous') - gratuitous).toBeLessThanOrEqual(6)
      expect(one.told.slice(told).filter(({ kind }) => kind !== 'peers').length).toBeLessThanOrEqual(6)
    },
  )
})
