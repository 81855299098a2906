import { beforeEach, describe, expect, test } from 'vitest'
import {
  beginInquiry,
  follow,
  hearAnswer,
  hearClaim,
  inquire,
  inquiryDueAt,
} from '../../../src/core/announcement/inquiry.ts'
import type { InquiryEffect } from '../../../src/core/announcement/inquiry.ts'
import type { Phase } from '../../../src/core/election/effect.ts'
import type { Address } from '../../../src/core/ip/address.ts'
import { formatAddress, parseAddress } from '../../../src/core/ip/address.ts'

const a = '192.168.10.200'
const second = 1_000
const minute = 60 * second
const kernel = 0x02n
const another = 0x03n

function addressOf(text: string): Address {
  return parseAddress(text) as Address
}

/** One node's questions, and a LAN that answers each a fifth of a millisecond later. */
class AskingNode {
  now = 5_000
  /** Who answers for an address beside this node. */
  answerers: bigint[] = []
  /** Addresses for which a peer bids. */
  readonly disputed = new Set<string>()
  readonly asked: { readonly at: number; readonly address: string }[] = []
  readonly news: string[] = []
  readonly #inquiry = beginInquiry()
  readonly #isUndisputed = (_: string, address: Address): boolean =>
    !this.disputed.has(formatAddress(address))

  to(phase: Phase, ...texts: readonly string[]): void {
    const changes = texts.map((text) => {
      return { address: addressOf(text), interface: 'eth0', to: phase, cause: 'placed' } as const
    })
    follow(this.#inquiry, changes, this.now)
  }

  claim(mac: bigint, text = a): void {
    this.#carryOut(hearClaim(this.#inquiry, this.#sighting(mac, addressOf(text)), this.now))
  }

  answer(mac: bigint, text = a): void {
    const sighting = this.#sighting(mac, addressOf(text))
    this.#carryOut(hearAnswer(this.#inquiry, sighting, this.#isUndisputed, this.now))
  }

  run(ms: number): void {
    const until = this.now + ms
    for (let dueAt = this.dueAt; dueAt <= until; dueAt = this.dueAt) {
      this.now = Math.max(this.now, dueAt)
      this.ask()
    }
    this.now = until
  }

  /** Asks what is due, if anything is. */
  ask(): void {
    this.#carryOut(inquire(this.#inquiry, this.#isUndisputed, this.now))
  }

  get dueAt(): number {
    return inquiryDueAt(this.#inquiry)
  }

  #carryOut(effects: readonly InquiryEffect[]): void {
    for (const effect of effects) {
      const text = formatAddress(effect.address)
      if (effect.kind === 'probe') this.#ask(text)
      else this.news.push(`${effect.kind} ${text} ${effect.mac}`)
    }
  }

  #ask(text: string): void {
    this.asked.push({ at: this.now, address: text })
    const { answerers } = this
    this.now += 0.2
    for (const mac of answerers) this.answer(mac, text)
  }

  #sighting(mac: bigint, address: Address) {
    return { interface: 'eth0', address, mac }
  }
}

let node: AskingNode

beforeEach(() => {
  node = new AskingNode()
})

