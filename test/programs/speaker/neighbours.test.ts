import { spawnSync } from 'node:child_process'
import { afterEach, expect, test } from 'vitest'
import { describeOnLinks, execOn, type Host } from '../../support/namespaces.ts'
import { giveIpv6 } from './ndp-harness.ts'
import { knock, neighbourOf, setNeighbour } from './neighbours.ts'
import { dutyOf, openUntilTheEnd, TestSpeaker, until } from './wire-harness.ts'

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
}

/** A client, whoever had the address before, and a speaker that is about to announce it. */
async function sceneOf(address: string): Promise<Scene> {
  const { lan, client, one, two } = lanOfThree()
  giveIpv6(lan.hosts)
  const speaker = open(new TestSpeaker('one', one))
  await until('it listens no more', () => !speaker.facts.quiet)
  const announce = async (): Promise<void> => {
    speaker.say({ kind: 'duties', duties: [dutyOf(address, ['one'])] })
    await until('it was told', () => speaker.counted('sent gratuitous') > 0)
  }
  return { client, former: two, mac: one.mac, announce }
}

describeOnLinks('a Linux client that knew the address elsewhere', () => {
  const states = ['reachable', 'stale', 'delay', 'probe']
  const rows = families.flatMap(([family, address]) =>
    states.map((state) => [family, state, address] as const),
  )

  test.each(rows)('believes the announcement at once: %s, %s', async (_, state, address) => {
    const { client, former, mac, announce } = await sceneOf(address)
    setNeighbour(client, address, former.mac, state)
    await announce()
    await until('it believes', () => neighbourOf(client, address).startsWith(`lladdr ${mac}`), atOnceMs)
  })

  test('believes it at once after it had given up, with IPv4', async () => {
    const { client, former, mac, announce } = await sceneOf('10.88.0.200')
    setNeighbour(client, '10.88.0.200', former.mac, 'failed')
    await announce()
    await until('it believes', () => neighbourOf(client, '10.88.0.200').startsWith(`lladdr ${mac}`), atOnceMs)
  })

  test('learns nothing after it had given up, with IPv6, and asks when it needs the address', async () => {
    const { client, former, mac, announce } = await sceneOf('fd88::200')
    setNeighbour(client, 'fd88::200', former.mac, 'failed')
    await announce()
    expect(neighbourOf(client, 'fd88::200')).not.toContain('lladdr')
    knock(client, 'fd88::200')
    await until('it knows', () => neighbourOf(client, 'fd88::200').startsWith(`lladdr ${mac}`))
  })
})

describeOnLinks('a Linux client that did not know the address', () => {
  test.each(families)(
    'is not told what it did not ask for, and asks when it needs it: %s',
    async (_, address) => {
      const { client, mac, announce } = await sceneOf(address)
      await announce()
      expect(neighbourOf(client, address)).toBe('')
      knock(client, address)
      await until('it knows', () => neighbourOf(client, address).startsWith(`lladdr ${mac}`))
    },
  )

  test.each(families)(
    'whose question waits for an answer has it with the announcement: %s',
    async (_, address) => {
      const { client, mac, announce } = await sceneOf(address)
      knock(client, address)
      expect(neighbourOf(client, address)).toContain('INCOMPLETE')
      await announce()
      await until('it knows', () => neighbourOf(client, address).startsWith(`lladdr ${mac}`), atOnceMs)
    },
  )

  test('learns it unasked when it was told to (arp_accept=1)', async () => {
    const { client, mac, announce } = await sceneOf('10.88.0.200')
    execOn(client, ['sysctl', '-qw', 'net.ipv4.conf.eth0.arp_accept=1'])
    await announce()
    await until('it knows', () => neighbourOf(client, '10.88.0.200').startsWith(`lladdr ${mac}`), atOnceMs)
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
