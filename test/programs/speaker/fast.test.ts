import { afterEach, expect, test } from 'vitest'
import { describeOnLinks } from '../../support/namespaces.ts'
import { Asker, clusterKey, dutyOf, openUntilTheEnd, TestSpeaker, until } from './wire-harness.ts'

const { open, lanOfThree } = openUntilTheEnd(afterEach)
const address = '10.88.0.200'
const duties = [dutyOf(address, ['one', 'two'])]

describeOnLinks('speakers that are set to other intervals', () => {
  test.each([
    [10, 10],
    [10, 50],
    [200, 10],
  ])('of %d and %d ms hear each other, and take over', async (ofOne, ofTwo) => {
    const { lan, client, one: hostOne, two: hostTwo } = lanOfThree()
    const asker = open(new Asker(client))
    const one = open(new TestSpeaker('one', hostOne, duties, clusterKey, ofOne))
    const two = open(new TestSpeaker('two', hostTwo, duties, clusterKey, ofTwo))
    await until('they hear each other', () => one.peers.includes('two') && two.peers.includes('one'))
    await until('the placed one answers', () => asker.ask(address) === one.host.mac)
    lan.pullCable(one.host)
    await until('the other takes over', () => asker.ask(address) === two.host.mac)
    lan.plugCable(one.host)
    await until('they hear each other again', () => one.peers.includes('two') && two.peers.includes('one'))
    await until('one of them alone answers', () => {
      return asker.macsAfter(asker.request(address), address, 100, false).length === 1
    })
    const beats = [one, two].map((each) => each.counted('sent heartbeat'))
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    const sent = [one, two].map((each, at) => each.counted('sent heartbeat') - (beats[at] ?? 0))
    expect(sent[0]).toBeLessThanOrEqual(1_050 / ofOne + 2)
    expect(sent[1]).toBeLessThanOrEqual(1_050 / ofTwo + 2)
  })
})