describe('an address that is announced', () => {
  test('is asked for once a move is surely over, and then once a minute', () => {
    const since = node.now
    node.to('announcing', a)
    node.run(5 * minute)
    expect(node.asked.map(({ at }) => Math.round(at - since))).toEqual([
      3_000, 63_000, 123_000, 183_000, 243_000,
    ])
    expect(node.news).toEqual([])
  })

  test('is not asked for when it is yielded, silenced or IPv6', () => {
    node.to('announcing', a, 'fd00::1')
    node.to('yielding', a)
    node.run(minute)
    node.to('announcing', a)
    node.to('silent', a)
    node.run(minute)
    expect(node.asked).toEqual([])
    expect(node.dueAt).toBe(Infinity)
  })

  test('is asked for anew, from the beginning, when it comes back', () => {
    node.to('announcing', a)
    node.run(4 * second)
    node.to('silent', a)
    const since = node.now
    node.to('announcing', a)
    node.run(4 * second)
    expect(node.asked.map(({ at }) => Math.round(at - since))).toEqual([-1_000, 3_000])
  })

  test('is asked for no more often when it is said again that it is announced, or that another is not', () => {
    node.to('announcing', a)
    node.run(2 * second)
    node.to('announcing', a)
    node.to('silent', '192.168.10.201')
    node.run(2 * second)
    expect(node.asked).toHaveLength(1)
  })

  test('is no conflict when nobody is heard, nor when somebody answers for one that is not ours', () => {
    node.to('announcing', a)
    node.run(4 * second)
    node.answer(kernel, '192.168.10.201')
    node.run(2 * minute)
    expect(node.news).toEqual([])
  })
})

describe('somebody else who answers', () => {
  test('is a conflict the second time in a row, a second and a half after the first', () => {
    node.to('announcing', a)
    node.answerers = [kernel]
    node.run(4_499)
    expect(node.news).toEqual([])
    node.run(2)
    expect(node.news).toEqual([`conflict ${a} 2`])
  })

  test('is found within a minute and two seconds when it begins later', () => {
    node.to('announcing', a)
    node.run(3_001)
    node.answerers = [kernel]
    node.run(62 * second)
    expect(node.news).toEqual([`conflict ${a} 2`])
  })

  test('is told once, however long it goes on, and each one of several', () => {
    node.to('announcing', a)
    node.answerers = [kernel, another]
    node.run(10 * minute)
    expect(node.news).toEqual([`conflict ${a} 2`, `conflict ${a} 3`])
  })

  test('is asked every five seconds, and over within ten when it answers no more', () => {
    node.to('announcing', a)
    node.answerers = [kernel]
    node.run(minute)
    const asked = node.asked.length
    node.run(minute)
    expect(node.asked.length - asked).toBe(12)
    node.answerers = []
    node.run(10 * second)
    expect(node.news).toEqual([`conflict ${a} 2`, `conflictOver ${a} 2`])
  })

  test('is not over while it misses no more than two questions in a row', () => {
    node.to('announcing', a)
    node.answerers = [kernel]
    node.run(minute)
    for (let round = 0; round < 20; round++) {
      node.answerers = []
      while (node.asked.length % 3 !== 0) node.run(100)
      node.answerers = [kernel]
      while (node.asked.length % 3 === 0) node.run(100)
    }
    expect(node.news).toEqual([`conflict ${a} 2`])
  })

  test('is over for one while the other goes on', () => {
    node.to('announcing', a)
    node.answerers = [kernel, another]
    node.run(minute)
    node.answerers = [another]
    node.run(minute)
    expect(node.news.slice(2)).toEqual([`conflictOver ${a} 2`])
  })

  test('is over when the address is announced elsewhere, five seconds after it left', () => {
    node.to('announcing', a)
    node.answerers = [kernel]
    node.run(minute)
    const asked = node.asked.length
    node.to('yielding', a)
    node.run(2 * second)
    node.to('silent', a)
    node.claim(kernel)
    node.run(3 * second - 1)
    expect(node.news).toEqual([`conflict ${a} 2`])
    node.run(1)
    expect(node.news).toEqual([`conflict ${a} 2`, `conflictOver ${a} 2`])
    expect(node.asked.length).toBe(asked)
  })

  test('is not heard any more once the address has left', () => {
    node.to('announcing', a)
    node.answerers = [kernel]
    node.run(4_501)
    node.to('yielding', a)
    node.answer(another)
    node.run(6 * second)
    expect(node.news).toEqual([`conflict ${a} 2`, `conflictOver ${a} 2`])
    expect(node.dueAt).toBe(Infinity)
  })

  test('stands all along when we fell silent for a moment', () => {
    node.to('announcing', a)
    node.answerers = [kernel]
    for (let round = 0; round < 20; round++) {
      node.run(10 * second)
      node.to('silent', a)
      node.run(200)
      node.to('announcing', a)
    }
    expect(node.news).toEqual([`conflict ${a} 2`])
    node.answerers = []
    node.run(10 * second)
    expect(node.news).toEqual([`conflict ${a} 2`, `conflictOver ${a} 2`])
  })

  test('is no conflict when it answers every other question only', () => {
    node.to('announcing', a)
    for (let at = 0; at < 5 * minute; at += 10) {
      node.answerers = node.asked.length % 2 === 0 ? [kernel] : []
      node.run(10)
    }
    expect(node.asked.length).toBeGreaterThan(5)
    expect(node.news).toEqual([])
  })

  test('counts once when it answers one question many times', () => {
    node.to('announcing', a)
    node.answerers = [kernel, kernel, kernel]
    node.run(4 * second)
    expect(node.news).toEqual([])
  })

  test('counts only when it answers within a second', () => {
    node.to('announcing', a)
    for (let at = 0; at < minute; at += 10) {
      node.run(10)
      const asked = node.asked.at(-1)?.at ?? node.now
      if (node.now - asked > second) node.answer(kernel)
    }
    expect(node.news).toEqual([])
  })

  test('is one of eight at the most: a flood of MACs is not remembered', () => {
    node.to('announcing', a)
    node.answerers = Array.from({ length: 100 }, (_, index) => BigInt(index + 2))
    node.run(minute)
    expect(node.news).toHaveLength(8)
  })
})

