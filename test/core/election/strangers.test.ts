import { describe, expect, test } from 'vitest'
import {
  beginStrangers,
  hearStranger,
  mostStrangers,
  newStrangers,
} from '../../../src/core/election/strangers.ts'
import type { Strangers } from '../../../src/core/election/strangers.ts'
import { Lan, addressOf, dutyOf } from './lan.ts'

const second = 1_000
const mac = 0x02000000000an
const nameless = (): undefined => undefined

/** Packets of one sender, twenty a second. */
function hearFor(strangers: Strangers, from: number, ms: number, sender = mac, says?: string): void {
  for (let at = from; at < from + ms; at += 50) {
    hearStranger(strangers, { interface: 'eth0', mac: sender }, () => says, at)
  }
}

describe('a sender of heartbeats that cannot be verified', () => {
  test('is told of with its MAC and the name that it gives itself, once it has sent for a second', () => {
    const strangers = beginStrangers()
    hearFor(strangers, 0, 950, mac, 'node-7')
    expect(newStrangers(strangers, 950)).toBeUndefined()
    hearFor(strangers, 950, 200, mac, 'node-7')
    expect(newStrangers(strangers, 1_200)).toEqual([{ interface: 'eth0', mac, says: 'node-7', since: 0 }])
    hearFor(strangers, 1_200, 60 * second, mac, 'node-7')
    expect(newStrangers(strangers, 61 * second)).toBeUndefined()
  })

  test('is gone ten seconds after its last packet', () => {
    const strangers = beginStrangers()
    hearFor(strangers, 0, 2 * second)
    expect(newStrangers(strangers, 2 * second)).toHaveLength(1)
    expect(newStrangers(strangers, 11 * second)).toBeUndefined()
    expect(newStrangers(strangers, 12 * second)).toEqual([])
    expect(newStrangers(strangers, 13 * second)).toBeUndefined()
  })

  test('is no news for a stray packet, or for two speakers that read a new key at different moments', () => {
    const strangers = beginStrangers()
    hearFor(strangers, 0, 900)
    expect(newStrangers(strangers, 5 * second)).toBeUndefined()
  })

  test('is read once, whatever it sends', () => {
    const strangers = beginStrangers()
    let reads = 0
    for (let at = 0; at < 10_000; at++) {
      hearStranger(strangers, { interface: 'eth0', mac }, () => String(reads++), at)
    }
    expect(reads).toBe(1)
  })
})

describe('a flood of senders', () => {
  test('is remembered no further than the table goes', () => {
    const strangers = beginStrangers()
    for (let at = 0; at < 100_000; at++) {
      hearStranger(strangers, { interface: 'eth0', mac: BigInt(at) }, nameless, at / 50)
    }
    expect(strangers.seen.size).toBe(mostStrangers)
  })

  test('is told no oftener than every five seconds, however it changes', () => {
    const strangers = beginStrangers()
    let told = 0
    for (let at = 0; at < 600 * second; at += 100) {
      const sender = BigInt(Math.floor(at / 1_500) % 40)
      hearStranger(strangers, { interface: 'eth0', mac: sender }, nameless, at)
      if (newStrangers(strangers, at) !== undefined) told++
    }
    expect(told).toBeGreaterThan(10)
    expect(told).toBeLessThanOrEqual(121)
  })
})

describe('two clusters on one LAN that announce the same address', () => {
  const a = '192.168.10.200'

  /** Each hears of the other only by ARP, and by heartbeats that it cannot verify. */
  function strange(...names: string[]): Lan {
    const lan = new Lan(...names)
    for (const [one, other] of [names, names.toReversed()]) {
      lan.filter(String(one), String(other))
      lan.tell(String(one), { kind: 'strangers', macs: new Set([lan.speaker(String(other)).mac]) })
      lan.tell(String(one), { kind: 'duties', duties: [dutyOf(a, [String(one)])] })
    }
    lan.run(10 * second)
    return lan
  }

  test('go on answering both, and only one of them says so again and again', () => {
    const lan = strange('ours', 'theirs')
    const since = lan.now
    lan.run(600 * second)
    expect(lan.answererOf(a)).toEqual(['ours', 'theirs'])
    const spoke = (name: string): number =>
      lan.announcements(a, since).filter(({ node }) => node === name).length
    expect(spoke('theirs')).toBe(0)
    expect(spoke('ours')).toBeGreaterThan(8)
    expect(spoke('ours')).toBeLessThan(12)
  })

  test('both see that there is another one', () => {
    const lan = strange('ours', 'theirs')
    for (const name of ['ours', 'theirs']) expect(lan.effectsOf(name, 'conflict').length).toBeGreaterThan(0)
  })

  test('speak again once the other has not been heard for two minutes and a half', () => {
    const lan = strange('ours', 'theirs')
    lan.kill('ours')
    const since = lan.now
    lan.run(300 * second)
    expect(lan.announcements(a, since).length).toBeGreaterThan(0)
  })

  test('are told apart from a device that claims the address: that is answered', () => {
    const lan = strange('ours', 'theirs')
    const since = lan.now
    lan.tell('theirs', { kind: 'claim', interface: 'eth0', address: addressOf(a), mac: 1n })
    lan.run(20 * second)
    expect(lan.announcements(a, since).some(({ node }) => node === 'theirs')).toBe(true)
  })
})
