import { describe, expect, test } from 'vitest'
import type { SpeakerEstranged } from '../../../src/core/election/estranged-words.ts'
import type { EventRecord } from '../../../src/platform/kubernetes/events.ts'
import { EstrangedEvents } from '../../../src/programs/controller/estranged-events.ts'
import { projectSpeaker } from '../../../src/programs/controller/projections.ts'
import type { SpeakerRecord } from '../../../src/programs/controller/projections.ts'

function speaker(estranged: readonly SpeakerEstranged[]): SpeakerRecord {
  const since = '2026-01-01T00:00:00Z'
  return projectSpeaker({
    metadata: { name: 'node-1', uid: 'u-1', resourceVersion: '1' },
    status: { estranged: estranged.map((each) => ({ ...each, since })) },
  } as Parameters<typeof projectSpeaker>[0])
}

const mac = '02:00:00:00:00:02'
const byKey: SpeakerEstranged = {
  reason: 'UnknownKey',
  interface: 'eth0',
  node: 'node-2',
  mac,
  says: 'node-2',
}
const stranger: SpeakerEstranged = { reason: 'UnknownKey', interface: 'eth0', mac, says: 'alpha' }
const deaf: SpeakerEstranged = { reason: 'OneWay', interface: 'eth0', node: 'node-3' }
const filtered: SpeakerEstranged = { reason: 'WireOnly', interface: 'eth0', node: 'node-3' }

/** What is told as a speaker's status goes through these states, a second apart unless told otherwise. */
function toldOf(states: readonly (readonly SpeakerEstranged[])[], apartMs = 1_000): readonly EventRecord[] {
  const told: EventRecord[] = []
  let nowMs = 0
  const events = new EstrangedEvents({ record: (event) => told.push(event), now: () => nowMs })
  let before = speaker([])
  for (const state of states) {
    nowMs += apartMs
    const object = speaker(state)
    events.note({ kind: 'changed', before, object })
    before = object
  }
  return told
}

describe('a speaker that notices another one which is no peer of it', () => {
  test.each([
    [byKey, `node-2 (${mac}) on eth0 signs with an unknown key`],
    [stranger, `${mac}, which says that it is alpha, on eth0 is no node of this cluster`],
    [deaf, 'the heartbeats of node-3 come on eth0, and it does not hear this one'],
    [filtered, 'the heartbeats of node-3 do not come on eth0, and it answers for addresses all the same'],
  ])('is told of in an Event on it: $reason', (one, words) => {
    const [event, ...more] = toldOf([[one]])
    expect(more).toEqual([])
    expect(event).toMatchObject({
      regarding: { kind: 'Speaker', name: 'node-1', uid: 'u-1' },
      type: 'Warning',
      reason: 'PeerEstranged',
    })
    expect(event?.note.startsWith(words)).toBe(true)
  })

  test('is told of once while it goes on, and of the next one alone', () => {
    const notes = toldOf([[byKey], [byKey], [byKey, deaf], [byKey]], 61_000).map(({ note }) => note)
    expect(notes).toHaveLength(2)
    expect(notes[1]).toMatch(/^the heartbeats of node-3 come/)
  })

  test('makes one Event a minute at the most, whoever plays a speaker under how many MACs', () => {
    const states = Array.from({ length: 600 }, (_, at) => [{ ...stranger, mac: `02:00:00:00:${at % 60}:00` }])
    expect(toldOf(states).length).toBeLessThanOrEqual(10)
  })

  test('names three of many', () => {
    const many = Array.from({ length: 16 }, (_, at) => ({ ...stranger, mac: `02:00:00:00:00:${at + 10}` }))
    expect(toldOf([many])[0]?.note).toMatch(/; and 13 more$/)
  })
})
