import { beforeEach, describe, expect, test } from 'vitest'
import { hearForeign, hearProbe, look, lookAfter } from '../../../src/core/announcement/lookout.ts'
import { beginLookout } from '../../../src/core/announcement/lookout-targets.ts'
import type { LookoutEffect } from '../../../src/core/announcement/lookout.ts'
import { formatAddress, parseAddress } from '../../../src/core/ip/address.ts'
import type { Address } from '../../../src/core/ip/address.ts'

const a = '192.168.10.200'
const foreigner = 0x0an
const second = 1_000
const minute = 60 * second

function addressOf(text: string): Address {
  return parseAddress(text) as Address
}

/** One node's look-out, and a LAN on which some answer. */
class LookingNode {
  now = 5_000
  /** Who answers for every address that is asked for. */
  answerers: bigint[] = []
  isOurs = true
  readonly asked: { readonly at: number; readonly place: string }[] = []
  news: string[] = []
  readonly #lookout = beginLookout()

  lookAfter(ahead: readonly string[], first: readonly string[] = [], interfaces = ['eth0']): void {
    const watched = interfaces.flatMap((name) => [
      ...ahead.map((text) => ({ interface: name, address: addressOf(text), isFirst: false })),
      ...first.map((text) => ({ interface: name, address: addressOf(text), isFirst: true })),
    ])
    this.#carryOut(lookAfter(this.#lookout, watched, this.now))
  }

  hear(mac: bigint, text = a, name = 'eth0'): void {
    const sighting = { interface: name, address: addressOf(text), mac }
    this.#carryOut(hearForeign(this.#lookout, sighting, () => this.isOurs, this.now))
  }

  hearProbe(mac: bigint): void {
    const sighting = { interface: 'eth0', address: addressOf(a), mac }
    this.#carryOut(hearProbe(this.#lookout, sighting, () => this.isOurs, this.now))
  }

  /** A moment in which this node did nothing at all. */
  stall(ms: number): void {
    this.now += ms
  }

  run(ms: number): void {
    const until = this.now + ms
    for (let { dueAt } = this.#lookout; dueAt <= until; { dueAt } = this.#lookout) {
      this.now = Math.max(this.now, dueAt)
      this.#carryOut(look(this.#lookout, () => this.isOurs, this.now))
    }
    this.now = until
  }

  takeNews(): readonly string[] {
    const { news } = this
    this.news = []
    return news
  }

  #carryOut(effects: readonly LookoutEffect[]): void {
    for (const effect of effects) {
      const text = formatAddress(effect.address)
      if (effect.kind === 'probe') this.#ask(text, effect.interface)
      else if (effect.kind === 'clear') this.news.push(`clear ${text}`)
      else this.news.push(`${effect.kind} ${text} ${effect.mac}`)
    }
  }

  #ask(text: string, name: string): void {
    this.asked.push({ at: this.now, place: `${text} ${name}` })
    for (const mac of this.answerers) this.hear(mac, text, name)
  }
}

let node: LookingNode
beforeEach(() => {
  node = new LookingNode()
})

/** How many questions are asked in this time. */
function questionsIn(ms: number): number {
  const before = node.asked.length
  node.run(ms)
  return node.asked.length - before
}

