import { describe, expect, it } from 'vitest'
import { answeredTwice as answeredTwiceIn } from '../../../src/core/allocation/answered-twice.ts'
import type { Announcement, OtherAnswerer } from '../../../src/core/allocation/answered-twice.ts'
import { announcedVerdict, tellsOfOthers } from '../../../src/core/allocation/announced-verdict.ts'
import { statusPatch } from '../../../src/core/allocation/standing.ts'
import type { AddressOnLan } from '../../../src/core/allocation/announced-verdict.ts'
import { readService } from '../../../src/core/allocation/service.ts'
import { addresses } from './build.ts'

/** By ARP, unless a test says otherwise. */
function answeredTwice(announcedBy: readonly Announcement[]): string | undefined {
  return answeredTwiceIn(announcedBy, 'IPv4')
}

function by(node: string, ...others: readonly OtherAnswerer[]): Announcement {
  return { node, interface: 'eth0', others }
}

function nodeMac(number: number): OtherAnswerer {
  return { node: `node-${number}`, mac: `02:00:00:00:00:0${number}` }
}

const stranger = { node: undefined, mac: '06:00:00:00:00:99' }

describe('who else answers for an address', () => {
  it('is nobody where no announcer heard anybody', () => {
    expect(answeredTwice([])).toBeUndefined()
    expect(answeredTwice([by('node-1')])).toBeUndefined()
  })

  it('is a node of the cluster: named with its MAC, why it answers and what would mend it', () => {
    expect(answeredTwice([by('node-1', nodeMac(2))])).toBe(
      'node-2 (02:00:00:00:00:02) answers ARP for it, too: the address is bound on an interface there; ' +
        "set strictARP: true in kube-proxy's configuration if that is in IPVS mode, " +
        'or net.ipv4.conf.all.arp_ignore=1 and net.ipv4.conf.all.arp_announce=2 on the node',
    )
  })

  it('is a device that no node knows: another mend', () => {
    expect(answeredTwice([by('node-1', stranger)])).toBe(
      '06:00:00:00:00:99, no node of this cluster, answers ARP for it, too; ' +
        'take the address off that device, or exclude it from the AddressPool',
    )
  })

  it('is a device that claims it again and again: what is done about that, beside the mend', () => {
    const words = answeredTwice([by('node-1', { ...stranger, insists: true })])
    expect(words).toBe(
      '06:00:00:00:00:99, no node of this cluster, claims it again and again: ' +
        'that is answered once in ten seconds at the most, and clients may be led there meanwhile; ' +
        'take the address off that device, or exclude it from the AddressPool',
    )
    expect(answeredTwice([by('node-1', { ...nodeMac(2), insists: true })])).toContain('strictARP')
  })

  it('is told of in the words of the family: by NDP no kernel answers for what is bound on another interface', () => {
    expect(answeredTwiceIn([by('node-1', nodeMac(2), stranger)], 'IPv6')).toBe(
      'node-2 (02:00:00:00:00:02) answers NDP for it, too: the address is bound on its interface on the LAN; ' +
        'take it off there; 06:00:00:00:00:99, no node of this cluster, answers NDP for it, too; ' +
        'take the address off that device, or exclude it from the AddressPool',
    )
  })

  it('is several such devices: the same in the plural', () => {
    const both = answeredTwice([by('node-1', stranger, { node: undefined, mac: '06:00:00:00:00:98' })])
    expect(both).toMatch(
      /^06:00:00:00:00:98 and 06:00:00:00:00:99, no nodes of this cluster, answer ARP for it, too;/,
    )
  })

  it('is the same text for the same ones, in whatever order they were heard', () => {
    const some = [nodeMac(2), nodeMac(3), stranger]
    const text = answeredTwice([by('node-1', ...some)])
    expect(text).toMatch(
      /^node-2 \(02:00:00:00:00:02\) and node-3 \(02:00:00:00:00:03\) answer ARP.*; 06:00:00/,
    )
    expect(answeredTwice([by('node-1', ...some.toReversed())])).toBe(text)
  })

  it('is counted, not listed, beyond the third', () => {
    const many = [2, 3, 4, 5, 6].map(nodeMac)
    expect(answeredTwice([by('node-1', ...many)])).toMatch(
      /^node-2 .*, node-3 .*, node-4 \(\S+\) and 2 more answer/,
    )
  })

  it('is told once when it is heard on two interfaces', () => {
    const twice = [by('node-1', stranger), { ...by('node-1', stranger), interface: 'eth1' }]
    expect(answeredTwice(twice)).toBe(answeredTwice([by('node-1', stranger)]))
  })

  it('is another speaker where two announce it and each hears the other answer: they do not hear each other', () => {
    const text = answeredTwice([by('node-1', nodeMac(2)), by('node-2', nodeMac(1))])
    expect(text).toBe(
      'the speakers of node-1 (02:00:00:00:00:01) and node-2 (02:00:00:00:00:02) do not hear each other, ' +
        'and each announces it; let UDP to 224.0.0.254 (or to ff02::114, where there is no IPv4) port 4114 pass between the nodes',
    )
  })

  it('is nobody while it moves to the node that was heard to answer', () => {
    expect(answeredTwice([by('node-1', nodeMac(2)), by('node-2')])).toBeUndefined()
  })
})