describe('a move under way', () => {
  test('is no conflict: nothing is asked while a peer bids for the address', () => {
    node.to('announcing', a)
    node.answerers = [kernel]
    node.disputed.add(a)
    node.run(minute)
    expect(node.asked).toEqual([])
    node.disputed.delete(a)
    node.answerers = []
    node.run(minute)
    expect(node.news).toEqual([])
  })

  test('makes that an answer does not count which comes when a peer has begun to bid', () => {
    node.to('announcing', a)
    node.run(3 * second)
    node.disputed.add(a)
    node.answer(kernel)
    node.disputed.delete(a)
    node.answer(kernel)
    node.answerers = [kernel]
    node.run(minute + 10)
    expect(node.asked).toHaveLength(2)
    expect(node.news).toEqual([])
  })

  test('ends what was in a row before it', () => {
    node.to('announcing', a)
    node.answerers = [kernel]
    node.run(3_500)
    node.disputed.add(a)
    node.run(5 * second)
    node.disputed.delete(a)
    node.run(1_400)
    expect(node.news).toEqual([])
    node.run(2 * second)
    expect(node.news).toEqual([`conflict ${a} 2`])
  })

  test('does not make a conflict that stands look as if it were over', () => {
    node.to('announcing', a)
    node.answerers = [kernel]
    node.run(minute)
    node.disputed.add(a)
    node.run(minute)
    node.disputed.delete(a)
    node.run(minute)
    expect(node.news).toEqual([`conflict ${a} 2`])
  })
})

