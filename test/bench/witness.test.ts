import { describe, expect, it } from 'vitest'
import { SpeakerNotes } from '../../bench/announcers.ts'
import { rateOf } from '../../bench/loads.ts'
import { requestsSince } from '../../bench/request-counts.ts'
import { silencesIn, takeoversIn, testimonyOf } from '../../bench/witness.ts'

describe('what the witness on the wire says', () => {
  it('is read from its lines: questions, second answers, claims and heartbeats', () => {
    const testimony = testimonyOf([
      'question 10.77.0.200 1000.000 81.5 02:00:77:00:00:11',
      'second 10.77.0.200 1000.000 95.0 02:00:77:00:00:12',
      'question 10.77.0.200 1010.000 -1 -',
      'claim 10.77.0.201 1020.250 02:00:77:00:00:12',
      'beat 02:00:77:00:00:11 1030.000 50',
      'end',
    ])
    expect(testimony.questions.map(({ tookUs }) => tookUs)).toEqual([81.5, undefined])
    expect(testimony.doubles).toBe(1)
    expect(testimony.claims).toEqual([{ address: '10.77.0.201', atMs: 1020.25, mac: '02:00:77:00:00:12' }])
    expect(testimony.beats).toEqual([{ mac: '02:00:77:00:00:11', atMs: 1030, promisedMs: 50 }])
  })

  it('knows a takeover by another MAC than before, and a repeated word of the same one for none', () => {
    const claim = (address: string, mac: string) => ({ address, atMs: 0, mac })
    const claims = [claim('.1', 'a'), claim('.1', 'a'), claim('.1', 'b'), claim('.1', 'a'), claim('.2', 'b')]
    expect(takeoversIn(claims, new Map([['.1', 'a']]))).toEqual([claims[2], claims[3]])
  })

  it('counts a takeover that comes first of all, for it knows who held the address', () => {
    expect(takeoversIn([{ address: '.1', atMs: 0, mac: 'b' }], new Map([['.1', 'a']]))).toHaveLength(1)
  })

  it('tells the silence between the heartbeats of each speaker by what the one before it had promised', () => {
    const beats = [
      { mac: 'a', atMs: 0, promisedMs: 50 },
      { mac: 'b', atMs: 10, promisedMs: 50 },
      { mac: 'a', atMs: 70, promisedMs: 90 },
      { mac: 'a', atMs: 150, promisedMs: 50 },
    ]
    expect(silencesIn(beats)).toEqual([
      { mac: 'a', sinceMs: 0, ms: 70, promisedMs: 50 },
      { mac: 'a', sinceMs: 70, ms: 80, promisedMs: 90 },
    ])
  })
})

describe('what the Speaker objects tell', () => {
  const speaker = (since: string) => {
    const status = {
      announcing: [{ address: '.1', mac: 'a', since }],
      peers: [{ node: 'node-2', since }],
    }
    return { metadata: { name: 'node-1' }, status }
  }
  const moment = '2026-01-01T00:00:00.000Z'

  it('is nothing while every `since` stays the same, but for what a clock is corrected by', () => {
    const notes = new SpeakerNotes()
    notes.note(speaker(moment))
    notes.forget()
    notes.note(speaker('2026-01-01T00:00:00.003Z'))
    expect(notes.told).toEqual({ begun: [], missed: [] })
  })

  it('is what began, and who was missed, when one is later', () => {
    const notes = new SpeakerNotes()
    notes.note(speaker(moment))
    notes.forget()
    notes.note(speaker('2026-01-01T00:00:05.000Z'))
    expect(notes.told).toEqual({ begun: ['.1 at node-1'], missed: ['node-2 by node-1'] })
  })
})

describe('rates and counts', () => {
  it('are of a second, and none where no time has passed', () => {
    expect(rateOf(500, 250)).toBe(2000)
    expect(rateOf(5, 0)).toBe(0)
  })

  it('leave out what was there before, other clients, and what did not happen', () => {
    const line = (userAgent: string, verb: string, count: number) => ({
      verb,
      resource: 'leases',
      userAgent,
      count,
    })
    const before = [line('lanlord-controller', 'patch', 7), line('lanlord-speaker', 'get', 2)]
    const after = [
      line('lanlord-controller', 'patch', 9),
      line('lanlord-speaker', 'get', 2),
      line('kubectl', 'get', 4),
    ]
    expect(requestsSince(before, after, 'lanlord-')).toEqual([line('lanlord-controller', 'patch', 2)])
  })
})