describe('the condition Announced of an address that is answered twice', () => {
  const [four, six] = addresses('10.0.0.1,fd00::1')
  const onLan = (more: Partial<AddressOnLan>): AddressOnLan => {
    const common = { placedOn: 'node-1', obstacle: undefined, isServed: true, announcedBy: [] }
    return { address: four!, ...common, ...more }
  }
  const twice = onLan({ announcedBy: [by('node-1', stranger)] })

  it('stays True, for clients reach it, with a reason of its own and both answerers', () => {
    expect(announcedVerdict([twice])).toMatchObject({
      status: 'True',
      reason: 'AnsweredTwice',
      message: expect.stringMatching(/^10\.0\.0\.1 by node-1 on eth0, but 06:00:00:00:00:99, no node/),
    })
  })

  it('is not True while another address of the Service is not announced, whose reason comes first', () => {
    expect(announcedVerdict([twice, onLan({})])).toMatchObject({ status: 'False', reason: 'Pending' })
  })

  it('tells first of the other address of the Service, if nobody announces that one', () => {
    const both = announcedVerdict([twice, onLan({ address: six! })])
    expect(both).toMatchObject({ status: 'False', reason: 'Pending' })
  })

  /** The conditions of a Service to which this verdict was written. */
  function written(onLan: readonly AddressOnLan[]) {
    const service = readService({ metadata: { name: 'web' } })
    const decision = { kind: 'keep', addresses: [four!], pool: 'lab' } as const
    const patch = statusPatch(service, decision, announcedVerdict(onLan), '2024-05-05T00:00:00Z')
    return patch?.conditions ?? []
  }

  it('is written as a condition like any other', () => {
    const condition = written([twice]).find(({ type }) => type === 'lanlord.dev/Announced')
    expect(Object.keys(condition ?? {})).toEqual([
      'type',
      'status',
      'reason',
      'message',
      'lastTransitionTime',
    ])
  })

  it('is news where it was not said before, or not of all who answer', () => {
    const alone = onLan({ announcedBy: [by('node-1')] })
    const both = onLan({ announcedBy: [by('node-1', stranger, nodeMac(2))] })
    const isNews = (now: AddressOnLan, before: readonly AddressOnLan[]): boolean =>
      tellsOfOthers(announcedVerdict([now])!, written(before))
    expect(isNews(alone, [])).toBe(false)
    expect(isNews(twice, [])).toBe(true)
    expect(isNews(twice, [alone])).toBe(true)
    expect(isNews(both, [twice])).toBe(true)
    expect(isNews(twice, [twice])).toBe(false)
  })

  it('is no news when only the node is another one that announces it', () => {
    const moved = onLan({ announcedBy: [by('node-1', stranger), by('node-3')] })
    expect(tellsOfOthers(announcedVerdict([moved])!, written([twice]))).toBe(false)
  })
})