describe('an address that is given next', () => {
  test('is asked for three times in two seconds, and every two minutes from then on', () => {
    node.lookAfter([a])
    expect(questionsIn(3 * second)).toBe(3)
    expect(node.asked.map(({ at }) => at - 5_000)).toEqual([0, 1_000, 2_000])
    expect(questionsIn(10 * minute)).toBe(5)
    expect(node.news).toEqual([])
  })

  test('is told to be foreign with the first answer, and once only while the same device answers', () => {
    node.answerers = [foreigner]
    node.lookAfter([a])
    node.run(4 * minute)
    expect(node.takeNews()).toEqual([`foreign ${a} 10`])
  })

  test('is told again after five minutes, so that people read that it is still so', () => {
    node.answerers = [foreigner]
    node.lookAfter([a])
    node.run(11 * minute)
    expect(node.takeNews()).toEqual([`foreign ${a} 10`, `foreign ${a} 10`, `foreign ${a} 10`])
  })

  test('is told to be foreign by a claim that nobody asked for', () => {
    node.lookAfter([a])
    node.run(minute)
    node.hear(foreigner)
    expect(node.takeNews()).toEqual([`foreign ${a} 10`])
  })

  test('is another device now: that is told once the first was not heard for half a minute', () => {
    node.lookAfter([a])
    node.hear(foreigner)
    node.answerers = [0x0bn]
    node.run(29 * second)
    expect(node.takeNews()).toEqual([`foreign ${a} 10`])
    node.run(20 * second)
    expect(node.takeNews()).toEqual([`foreign ${a} 11`])
  })

  test('that two devices have is told with the first of them, whichever answers first', () => {
    node.answerers = [foreigner, 0x0bn]
    node.lookAfter([a])
    node.run(minute)
    node.answerers = [0x0bn, foreigner]
    node.run(3 * minute)
    expect(node.takeNews()).toEqual([`foreign ${a} 10`])
  })

  test('that is claimed from another MAC a thousand times a second is told twice a minute', () => {
    node.lookAfter([a])
    for (let claims = 0; claims < 60_000; claims++) {
      node.hear(0x10000n + BigInt(claims))
      node.now++
    }
    expect(node.takeNews().length).toBe(2)
  })

  test('is foreign when another device asks for it from no address within two seconds of our question', () => {
    node.lookAfter([a])
    node.run(10 * second)
    node.hearProbe(foreigner)
    expect(node.takeNews()).toEqual([])
    node.run(2 * minute - 10 * second)
    node.run(2 * second)
    node.hearProbe(foreigner)
    expect(node.takeNews()).toEqual([`foreign ${a} 10`])
    node.run(minute)
    expect(node.takeNews()).toEqual([`foreignOver ${a} 10`])
  })

  test('is free again when the device has not answered three questions, within half a minute', () => {
    node.answerers = [foreigner]
    node.lookAfter([a])
    node.run(minute)
    node.takeNews()
    node.answerers = []
    node.run(30 * second)
    expect(node.takeNews()).toEqual([`foreignOver ${a} 10`])
    node.answerers = [foreigner]
    node.run(2 * minute)
    expect(node.takeNews()).toEqual([`foreign ${a} 10`])
  })

  test('is not free again for two answers that were lost', () => {
    node.answerers = [foreigner]
    node.lookAfter([a])
    node.run(second)
    node.takeNews()
    node.answerers = []
    node.run(22 * second)
    node.answerers = [foreigner]
    node.run(minute)
    expect(node.takeNews()).toEqual([])
  })

  test('that is listed no more is not asked for any more, and is foreign no more by this node', () => {
    node.answerers = [foreigner]
    node.lookAfter([a])
    node.run(second)
    node.takeNews()
    node.lookAfter([])
    expect(node.takeNews()).toEqual([`foreignOver ${a} 10`])
    expect(questionsIn(10 * minute)).toBe(0)
  })

  test('is not asked for by a node that is not the first by rank, until it is', () => {
    node.isOurs = false
    node.answerers = [foreigner]
    node.lookAfter([a])
    expect(questionsIn(10 * minute)).toBe(0)
    node.hear(foreigner)
    expect(node.takeNews()).toEqual([])
    node.isOurs = true
    node.run(5 * second)
    expect(node.takeNews()).toEqual([`foreign ${a} 10`])
    node.isOurs = false
    node.run(30 * second)
    expect(node.takeNews()).toEqual([`foreignOver ${a} 10`])
  })
})

