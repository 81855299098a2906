import { expect, test } from 'vitest'
import { estrangedName, estrangedText } from '../../../src/core/election/estranged-words.ts'
import type { SpeakerEstranged } from '../../../src/core/election/estranged-words.ts'

const mac = '02:00:00:00:00:02'

test.each<[SpeakerEstranged, string]>([
  [
    { reason: 'UnknownKey', interface: 'eth0', node: 'n2', mac },
    `n2 (${mac}) on eth0 signs with an unknown key; `,
  ],
  [{ reason: 'UnknownKey', interface: 'eth0', node: 'n2' }, 'n2 on eth0 signs with an unknown key; '],
  [
    { reason: 'UnknownKey', interface: 'eth0', mac, says: 'n7' },
    `${mac}, which says that it is n7, on eth0 is no node`,
  ],
  [{ reason: 'UnknownKey', interface: 'eth0', mac }, `${mac} on eth0 is no node of this cluster and sends`],
  [
    { reason: 'OneWay', interface: 'eth0', node: 'n2' },
    'the heartbeats of n2 come on eth0, and it does not hear',
  ],
  [{ reason: 'WireOnly', interface: 'eth0', node: 'n2' }, 'the heartbeats of n2 do not come on eth0, and it'],
  [{ reason: 'WireOnly', interface: 'eth0' }, 'the heartbeats of a node that is not known do not come'],
])('%j is told as %s…', (one, words) => {
  expect(estrangedText([one]).slice(0, words.length)).toBe(words)
})

test('of many three are told, and how many more there are', () => {
  const many = Array.from({ length: 5 }, (_, at): SpeakerEstranged => {
    return { reason: 'OneWay', interface: 'eth0', node: `n${at}` }
  })
  expect(estrangedText(many)).toMatch(/of n0 .*; .*of n1 .*; .*of n2 .*; and 2 more$/)
})

test('each has a name of its own', () => {
  const one: SpeakerEstranged = { reason: 'OneWay', interface: 'eth0', node: 'n1' }
  const names = [
    one,
    { ...one, node: 'n2' },
    { ...one, interface: 'eth1' },
    { ...one, reason: 'WireOnly' as const },
  ]
  expect(new Set(names.map(estrangedName)).size).toBe(4)
})
