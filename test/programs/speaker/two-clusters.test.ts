import { afterEach, expect, test, vi } from 'vitest'
import { formatMac } from '../../../src/core/wire/ethernet.ts'
import { describeOnLinks } from '../../support/namespaces.ts'
import { dutyOf, openUntilTheEnd, TestSpeaker, until } from './wire-harness.ts'

const { open, lanOfThree } = openUntilTheEnd(afterEach)
const address = '10.88.0.200'

vi.setConfig({ testTimeout: 90_000 })

describeOnLinks('two clusters on one LAN, each with a key of its own, whose pools overlap', () => {
  test('are seen and told by both, and only one of them goes on saying that the address is its own', async () => {
    const { one: hostOne, two: hostTwo } = lanOfThree()
    const ours = open(new TestSpeaker('node-1', hostOne, [dutyOf(address, ['node-1'])]))
    const theirs = open(
      new TestSpeaker('node-1', hostTwo, [dutyOf(address, ['node-1'])], new Uint8Array(32).fill(99)),
    )
    await until('both announce', () => ours.announcing.length + theirs.announcing.length === 2)
    const macsSeen = ({ facts }: TestSpeaker): readonly string[] =>
      facts.strangers.map(({ mac }) => formatMac(mac))
    await until('each names the other', () => macsSeen(ours).length + macsSeen(theirs).length === 2, 20_000)
    expect([macsSeen(ours), macsSeen(theirs)]).toEqual([[hostTwo.mac], [hostOne.mac]])
    const reported = ({ facts }: TestSpeaker): boolean => facts.conflicts.length > 0
    await until('both report the conflict', () => reported(ours) && reported(theirs), 20_000)
    // The usual repetitions are over by now. Somebody has them say it once more: one is answered, the other is not.
    const before = [ours, theirs].map((each) => each.counted('sent gratuitous'))
    await new Promise((resolve) => setTimeout(resolve, 22_000))
    const spoken = [ours, theirs].map((each, at) => each.counted('sent gratuitous') - (before[at] ?? 0))
    // Each word is two frames; once a minute is due, and one answer in ten seconds at the most, and not to one another.
    expect(spoken[0]).toBeLessThanOrEqual(4)
    expect(spoken[1]).toBe(0)
    expect([ours.peers, theirs.peers]).toEqual([[], []])
  })
})