describe('many addresses that are given next', () => {
  const many = Array.from({ length: 512 }, (_, at) => `10.0.${at >> 8}.${at & 255}`)

  test('are asked for ten times a second at the most, and each every two minutes at rest', () => {
    node.lookAfter(many)
    for (let passed = 0; passed < 5 * minute; passed += minute) {
      expect(questionsIn(minute)).toBeLessThanOrEqual(601)
    }
    expect(new Set(node.asked.map(({ place }) => place)).size).toBe(512)
    expect(questionsIn(10 * minute)).toBeLessThanOrEqual(10 * 256 + 512)
    const ats = node.asked.map(({ at }) => at)
    for (const [index, at] of ats.slice(1).entries())
      expect(at - (ats[index] ?? 0)).toBeGreaterThanOrEqual(100)
  })

  test('that change all the time are asked for no oftener', () => {
    for (let round = 0; round < 600; round++) {
      node.lookAfter(many.map((_, at) => `10.1.${(round + at) >> 8}.${(round + at) & 255}`))
      node.run(second / 10)
    }
    expect(node.asked.length).toBeLessThanOrEqual(601)
  })
})

describe('an address that is announced for the first time', () => {
  test('is asked for twice, and clear after a quarter of a second without an answer', () => {
    node.lookAfter([], [a])
    node.run(249)
    expect(node.takeNews()).toEqual([])
    node.run(1)
    expect(node.takeNews()).toEqual([`clear ${a}`])
    expect(node.asked).toHaveLength(2)
    expect(questionsIn(10 * minute)).toBe(0)
  })

  test('is not clear by a pause in which nobody was asked: it is asked for twice all the same', () => {
    node.lookAfter([], [a])
    node.stall(400)
    node.run(0)
    node.stall(400)
    node.answerers = [foreigner]
    node.run(second)
    expect(node.asked.length).toBeGreaterThanOrEqual(2)
    expect(node.takeNews()).toEqual([`foreign ${a} 10`])
  })

  test('is clear once it is so on every interface', () => {
    node.lookAfter([], [a], ['eth0', 'eth1'])
    node.run(second)
    expect(node.takeNews()).toEqual([`clear ${a}`])
    expect(node.asked.map(({ place }) => place)).toEqual([`${a} eth0`, `${a} eth1`, `${a} eth0`, `${a} eth1`])
  })

  test('is not clear while somebody answers on one of them, and is when that is over', () => {
    node.lookAfter([], [a], ['eth0', 'eth1'])
    node.hear(foreigner, a, 'eth1')
    node.run(20 * second)
    expect(node.takeNews()).toEqual([`foreign ${a} 10`])
    node.run(10 * second)
    expect(node.takeNews()).toEqual([`foreignOver ${a} 10`, `clear ${a}`])
  })

  test('that is known to be foreign is told so at once', () => {
    node.lookAfter([a])
    node.hear(foreigner)
    node.takeNews()
    node.lookAfter([], [a])
    expect(node.takeNews()).toEqual([`foreign ${a} 10`])
  })

  test('that is withdrawn and quarantined stays foreign without a break', () => {
    node.answerers = [foreigner]
    node.lookAfter([], [a])
    node.run(second)
    node.takeNews()
    node.lookAfter([a])
    node.run(minute)
    expect(node.takeNews()).toEqual([`foreign ${a} 10`])
  })

  test('is clear, and not asked for, where this node does not speak', () => {
    node.isOurs = false
    node.lookAfter([], [a])
    node.run(second)
    expect([node.takeNews(), node.asked]).toEqual([[`clear ${a}`], []])
  })

  test('waits for no other: a thousand are asked for, and clear, in the same quarter of a second', () => {
    const many = Array.from({ length: 1_000 }, (_, at) => `10.2.${at >> 8}.${at & 255}`)
    node.lookAfter([a], many)
    node.run(250)
    expect(node.takeNews()).toHaveLength(1_000)
  })
})

test('nothing is asked before its time', () => {
  const lookout = beginLookout()
  const watched = { interface: 'eth0', address: addressOf(a), isFirst: false }
  lookAfter(lookout, [watched], 0)
  const always = (): boolean => true
  expect(look(lookout, always, 0)).toHaveLength(1)
  expect(look(lookout, always, 1)).toEqual([])
})
