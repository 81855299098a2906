import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { firstTryBoundMs, type FirstTry } from '../../../src/core/announcement/first-try.ts'
import { keyOf } from '../../../src/core/election/key.ts'
import { formatAddress } from '../../../src/core/ip/address.ts'
import type { Connected } from '../../../src/platform/network/connects.ts'
import { FirstTries, type FirstTriesOptions } from '../../../src/programs/speaker/first-tries.ts'
import type { FromWire } from '../../../src/programs/speaker/messages.ts'
import { addressOf } from './wire-harness.ts'

const text = '10.0.0.200'

function placed(changes: Partial<FirstTry> = {}): FirstTry {
  const roles = { isWanted: true, isPlaced: true, isServed: true }
  return { address: addressOf(text), text, pool: 'lab', services: [], port: 80, ...roles, ...changes }
}

function other(host: number): FirstTry {
  const one = `10.0.${host >> 8}.${host & 255}`
  return placed({ text: one, address: addressOf(one) })
}

function foreign(kind: 'foreign' | 'foreignOver', name = 'eth0'): FromWire {
  return { kind, sighting: { address: addressOf(text), interface: name, mac: 7n, at: 0 } }
}

const clear: FromWire = { kind: 'clear', address: addressOf(text) }

const ends: (() => unknown)[] = []
afterEach(() => {
  for (const end of ends.splice(0).toReversed()) end()
})

/** What a test may change while it runs. */
interface Given {
  connect: Connected
  nowMs: number
  isUnasked: boolean
  isPublic: boolean
}

/** Tries before which nothing was in use, and what they said last. */
function trying(changes: Partial<Given> = {}, more: Partial<FirstTriesOptions> = {}) {
  const given: Given = { connect: 'silent', nowMs: 0, isUnasked: false, isPublic: true, ...changes }
  const seen = { held: [] as string[], lan: [] as string[], outcomes: [] as string[], connects: 0 }
  const tries = new FirstTries({
    proxyMetrics: undefined,
    connects: () => {
      seen.connects++
      return Promise.resolve(given.connect)
    },
    isUnasked: () => given.isUnasked,
    isPublic: () => given.isPublic,
    onChange: (held) => (seen.held = held.map(formatAddress)),
    onAsk: (asked) => (seen.lan = asked.map((one) => one.text)),
    onOutcome: (first, outcome, heldMs) => seen.outcomes.push(`${first.text} ${outcome} ${heldMs}`),
    now: () => given.nowMs,
    ...more,
  })
  ends.push(() => tries[Symbol.dispose]())
  const note = (...placed: readonly FirstTry[]): void => {
    const served = placed.filter(({ isServed }) => isServed).map(({ address }) => keyOf(address))
    tries.note({ tries: placed, inUse: placed.map((each) => each.text), served })
  }
  note()
  return { tries, given, seen, note }
}

