import { expect, test } from 'vitest'
import type { Log } from '../../../src/platform/telemetry/log.ts'
import { LineLimit } from '../../../src/programs/speaker/line-limit.ts'
import type { FromWire } from '../../../src/programs/speaker/messages.ts'
import { WireLog } from '../../../src/programs/speaker/wire-log.ts'
import { addressOf } from './wire-harness.ts'

/** A log of what happens on the wire, its lines, and a clock. */
function opened() {
  const lines: string[] = []
  const note = (_: object, words: string): void => void lines.push(words)
  const clock = { nowMs: 0 }
  const log = { info: note, warn: note } as unknown as Log
  return { clock, lines, wireLog: new WireLog(log, () => undefined, new LineLimit(() => clock.nowMs)) }
}

function claimed(kind: 'claim' | 'insists', last: number): FromWire {
  const address = addressOf(`10.0.${last >> 8}.${last & 255}`)
  return { kind, conflict: { interface: 'eth0', address, mac: 10n, at: 0 } }
}

test('a device that claims a thousand addresses makes twenty lines, the last of which says that there are more', () => {
  const { lines, wireLog } = opened()
  for (let at = 0; at < 1_000; at++) wireLog.note(claimed('claim', at))
  expect(lines).toHaveLength(20)
  expect(lines.map((line) => line.includes('more of the kind')).indexOf(true)).toBe(19)
})

test('another kind of line has twenty of its own, and each has them again after ten seconds', () => {
  const { clock, lines, wireLog } = opened()
  for (let at = 0; at < 30; at++) wireLog.note(claimed('claim', at))
  for (let at = 0; at < 30; at++) wireLog.note(claimed('insists', at))
  expect(lines).toHaveLength(40)
  clock.nowMs = 10_000
  wireLog.note(claimed('claim', 1))
  expect(lines).toHaveLength(41)
})
