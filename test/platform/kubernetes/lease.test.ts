import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { LeaseHolder } from '../../../src/platform/kubernetes/lease.ts'
import type { LeaseOptions } from '../../../src/platform/kubernetes/lease.ts'
import { holderOf } from '../../../src/platform/kubernetes/lease-record.ts'
import { LeaseServer } from './lease-server.ts'
import type { Way } from './lease-server.ts'
import { ProcessClock, VirtualTime } from './virtual-time.ts'

interface Contender {
  readonly holder: LeaseHolder
  readonly clock: ProcessClock
  readonly way: Way
  readonly told: string[]
  readonly problems: string[]
  /** Killed: it acts no more, and what its clock says matters to nobody. */
  dead: boolean
}

function scene() {
  const time = new VirtualTime()
  const server = new LeaseServer(time)
  const contenders: Contender[] = []
  const join = (identity: string, options: Partial<LeaseOptions> = {}, rate = 1): Contender => {
    const clock = new ProcessClock(time, rate)
    const way: Way = { delayMs: () => 3 }
    const told: string[] = []
    const problems: string[] = []
    const holder = new LeaseHolder(
      server.storeFor(clock, way),
      {
        namespace: 'lanlord-system',
        name: 'lanlord-controller',
        identity,
        onAcquired: () => told.push('acquired'),
        onLost: (why) => told.push(`lost: ${why}`),
        onProblem: (error) => problems.push(error.message),
        random: () => 0.5,
        ...options,
      },
      clock,
    )
    const contender = { holder, clock, way, told, problems, dead: false }
    contenders.push(contender)
    holder.start()
    return contender
  }
  const holding = () => contenders.filter(({ holder, dead }) => !dead && holder.isHolding())
  const atMostOne = () => {
    if (holding().length > 1) throw new Error(`two hold the Lease at ${time.nowMs}`)
  }
  const run = (ms: number) => time.runUntil(time.nowMs + ms, atMostOne)
  return { time, server, contenders, join, holding, run }
}

/** A process that is cut off for good, and whose clock nobody reads. */
function kill(contender: Contender): void {
  contender.dead = true
  contender.way.delayMs = () => Infinity
}

afterEach(() => {
  vi.useRealTimers()
})