describe('a new address of this node', () => {
  test('is held back until a connection comes about', async () => {
    const { given, seen, note } = trying()
    note(placed())
    expect(seen.held).toEqual([text])
    await vi.waitUntil(() => seen.connects > 2)
    expect(seen.held).toEqual([text])
    given.nowMs = 700
    given.connect = 'connected'
    await vi.waitUntil(() => seen.held.length === 0)
    expect(seen.outcomes).toEqual([`${text} ready 700`])
  })

  test('is held back also while connections are refused: kube-proxy knows the Service, and nothing behind it', async () => {
    const { given, seen, note } = trying({ connect: 'refused' })
    note(placed())
    await vi.waitUntil(() => seen.connects > 2)
    expect(seen.held).toEqual([text])
    given.connect = 'connected'
    await vi.waitUntil(() => seen.held.length === 0)
  })

  test('is held back no longer than the bound, whatever the tries say, and that is told', async () => {
    const { given, seen, note } = trying()
    note(placed())
    await vi.waitUntil(() => seen.connects > 2)
    given.nowMs = firstTryBoundMs - 1
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(seen.held).toEqual([text])
    given.nowMs = firstTryBoundMs
    await vi.waitUntil(() => seen.held.length === 0)
    expect(seen.outcomes).toEqual([`${text} boundReached ${firstTryBoundMs}`])
  })

  test('is tried once only, whatever else changes meanwhile', async () => {
    const { seen, note } = trying({ connect: 'connected' })
    note(placed())
    await vi.waitUntil(() => seen.held.length === 0)
    note(placed(), other(1))
    expect(seen.held).toEqual(['10.0.0.1'])
  })

  test('is tried no more when it is gone again', async () => {
    const { seen, note } = trying()
    note(placed())
    note()
    expect(seen.held).toEqual([])
    await new Promise((resolve) => setTimeout(resolve, 20))
    const { connects } = seen
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([seen.connects, seen.outcomes]).toEqual([connects, []])
  })

  test('is held back no more when nothing serves behind it, and again once something does', async () => {
    const { given, seen, note } = trying()
    note(placed())
    note(placed({ isServed: false }))
    await vi.waitUntil(() => seen.held.length === 0)
    given.nowMs = 100 * firstTryBoundMs
    note(placed())
    expect([seen.held, seen.outcomes]).toEqual([[text], []])
  })

  test('is answered for at once when its pool does not want it tried, and that is told', () => {
    const { seen, note } = trying()
    note(placed({ isWanted: false }))
    expect([seen.held, seen.outcomes]).toEqual([[], [`${text} optedOut 0`]])
  })

  test('is told also when another one goes in the same moment', () => {
    const { seen, note } = trying()
    note(placed())
    note(other(1))
    expect(seen.held).toEqual(['10.0.0.1'])
  })
})

describe('many new addresses', () => {
  test('are tried in turn, and all at once as soon as one of them forwards', async () => {
    let mostAtOnce = 0
    let atOnce = 0
    let isProgrammed = false
    const tried: string[] = []
    const connects = async (address: string): Promise<Connected> => {
      tried.push(address)
      mostAtOnce = Math.max(mostAtOnce, ++atOnce)
      const outcome = isProgrammed ? 'connected' : 'silent'
      await new Promise((resolve) => setTimeout(resolve, isProgrammed ? 1 : 15))
      atOnce--
      return outcome
    }
    const { seen, note } = trying({}, { connects, now: () => performance.now() })
    note(...Array.from({ length: 300 }, (_, host) => other(host)))
    expect(seen.held).toHaveLength(300)
    await vi.waitUntil(() => tried.length >= 20)
    expect(new Set(tried.slice(0, 20)).size).toBe(20)
    isProgrammed = true
    const before = tried.length
    await vi.waitUntil(() => seen.held.length === 0)
    // One after the other they would take more than a second, and some would reach the bound.
    expect(seen.outcomes.every((each) => each.includes(' ready '))).toBe(true)
    expect(mostAtOnce).toBeLessThanOrEqual(16)
    expect(tried.length - before).toBeLessThan(330)
  })

  test('of which some never forward are not tried for each one that does', async () => {
    const connects = (address: string): Promise<Connected> =>
      Promise.resolve(address.startsWith('10.0.0.') ? 'connected' : 'silent')
    let tries = 0
    const counted: typeof connects = (address) => {
      tries++
      return connects(address)
    }
    const { seen, note } = trying({}, { connects: counted, now: () => performance.now() })
    // In an order that mixes the two kinds.
    note(...Array.from({ length: 400 }, (_, at) => other((at * 157) % 400)))
    await vi.waitUntil(() => seen.outcomes.length === 256)
    expect(tries).toBeLessThan(2 * 400)
  })
})