describe('somebody who claims the address unasked', () => {
  test('is told of at once, and is asked whether it answers as well: then it is a conflict', () => {
    node.to('announcing', a)
    node.run(10 * second)
    const asked = node.asked.length
    node.answerers = [kernel]
    node.claim(kernel)
    expect(node.news).toEqual([`claim ${a} 2`])
    node.run(1_500)
    expect(node.asked.length).toBe(asked + 1)
    node.run(1_501)
    expect(node.news).toEqual([`claim ${a} 2`, `conflict ${a} 2`])
  })

  test('is no conflict when it answers nothing and does so once, or many times in a moment', () => {
    node.to('announcing', a)
    for (let claims = 0; claims < 49; claims++) {
      node.claim(kernel)
      node.run(100)
    }
    node.run(10 * minute)
    expect(node.news).toEqual([`claim ${a} 2`])
  })

  test('is a conflict with the third claim, each at least five seconds after the last', () => {
    node.to('announcing', a)
    for (let claims = 0; claims < 3; claims++) {
      expect(node.news).toEqual([`claim ${a} 2`].slice(0, claims))
      node.claim(kernel)
      node.run(5 * second)
    }
    expect(node.news).toEqual([`claim ${a} 2`, `conflict ${a} 2`])
  })

  test('is over three minutes after its last claim when it answers nothing, give or take a question', () => {
    node.to('announcing', a)
    for (let claims = 0; claims < 10; claims++) {
      node.run(30 * second)
      node.claim(kernel)
    }
    node.run(3 * minute - 1)
    expect(node.news).toEqual([`claim ${a} 2`, `conflict ${a} 2`])
    node.run(minute + 2 * second)
    expect(node.news).toEqual([`claim ${a} 2`, `conflict ${a} 2`, `conflictOver ${a} 2`])
    expect(node.asked.length).toBeLessThan(60)
  })

  test('counts as one that answers only after two answers in a row', () => {
    node.to('announcing', a)
    for (let claims = 0; claims < 3; claims++) {
      node.claim(kernel)
      node.run(6 * second)
    }
    for (const answerers of [[kernel], [], [kernel], []]) {
      node.answerers = answerers
      const asked = node.asked.length
      while (node.asked.length === asked) node.run(10)
    }
    node.run(10 * second)
    expect(node.news).toEqual([`claim ${a} 2`, `conflict ${a} 2`])
  })

  test('is over within ten seconds of its last word when it used to answer', () => {
    node.to('announcing', a)
    node.answerers = [kernel]
    node.claim(kernel)
    node.run(minute)
    node.answerers = []
    node.claim(kernel)
    node.run(10 * second)
    expect(node.news.slice(1)).toEqual([`conflict ${a} 2`, `conflictOver ${a} 2`])
  })

  test('does not put off the questions, however often it claims', () => {
    node.to('announcing', a)
    for (let at = 0; at < minute; at += second) {
      node.run(second)
      node.claim(kernel)
    }
    expect(node.asked.length).toBeGreaterThan(20)
  })

  test('is one of eight at the most', () => {
    node.to('announcing', a)
    for (let mac = 2n; mac < 20n; mac++) node.claim(mac)
    expect(node.news).toHaveLength(8)
  })

  test('is nothing to us for an address that we do not announce', () => {
    node.claim(kernel)
    node.run(minute)
    expect(node.news).toEqual([])
  })
})

describe('many addresses', () => {
  const many = Array.from({ length: 1_000 }, (_, index) => `10.0.${index >> 8}.${index & 255}`)

  /** The most questions in any second. */
  function rate(): number {
    return Math.max(
      ...node.asked.map(({ at }, index) => {
        const end = node.asked.findIndex((later) => later.at >= at + second)
        return (end < 0 ? node.asked.length : end) - index
      }),
    )
  }

  test('are asked for at no more than fifty a second, each within a minute and 25 seconds', () => {
    node.to('announcing', ...many)
    node.run(3 * second)
    node.ask()
    expect(node.asked).toHaveLength(1)
    node.run(22 * second)
    expect(new Set(node.asked.map(({ address }) => address)).size).toBe(many.length)
    node.run(minute)
    expect(node.asked.length).toBeGreaterThanOrEqual(2 * many.length)
    expect(rate()).toBeLessThanOrEqual(50)
  })

  test('are asked for at no more than fifty a second when somebody else answers for each of them, and all are found', () => {
    node.to('announcing', ...many)
    node.answerers = [kernel]
    node.run(2 * minute)
    expect(node.news).toHaveLength(many.length)
    node.answerers = []
    node.run(2 * minute)
    expect(node.news).toHaveLength(2 * many.length)
    expect(rate()).toBeLessThanOrEqual(50)
  })
})
