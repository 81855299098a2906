import { expect, test } from 'vitest'
import type { History } from './history.ts'
import { play } from './play.ts'

/*
 * Histories that went wrong once, as small as they could be made. What they found stands in their names.
 */

const found: Readonly<Record<string, History>> = {
  'an address that a cordoned node took from the one it is placed on goes back when that one is there again':
    {
      seed: 100,
      nodes: 2,
      loss: 0,
      hasController: false,
      acts: [
        { kind: 'cordon', seed: 29866904, restMs: 90 },
        { kind: 'crash', seed: 115717947, restMs: 110 },
      ],
    },
  'of two cordoned nodes the one that announces an address is followed': {
    seed: 138,
    nodes: 2,
    loss: 0,
    hasController: false,
    acts: [
      { kind: 'cordon', seed: 613808939, restMs: 66 },
      { kind: 'rolling', seed: 1416683611, restMs: 54 },
      { kind: 'cordon', seed: 1916626528, restMs: 81 },
    ],
  },
  'whose view was a stale one for a moment takes over from a dead node as fast as any other': {
    seed: 281,
    nodes: 2,
    loss: 0,
    hasController: true,
    acts: [
      { kind: 'staleView', seed: 1422983566, restMs: 62 },
      { kind: 'mend', seed: 253789120, restMs: 2200 },
      { kind: 'suspend', seed: 654268016, restMs: 233 },
    ],
  },
  'a virtual machine that goes on after a suspension leaves no client with its word': {
    seed: 1009,
    nodes: 4,
    loss: 0,
    hasController: true,
    acts: [
      { kind: 'drift', seed: 649685292, restMs: 722.9721910087392 },
      { kind: 'plug', seed: 297726443, restMs: 1065.3519931714982 },
      { kind: 'resume', seed: 1732986445, restMs: 252.66525456681848 },
      { kind: 'uncordon', seed: 548471503, restMs: 1054.2862362228334 },
      { kind: 'mend', seed: 1445932517, restMs: 1343.4425031999126 },
      { kind: 'release', seed: 1943410999, restMs: 1499.0091401385143 },
      { kind: 'suspend', seed: 1355387667, restMs: 1267.7238184958696 },
    ],
  },
  'a client has no word for long of a node that took an address from one which was paused, and heard on the wire alone':
    {
      seed: 978,
      nodes: 2,
      loss: 0,
      hasController: false,
      acts: [
        { kind: 'filter', seed: 409017776, restMs: 287.6366193406284 },
        { kind: 'apiBack', seed: 217884580, restMs: 102 },
        { kind: 'lease', seed: 2064882415, restMs: 516 },
        { kind: 'suspend', seed: 529424800, restMs: 752.7949785813689 },
      ],
    },
}

test.for(Object.entries(found))('%s', { timeout: 300_000 }, ([, history]) => {
  expect(play(history).violations).toEqual([])
})
