import { describe, expect, test } from 'vitest'
import {
  gateDueAt,
  knowSender,
  noteUnbelieved,
  openGate,
  turnGate,
} from '../../../src/core/election/flood-gate.ts'
import type { FloodGate } from '../../../src/core/election/flood-gate.ts'

const peer = 0x020000000001n
const most = 200

function gateWithPeer(): FloodGate {
  const gate = openGate()
  knowSender(gate, peer, 0)
  return gate
}

/** So many frames within these milliseconds, and what the gate then does. */
function flood(gate: FloodGate, from: number, frames: number, withinMs: number): ReturnType<typeof turnGate> {
  for (let at = 0; at < frames; at++) noteUnbelieved(gate, from + (at / frames) * withinMs)
  return turnGate(gate, from + withinMs, most)
}

describe('a flood of heartbeats that are not believed', () => {
  test('shuts out everyone but those who are known to be peers', () => {
    const gate = gateWithPeer()
    expect(flood(gate, 100, 150, 10)).toEqual([peer])
    expect(gateDueAt(gate)).toBe(110 + 500)
  })

  test('is looked at for a moment every half a second, and shut out again while it goes on', () => {
    const gate = gateWithPeer()
    flood(gate, 100, 150, 10)
    expect(turnGate(gate, 609, most)).toBeUndefined()
    expect(turnGate(gate, 610, most)).toBe('everyone')
    for (let at = 0; at < 50; at++) noteUnbelieved(gate, 612)
    expect(turnGate(gate, 615, most)).toBeUndefined()
    expect(turnGate(gate, 620, most)).toEqual([peer])
  })

  test('is over when that moment passes without it', () => {
    const gate = gateWithPeer()
    flood(gate, 100, 150, 10)
    turnGate(gate, 610, most)
    expect(turnGate(gate, 620, most)).toBeUndefined()
    expect(gateDueAt(gate)).toBe(Infinity)
    expect(flood(gate, 700, 150, 10)).toEqual([peer])
  })

  test('is none as long as it is no more than a speaker with another key sends, or twenty do', () => {
    const gate = gateWithPeer()
    for (let at = 0; at < 10_000; at += 2.5) {
      noteUnbelieved(gate, at)
      expect(turnGate(gate, at, most)).toBeUndefined()
    }
  })

  test('shuts nobody out where no peer is known, or more than can be told apart', () => {
    expect(flood(openGate(), 100, 150, 10)).toBeUndefined()
    const crowd = openGate()
    for (let at = 0; at <= most; at++) knowSender(crowd, BigInt(at), 0)
    expect(flood(crowd, 100, 150, 10)).toBeUndefined()
  })

  test('knows no MAC from which no peer has sent for ten seconds', () => {
    const gate = gateWithPeer()
    knowSender(gate, 2n, 9_000)
    expect(flood(gate, 11_000, 150, 10)).toEqual([2n])
  })
})