describe('a Lease', () => {
  it('is created by the first who wants it, with times of six digits', async () => {
    const { server, join, run } = scene()
    const first = join('first')
    await run(100)
    expect(first.holder.isHolding()).toBe(true)
    expect(first.told).toEqual(['acquired'])
    expect(server.lease?.spec).toMatchObject({
      holderIdentity: 'first',
      leaseDurationSeconds: 15,
      leaseTransitions: 0,
    })
    expect(server.lease?.spec?.renewTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
  })

  it('stays with its holder while others wait, at one write in two seconds', async () => {
    const { server, join, run, holding } = scene()
    const first = join('first')
    await run(1_000)
    join('second')
    join('third')
    await run(120_000)
    expect(holding()).toEqual([first])
    expect(first.told).toEqual(['acquired'])
    expect(server.writes.length).toBeLessThanOrEqual(61)
    expect(first.holder.holder).toBe('first')
  })

  it('passes at once when its holder gives it back, and counts the transition', async () => {
    const { server, join, run, holding } = scene()
    const first = join('first')
    await run(1_000)
    const second = join('second')
    await run(500)
    const stopped = first.holder.stop()
    await run(30)
    await stopped
    expect(holding()).toEqual([second])
    expect(first.told).toEqual(['acquired', 'lost: stopped'])
    expect(server.lease?.spec).toMatchObject({
      holderIdentity: 'second',
      leaseTransitions: 1,
      leaseDurationSeconds: 15,
    })
  })

  it('passes when its holder was killed, not before the duration is over and soon after it', async () => {
    const { join, run, holding } = scene()
    const first = join('first')
    await run(1_000)
    const second = join('second')
    await run(500)
    kill(first)
    await run(12_900)
    expect(holding()).toEqual([])
    await run(4_000)
    expect(holding()).toEqual([second])
  })

  it('is taken at once by a process that comes back under the same name', async () => {
    const { server, join, run } = scene()
    kill(join('first'))
    const before = scene()
    before.join('controller-0')
    await before.run(1_000)
    server.lease = before.server.lease
    const again = join('controller-0')
    await run(20)
    expect(again.holder.isHolding()).toBe(true)
    expect(server.lease?.spec?.leaseTransitions).toBe(0)
  })

  it('is not held any more when the server stalls, before another could have it', async () => {
    const { join, run, holding } = scene()
    const first = join('first')
    await run(1_000)
    const second = join('second')
    await run(1_000)
    first.way.delayMs = () => Infinity
    await run(10_100)
    expect(first.told).toEqual(['acquired', 'lost: not renewed for 10000 ms'])
    expect(holding()).toEqual([])
    await run(8_000)
    expect(holding()).toEqual([second])
    first.way.delayMs = () => 3
    await run(10_000)
    expect(holding()).toEqual([second])
    expect(first.holder.holder).toBe('second')
  })

  it('is held for the deadline counted from when the renewal was sent, however late the answer came', async () => {
    const { server, join, run } = scene()
    const first = join('first')
    await run(1_000)
    first.way.delayMs = () => 2_000
    const before = server.writes.length
    while (server.writes.length === before) await run(10)
    await run(2_100)
    first.way.delayMs = () => Infinity
    await run(5_800)
    expect(first.holder.isHolding()).toBe(true)
    await run(200)
    expect(first.holder.isHolding()).toBe(false)
  })

  it('is held again by the same when the server comes back in time', async () => {
    const { join, run, holding } = scene()
    const only = join('only')
    await run(1_000)
    only.way.delayMs = () => Infinity
    await run(60_000)
    expect(holding()).toEqual([])
    only.way.delayMs = () => 3
    await run(10_000)
    expect(only.told).toEqual(['acquired', 'lost: not renewed for 10000 ms', 'acquired'])
  })

  it('does not care for the wall clock', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2030-01-01T00:00:00Z') })
    const { join, run, holding } = scene()
    const first = join('first')
    await run(1_000)
    join('second')
    for (const date of ['2031-01-01', '1999-01-01', '2030-01-02']) {
      vi.setSystemTime(new Date(date))
      await run(20_000)
    }
    expect(holding()).toEqual([first])
    expect(first.told).toEqual(['acquired'])
  })

  it('is not held for a moment after the holder was stopped longer than the deadline', async () => {
    const { join, run } = scene()
    const first = join('first')
    await run(1_000)
    first.clock.freeze(20_000)
    await run(11_000)
    expect(first.holder.isHolding()).toBe(false)
    first.clock.jump(1)
    await run(20_000)
    expect(first.holder.isHolding()).toBe(true)
  })

  it('that was deleted under its holder is not taken by those who know that it was held', async () => {
    const { server, join, run, holding } = scene()
    const first = join('first')
    await run(1_000)
    join('second')
    await run(3_000)
    server.delete()
    await run(30_000)
    expect(holding()).toEqual([first])
  })

  it('in a namespace that is missing is asked for until the namespace is there, and complained of once', async () => {
    const { server, join, run } = scene()
    server.namespaceExists = false
    const first = join('first')
    await run(20_000)
    expect(first.problems).toEqual(['no namespace'])
    server.namespaceExists = true
    await run(3_000)
    expect(first.holder.isHolding()).toBe(true)
  })

  it('keeps what others wrote into its object', async () => {
    const { server, join, run } = scene()
    join('first')
    await run(100)
    server.edit((lease) => ({ ...lease, metadata: { ...lease.metadata, labels: { team: 'net' } } }))
    await run(10_000)
    expect(server.lease?.metadata.labels).toEqual({ team: 'net' })
  })

  it('is refused times that could let two hold it', () => {
    const options = {
      namespace: 'n',
      name: 'l',
      identity: 'i',
      leaseDurationMs: 10_000,
      renewDeadlineMs: 10_000,
    }
    const { server, time } = scene()
    const store = server.storeFor(new ProcessClock(time), { delayMs: () => 0 })
    expect(() => new LeaseHolder(store, options)).toThrow('retryPeriodMs < renewDeadlineMs < leaseDurationMs')
  })
})

interface Step {
  readonly who: number
  readonly what: keyof typeof faults | 'join' | 'quiet'
  readonly forMs: number
}

const faults = {
  cut: ({ way }, random) => (way.delayMs = () => (random() < 0.5 ? Infinity : 3)),
  slow: ({ way }, random) => (way.delayMs = () => random() * 12_000),
  mend: ({ way }) => (way.delayMs = () => 3),
  freeze: ({ clock }, _, forMs) => clock.freeze(forMs),
  kill,
  stop: ({ holder }) => void holder.stop(),
} satisfies Record<string, (contender: Contender, random: () => number, forMs: number) => unknown>

const steps = fc.array(
  fc.record<Step>({
    who: fc.nat(2),
    what: fc.constantFrom<Step['what']>('cut', 'slow', 'mend', 'freeze', 'kill', 'stop', 'join', 'quiet'),
    forMs: fc.integer({ min: 1, max: 25_000 }),
  }),
  { maxLength: 25 },
)

describe('over any history of cuts, delays, stops, kills and clocks that differ', () => {
  it('never do two hold the Lease, and when the faults are over one does', async () => {
    const history = fc.asyncProperty(steps, fc.integer(), async (script, seed) => {
      const { server, contenders, join, run, holding } = scene()
      const random = randomFrom(seed)
      const rates = [0.95, 1, 1.05]
      const fresh = (slot: number) => join(`contender-${slot}`, { random }, rates[slot])
      const slots = rates.map((_, slot) => fresh(slot))
      for (const { who, what, forMs } of script) {
        const contender = slots[who] as Contender
        if (what === 'join' && contender.dead) slots[who] = fresh(who)
        else if (what in faults && !contender.dead)
          faults[what as keyof typeof faults](contender, random, forMs)
        await run(forMs)
      }
      for (const contender of contenders.filter(({ dead }) => !dead)) faults.mend(contender)
      const last = join('last')
      await run(60_000)
      expect(holding().length).toBe(1)
      expect(server.lease && holderOf(server.lease)).toBe(holding()[0]?.holder.holder)
      expect(last.holder.holder).toBeDefined()
    })
    await fc.assert(history, { numRuns: 60 })
  })
})

/** mulberry32 */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