describe('a new address that nobody has asked the LAN for lately', () => {
  test('is held back until nobody has answered, even when there is nothing to try', async () => {
    const { tries, seen, note } = trying({ isUnasked: true })
    note(placed({ isWanted: false }))
    expect([seen.held, seen.lan]).toEqual([[text], [text]])
    tries.hear(clear)
    await vi.waitUntil(() => seen.held.length === 0)
    expect(seen.lan).toEqual([])
  })

  test('and that nobody else has is held back all the same until it forwards', async () => {
    const { tries, given, seen, note } = trying({ isUnasked: true })
    note(placed())
    tries.hear(clear)
    await vi.waitUntil(() => seen.connects > 2)
    expect(seen.held).toEqual([text])
    given.connect = 'connected'
    await vi.waitUntil(() => seen.held.length === 0)
  })

  test('and that somebody else has is held back beyond the bound, and tried no more', async () => {
    const { tries, given, seen, note } = trying({ isUnasked: true, connect: 'connected' })
    note(placed())
    tries.hear(foreign('foreign'))
    expect(tries.isWithheld(addressOf(text))).toBe(true)
    given.nowMs = 100 * firstTryBoundMs
    note(placed())
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([seen.held, seen.connects]).toEqual([[text], 0])
  })

  test('and that somebody else had is let go when that is over', async () => {
    const { tries, seen, note } = trying({ isUnasked: true, connect: 'connected' })
    note(placed())
    tries.hear(foreign('foreign'))
    tries.hear(foreign('foreignOver'))
    expect(tries.isWithheld(addressOf(text))).toBe(false)
    tries.hear(clear)
    await vi.waitUntil(() => seen.held.length === 0)
  })

  test('that somebody else has on two interfaces is held back until it is over on both', () => {
    const { tries, given, seen, note } = trying({ isUnasked: true, connect: 'connected' })
    note(placed())
    for (const name of ['eth0', 'eth1']) tries.hear(foreign('foreign', name))
    given.nowMs = 100 * firstTryBoundMs
    tries.hear(foreign('foreignOver', 'eth0'))
    expect([seen.held, tries.isWithheld(addressOf(text))]).toEqual([[text], true])
    tries.hear(foreign('foreignOver', 'eth1'))
    expect(tries.isWithheld(addressOf(text))).toBe(false)
  })

  test('is let go at the bound though nothing came of asking, as without a link', async () => {
    const { given, seen, note } = trying({ isUnasked: true, connect: 'connected' })
    note(placed())
    given.nowMs = firstTryBoundMs
    await vi.waitUntil(() => seen.held.length === 0)
  })

  test('and is of another node is none of our trials', () => {
    const { tries, seen } = trying({ isUnasked: true })
    tries.hear(foreign('foreign'))
    expect([seen.held, tries.isWithheld(addressOf(text))]).toEqual([[], false])
  })
})

describe('a new address without a TCP port', () => {
  /** A kube-proxy that last did its work at `syncedAt`, and was last told to at `queuedAt`. */
  async function kubeProxy(says: { queuedAt: number; syncedAt: number }): Promise<string> {
    const server = createServer((_, response) => {
      const line = (name: string, ms: number): string =>
        `kubeproxy_sync_proxy_rules_${name}_seconds{ip_family="IPv4"} ${ms / 1_000}\n`
      response.end(line('last_queued_timestamp', says.queuedAt) + line('last_timestamp', says.syncedAt))
    }).listen(0, '127.0.0.1')
    ends.push(() => server.close().closeAllConnections())
    await once(server, 'listening')
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`
  }

  test('is held back until kube-proxy has done its work since it is public', async () => {
    const says = { queuedAt: 0, syncedAt: 0 }
    const now = { now: () => performance.now() }
    const { given, seen, note } = trying({ isPublic: false }, { ...now, proxyMetrics: await kubeProxy(says) })
    note(placed({ port: undefined }))
    says.queuedAt = says.syncedAt = Date.now()
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(seen.held).toEqual([text])
    given.isPublic = true
    await new Promise((resolve) => setTimeout(resolve, 120))
    says.queuedAt = Date.now()
    await new Promise((resolve) => setTimeout(resolve, 120))
    expect(seen.held).toEqual([text])
    says.syncedAt = Date.now()
    await vi.waitUntil(() => seen.held.length === 0)
    expect(seen.outcomes).toEqual([expect.stringMatching(`^${text} ready `)])
    expect(seen.connects).toBe(0)
  })

  test.each<[string, string | undefined]>([
    ['is not asked', undefined],
    ['does not answer', 'http://127.0.0.1:1/metrics'],
  ])('is held back for a second where kube-proxy %s', async (_, proxyMetrics) => {
    const { given, seen, note } = trying({}, { proxyMetrics })
    note(placed({ port: undefined }))
    given.nowMs = 999
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(seen.held).toEqual([text])
    given.nowMs = 1_000 + 50
    await vi.waitUntil(() => seen.held.length === 0)
    expect(seen.outcomes).toEqual([`${text} noWitness 1050`])
  })
})
