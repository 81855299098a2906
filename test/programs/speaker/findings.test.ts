import { expect, test } from 'vitest'
import { Findings } from '../../../src/programs/speaker/findings.ts'
import type { SeenFinding } from '../../../src/programs/speaker/messages.ts'
import { addressOf } from './wire-harness.ts'

function finding(text: string, change: Partial<SeenFinding> = {}): SeenFinding {
  const address = addressOf(text)
  return { address, announcer: 'one', interface: 'eth0', result: 'Unanswered', macs: [], at: 0, ...change }
}

test('what is found of an address stands until it is over, and anything new in its place', () => {
  const findings = new Findings()
  findings.note({ kind: 'finding', finding: finding('10.0.0.1') })
  findings.note({ kind: 'finding', finding: finding('10.0.0.2') })
  const elsewhere = finding('10.0.0.1', { result: 'AnsweredElsewhere', macs: [7n], at: 5 })
  findings.note({ kind: 'finding', finding: elsewhere })
  expect(findings.told).toEqual([elsewhere, finding('10.0.0.2')])
  findings.note({ kind: 'findingOver', finding: finding('10.0.0.2', { at: 9 }) })
  expect(findings.told).toEqual([elsewhere])
})

test('the same address on another interface is another finding', () => {
  const findings = new Findings()
  findings.note({ kind: 'finding', finding: finding('10.0.0.1') })
  findings.note({ kind: 'finding', finding: finding('10.0.0.1', { interface: 'eth1' }) })
  findings.note({ kind: 'findingOver', finding: finding('10.0.0.1') })
  expect(findings.count).toBe(1)
})

test('as many are told as a status has room for, the latest first, and all are counted', () => {
  const findings = new Findings()
  for (let at = 0; at < 300; at++)
    findings.note({ kind: 'finding', finding: finding(`10.0.${at >> 8}.${at & 255}`, { at }) })
  expect(findings.count).toBe(300)
  expect(findings.told).toHaveLength(256)
  expect(findings.told[0]).toMatchObject({ at: 299 })
})
