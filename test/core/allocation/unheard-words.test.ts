import { describe, expect, it } from 'vitest'
import { announcedVerdict, tellsOfOthers } from '../../../src/core/allocation/announced-verdict.ts'
import type { AddressOnLan } from '../../../src/core/allocation/announced-verdict.ts'
import type { Unheard } from '../../../src/core/election/unheard.ts'
import { addresses } from './build.ts'

function onLan(unheard: Partial<Unheard> | undefined, more: Partial<AddressOnLan> = {}): AddressOnLan {
  const [address] = addresses('10.0.0.1')
  const full = { node: 'n1', result: 'Unanswered', witnesses: ['n2', 'n3'], others: [], ...unheard } as const
  return {
    address: address!,
    announcedBy: [{ node: 'n1', interface: 'eth0', others: [] }],
    placedOn: 'n1',
    obstacle: undefined,
    isServed: true,
    unheard: unheard && full,
    ...more,
  }
}

function said(...all: readonly AddressOnLan[]): string {
  const verdict = announcedVerdict(all)
  return `${verdict?.status} ${verdict?.reason} ${verdict?.message}`
}

const stranger = { mac: '02:00:00:00:00:09', node: undefined }

describe('the condition Announced of an address that its announcer does not answer for', () => {
  it('is False, with who says so and where to look', () => {
    expect(said(onLan({}))).toBe(
      'False Unanswered 10.0.0.1 by n1 on eth0, but nobody answers for it, though others answer n2 and n3; ' +
        'look for what keeps the answers of n1 from the LAN: a filter on the node, its bridge or its switch port',
    )
  })

  it('names the device that answers in its place', () => {
    const elsewhere = { result: 'AnsweredElsewhere', others: [stranger] } as const
    expect(said(onLan(elsewhere))).toContain(
      'False AnsweredElsewhere 10.0.0.1 by n1 on eth0, but 02:00:00:00:00:09, no node of this cluster, ' +
        'answers for it in its place, as n2 and n3 find; take the address off there, and look for',
    )
  })

  it('names the nodes that do, and of many only some', () => {
    const nodes = ['n5', 'n6', 'n7', 'n8'].map((node, at) => ({ mac: `02:00:00:00:00:0${at}`, node }))
    const words = said(onLan({ result: 'AnsweredElsewhere', others: nodes, witnesses: ['n2'] }))
    expect(words).toContain(
      'n5 (02:00:00:00:00:00), n6 (02:00:00:00:00:01), n7 (02:00:00:00:00:02) and 1 more answer',
    )
    expect(words).toContain('as n2 finds')
  })

  it('is as it was where another node announces it by now', () => {
    const moved = [{ node: 'n2', interface: 'eth0', others: [] }]
    expect(said(onLan({}, { announcedBy: moved }))).toBe('True Announced 10.0.0.1 by n2 on eth0')
  })

  it('says of two addresses what is worse, and whom to warn of what', () => {
    const twice = onLan({ result: 'AnsweredTwice', others: [stranger] })
    const pending = onLan(undefined, { announcedBy: [] })
    expect(announcedVerdict([twice, onLan({})])).toMatchObject({
      reason: 'Unanswered',
      concern: 'Unanswered',
    })
    expect(announcedVerdict([pending, twice])).toMatchObject({ reason: 'Pending', concern: 'AnsweredTwice' })
    expect(announcedVerdict([onLan(undefined)])).toMatchObject({ concern: 'Announced', others: [] })
  })

  it('is worth an Event once', () => {
    const verdict = announcedVerdict([onLan({})])!
    expect(tellsOfOthers(verdict, [])).toBe(true)
    expect(tellsOfOthers(verdict, [{ ...verdict, lastTransitionTime: '' }])).toBe(false)
  })
})

describe('the condition Announced of an address that somebody else answers for, too', () => {
  const twice = { result: 'AnsweredTwice', others: [stranger] } as const

  it('says so where only others hear it', () => {
    expect(said(onLan(twice))).toContain(
      'True AnsweredTwice 10.0.0.1 by n1 on eth0, but 02:00:00:00:00:09, no node of this cluster, answers ARP for it, too',
    )
  })

  it('says what the announcer itself hears, where it hears anything', () => {
    const others = [{ mac: '02:00:00:00:00:0a', node: undefined }]
    const words = said(onLan(twice, { announcedBy: [{ node: 'n1', interface: 'eth0', others }] }))
    expect(words).toContain('02:00:00:00:00:0a')
    expect(words).not.toContain('02:00:00:00:00:09')
  })
})
