import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Soon } from '../../../src/programs/speaker/soon.ts'

let nowMs = 0
let runs: number[] = []

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
  nowMs = 0
  runs = []
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

function pass(ms: number): void {
  for (let at = 0; at < ms; at++) {
    nowMs++
    vi.advanceTimersByTime(1)
  }
}

/** Something that takes this long, run at the times that `runs` tells. */
function soonThatTakes(tookMs: number): Soon {
  const run = (): void => {
    runs.push(nowMs)
    nowMs += tookMs
  }
  return new Soon(run, { delayMs: 2, apartMs: 10 })
}

describe('what is done soon', () => {
  it('is done once for many requests, after the delay', () => {
    const soon = soonThatTakes(0)
    for (let at = 0; at < 5; at++) soon.request()
    pass(50)
    expect(runs).toEqual([2])
  })

  it('is not done twice within its time', () => {
    const soon = soonThatTakes(0)
    soon.request()
    pass(3)
    soon.request()
    pass(50)
    expect(runs).toEqual([2, 12])
  })

  it('is done less often when it takes long, so that it never takes more than a tenth of the time', () => {
    const soon = soonThatTakes(20)
    for (let at = 0; at < 3_000; at++) {
      soon.request()
      pass(1)
    }
    const gaps = runs.slice(1).map((at, index) => at - (runs[index] ?? 0))
    expect(gaps.length).toBeGreaterThan(5)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(200)
  })
})
