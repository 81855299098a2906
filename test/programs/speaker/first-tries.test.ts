import { afterEach, describe, expect, test, vi } from 'vitest'
import { firstTryBoundMs, type FirstTry } from '../../../src/core/announcement/first-try.ts'
import { formatAddress } from '../../../src/core/ip/address.ts'
import { FirstTries } from '../../../src/programs/speaker/first-tries.ts'
import type { FromWire } from '../../../src/programs/speaker/messages.ts'
import { addressOf } from './wire-harness.ts'

const text = '10.0.0.200'

function placed(changes: Partial<FirstTry> = {}): FirstTry {
  return { address: addressOf(text), text, pool: 'lab', port: 80, isWanted: true, ...changes }
}

/** Every address was asked for ahead of time. */
const asked = { isUnasked: () => false, onAsk: () => undefined }

function foreign(kind: 'foreign' | 'foreignOver', name = 'eth0'): FromWire {
  return { kind, sighting: { address: addressOf(text), interface: name, mac: 7n, at: 0 } }
}

const clear: FromWire = { kind: 'clear', address: addressOf(text) }

describe('a new address of this node', () => {
  let open: FirstTries | undefined
  afterEach(() => open?.[Symbol.dispose]())

  /** What is held back, by the last word; `answers` says whether connections come about. */
  function trying(
    answers: { connect: boolean; isUnasked?: boolean },
    now = () => 0,
  ): { tries: FirstTries; held: () => string[]; asked: () => number; lan: () => string[] } {
    let held: string[] = []
    let asked = 0
    const connects = (): Promise<boolean> => {
      asked++
      return Promise.resolve(answers.connect)
    }
    const onChange = (addresses: readonly FirstTry['address'][]): void => {
      held = addresses.map(formatAddress)
    }
    let lan: string[] = []
    const onAsk = (each: readonly FirstTry[]): void => {
      lan = each.map((one) => one.text)
    }
    const isUnasked = (): boolean => answers.isUnasked ?? false
    open = new FirstTries({ connects, isUnasked, onChange, onAsk, now })
    open.note([], [])
    return { tries: open, held: () => held, asked: () => asked, lan: () => lan }
  }

  test('is held back until a connection comes about', async () => {
    const answers = { connect: false }
    const { tries, held, asked } = trying(answers)
    tries.note([placed()], [text])
    expect(held()).toEqual([text])
    await vi.waitUntil(() => asked() > 2)
    expect(held()).toEqual([text])
    answers.connect = true
    await vi.waitUntil(() => held().length === 0)
  })

  test('is held back as well when its Service was heard of before its placement, and once only', async () => {
    let now = 0
    const { tries, held } = trying({ connect: true }, () => now)
    tries.note([], [text])
    now = firstTryBoundMs - 1
    tries.note([placed()], [text])
    expect(held()).toEqual([text])
    await vi.waitUntil(() => held().length === 0)
    tries.note([placed()], [text])
    expect(held()).toEqual([])
  })

  test('that others have announced for longer than a try takes is not new here', () => {
    let now = 0
    const { tries, held } = trying({ connect: false }, () => now)
    tries.note([], [text])
    now = firstTryBoundMs
    tries.note([placed()], [text])
    expect(held()).toEqual([])
  })

  test('is one of many: no more than 16 connections are tried at the same time, and all are let go', async () => {
    let nowMs = 0
    let now = 0
    let most = 0
    const connects = async (): Promise<boolean> => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setTimeout(resolve, 1))
      now--
      return false
    }
    let held: readonly unknown[] = []
    const onChange = (addresses: readonly unknown[]): void => {
      held = addresses
    }
    open = new FirstTries({ ...asked, connects, onChange, now: () => nowMs })
    open.note([], [])
    const many = Array.from({ length: 300 }, (_, at) => {
      const one = `10.0.${at >> 8}.${at & 255}`
      return placed({ text: one, address: addressOf(one) })
    })
    open.note(
      many,
      many.map((each) => each.text),
    )
    expect(held).toHaveLength(300)
    await vi.waitUntil(() => most > 1)
    nowMs = firstTryBoundMs
    await vi.waitUntil(() => held.length === 0)
    expect(most).toBeLessThanOrEqual(16)
  })

  test('is told also when another one goes in the same moment', () => {
    const other = placed({ text: '10.0.0.201', address: addressOf('10.0.0.201') })
    const { tries, held } = trying({ connect: false })
    tries.note([placed()], [text])
    tries.note([other], [other.text])
    expect(held()).toEqual([other.text])
  })

  test('is held back no longer than the bound, whatever the try says', async () => {
    let nowMs = 0
    const { tries, held, asked } = trying({ connect: false }, () => nowMs)
    tries.note([placed()], [text])
    await vi.waitUntil(() => asked() > 2)
    expect(held()).toEqual([text])
    nowMs = firstTryBoundMs
    await vi.waitUntil(() => held().length === 0)
  })

  test('is tried no more when it is gone again', () => {
    const { tries, held } = trying({ connect: false })
    tries.note([placed()], [text])
    tries.note([], [])
    expect(held()).toEqual([])
  })

  test('is answered for at once when it was in use before, on another node', () => {
    let nowMs = 0
    const { tries, held } = trying({ connect: false }, () => nowMs)
    tries.note([], [text])
    nowMs = firstTryBoundMs
    tries.note([placed()], [text])
    expect(held()).toEqual([])
  })

  test('is new also when the status of its Service is heard of before its placement', () => {
    let nowMs = 0
    const { tries, held } = trying({ connect: false }, () => nowMs)
    tries.note([], [text])
    nowMs = firstTryBoundMs - 1
    tries.note([placed()], [text])
    expect(held()).toEqual([text])
  })

  test('is tried once only, whatever else changes meanwhile', async () => {
    const { tries, held } = trying({ connect: true })
    tries.note([placed()], [text])
    await vi.waitUntil(() => held().length === 0)
    tries.note([placed()], [text])
    expect(held()).toEqual([])
  })

  test.each([
    ['there is no TCP port to try', placed({ port: undefined })],
    ['its pool does not want it', placed({ isWanted: false })],
  ])('is answered for at once when %s', (_, each) => {
    const { tries, held } = trying({ connect: false })
    tries.note([each], [text])
    expect(held()).toEqual([])
  })

  test('what is found at the start is not new', () => {
    const held: unknown[] = []
    open = new FirstTries({
      isUnasked: () => true,
      onAsk: (each) => held.push(each),
      connects: () => Promise.resolve(false),
      onChange: (each) => held.push(each),
    })
    open.note([placed()], [text])
    expect(held).toEqual([])
  })

  test('that was not asked for lately is held back until nobody has answered, even when there is nothing to try', async () => {
    const { tries, held, lan } = trying({ connect: true, isUnasked: true })
    tries.note([placed({ port: undefined })], [text])
    expect([held(), lan()]).toEqual([[text], [text]])
    tries.hear(clear)
    await vi.waitUntil(() => held().length === 0)
    expect(lan()).toEqual([])
  })

  test('that nobody else has is held back all the same until it forwards', async () => {
    const answers = { connect: false, isUnasked: true }
    const { tries, held, asked } = trying(answers)
    tries.note([placed()], [text])
    tries.hear(clear)
    await vi.waitUntil(() => asked() > 2)
    expect(held()).toEqual([text])
    answers.connect = true
    await vi.waitUntil(() => held().length === 0)
  })

  test('that somebody else has is held back beyond the bound, and let go once nobody has it any more', async () => {
    let nowMs = 0
    const { tries, held } = trying({ connect: true, isUnasked: true }, () => nowMs)
    tries.note([placed()], [text])
    tries.hear(foreign('foreign'))
    expect(tries.isWithheld(addressOf(text))).toBe(true)
    nowMs = 100 * firstTryBoundMs
    tries.note([placed()], [text])
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(held()).toEqual([text])
  })

  test('that somebody else had is let go when that is over', async () => {
    const { tries, held } = trying({ connect: true, isUnasked: true })
    tries.note([placed()], [text])
    tries.hear(foreign('foreign'))
    tries.hear(foreign('foreignOver'))
    expect(tries.isWithheld(addressOf(text))).toBe(false)
    tries.hear(clear)
    await vi.waitUntil(() => held().length === 0)
  })

  test('that somebody else has on two interfaces is held back until it is over on both', () => {
    let nowMs = 0
    const { tries, held } = trying({ connect: true, isUnasked: true }, () => nowMs)
    tries.note([placed()], [text])
    for (const name of ['eth0', 'eth1']) tries.hear(foreign('foreign', name))
    nowMs = 100 * firstTryBoundMs
    tries.hear(foreign('foreignOver', 'eth0'))
    expect([held(), tries.isWithheld(addressOf(text))]).toEqual([[text], true])
    tries.hear(foreign('foreignOver', 'eth1'))
    expect(tries.isWithheld(addressOf(text))).toBe(false)
  })

  test('is let go at the bound though nothing came of asking, as without a link', async () => {
    let nowMs = 0
    const { tries, held } = trying({ connect: true, isUnasked: true }, () => nowMs)
    tries.note([placed()], [text])
    nowMs = firstTryBoundMs
    await vi.waitUntil(() => held().length === 0)
  })

  test('of another node that somebody else has is none of our trials', () => {
    const { tries, held } = trying({ connect: true, isUnasked: true })
    tries.hear(foreign('foreign'))
    expect([held(), tries.isWithheld(addressOf(text))]).toEqual([[], false])
  })
})
