import { describe, expect, it } from 'vitest'
import type { Decision } from '../../../src/core/allocation/decision.ts'
import { claimOf } from '../../../src/core/allocation/claim-of.ts'
import type { Remark } from '../../../src/core/allocation/remark.ts'
import { isAnswered, readService } from '../../../src/core/allocation/service.ts'
import type { ServiceCondition, ServiceObject } from '../../../src/core/allocation/service.ts'
import { announcedVerdict } from '../../../src/core/allocation/announced-verdict.ts'
import { allocatedVerdict, statusPatch } from '../../../src/core/allocation/standing.ts'
import type { AddressOnLan } from '../../../src/core/allocation/announced-verdict.ts'
import { addresses } from './build.ts'

const now = '2024-05-05T00:00:00Z'
const then = '2024-01-01T00:00:00Z'
const assign: Decision = { kind: 'assign', addresses: addresses('10.0.0.1'), pool: 'lab' }
const no: Decision = {
  kind: 'refuse',
  reason: 'PoolExhausted',
  message: 'full',
  keeps: [],
  pool: undefined,
  waitsFor: [],
}
const allocated = {
  type: 'lanlord.dev/Allocated',
  status: 'True',
  reason: 'Assigned',
  message: '10.0.0.1 from AddressPool lab',
  lastTransitionTime: then,
}
const ingress = [{ ip: '10.0.0.1', ipMode: 'VIP' }]

function patch(
  status: NonNullable<ServiceObject['status']>,
  decision: Decision,
  onLan: readonly AddressOnLan[] = [],
) {
  return statusPatch(
    readService({ metadata: { name: 'web' }, status }),
    decision,
    announcedVerdict(onLan),
    now,
  )
}

function onLan(more: Partial<AddressOnLan> = {}): AddressOnLan {
  const [address] = addresses('10.0.0.1')
  return {
    address: address!,
    announcedBy: [],
    placedOn: 'node-1',
    obstacle: undefined,
    isServed: true,
    ...more,
  }
}

describe('the condition Allocated', () => {
  it.each<[Decision, string]>([
    [assign, 'True Assigned 10.0.0.1 from AddressPool lab'],
    [
      { kind: 'keep', addresses: addresses('10.0.0.1'), pool: undefined },
      'True Assigned 10.0.0.1 kept though no AddressPool that can be read has it',
    ],
    [no, 'False PoolExhausted full'],
    [
      { ...no, keeps: addresses('10.0.0.1,fd00::1') },
      'False PoolExhausted full; keeps 10.0.0.1, fd00::1 meanwhile',
    ],
  ])('says what was decided (%#)', (decision, expected) => {
    const verdict = allocatedVerdict(decision)
    expect(`${verdict?.status} ${verdict?.reason} ${verdict?.message}`).toBe(expected)
  })

  it('ends with what there is to remark on', () => {
    const remarks: readonly Remark[] = [
      { reason: 'UnknownAnnotation', message: 'nobody reads lanlord.dev/x' },
      { reason: 'ContradictingAnnotations', message: 'one says a, and the other b' },
    ]
    expect(allocatedVerdict(assign, remarks)).toMatchObject({
      status: 'True',
      reason: 'Assigned',
      message: `10.0.0.1 from AddressPool lab; but nobody reads lanlord.dev/x; but one says a, and the other b`,
    })
    expect(allocatedVerdict({ ...no, keeps: addresses('10.0.0.1') }, remarks.slice(0, 1))).toMatchObject({
      status: 'False',
      message: 'full; keeps 10.0.0.1 meanwhile; but nobody reads lanlord.dev/x',
    })
    expect(allocatedVerdict({ kind: 'release' }, remarks)).toBeUndefined()
  })

  it('says which address was lost for as long as the one is kept that came in its place', () => {
    const moved: Decision = { ...assign, inPlaceOf: 'in place of 10.0.0.5, which it no longer lists' }
    const message = '10.0.0.1 from AddressPool lab, in place of 10.0.0.5, which it no longer lists'
    expect(allocatedVerdict(moved)).toMatchObject({ reason: 'Assigned', message })
    const keep: Decision = { kind: 'keep', addresses: addresses('10.0.0.1'), pool: 'lab' }
    const remark: Remark = { reason: 'UnknownAnnotation', message: 'nobody reads lanlord.dev/x' }
    const former = [{ ...allocated, message: `${message}; but nobody reads lanlord.dev/y` }]
    expect(allocatedVerdict(keep, [], former)?.message).toBe(message)
    expect(allocatedVerdict(keep, [remark], former)?.message).toBe(
      `${message}; but nobody reads lanlord.dev/x`,
    )
    const another: Decision = { ...keep, addresses: addresses('10.0.0.2') }
    expect(allocatedVerdict(another, [], former)?.message).toBe('10.0.0.2 from AddressPool lab')
    expect(allocatedVerdict(assign, [], former)?.message).toBe('10.0.0.1 from AddressPool lab')
    expect(allocatedVerdict(keep, [], [allocated])?.message).toBe(allocated.message)
  })

  it('is not there for a Service that is not ours', () => {
    expect(allocatedVerdict({ kind: 'release' })).toBeUndefined()
  })
})

describe('the condition Announced', () => {
  it.each<[Partial<AddressOnLan>, string, string]>([
    [
      {
        announcedBy: [
          { node: 'b', interface: 'eth0', others: [] },
          { node: 'a', interface: 'eth1', others: [] },
        ],
      },
      'Announced',
      '10.0.0.1 by a on eth1, b on eth0',
    ],
    [{ isServed: false }, 'NoEndpoints', '10.0.0.1 is announced once a Pod behind it is ready'],
    [{ obstacle: 'a and b are off' }, 'NoCandidate', 'no node may announce 10.0.0.1: a and b are off'],
    [{}, 'Pending', '10.0.0.1 is not announced yet; node-1 should announce it'],
    [{ placedOn: undefined }, 'Pending', '10.0.0.1 is not announced yet; no speaker is ready'],
    [
      { heldBackBy: { node: 'node-1', since: 'then', until: 'later', waitsFor: 'Forwarding' } },
      'Pending',
      '10.0.0.1 is not announced yet: node-1 waits until it forwards what comes for it, which its kube-proxy has to be ready for, since then and until later at the latest',
    ],
    [
      { heldBackBy: { node: 'node-1', since: 'then', until: 'later', waitsFor: 'Answers' } },
      'Pending',
      '10.0.0.1 is not announced yet: node-1 waits until it is known that nobody else on the LAN has it, since then and until later at the latest',
    ],
    [
      {
        announcedBy: [
          { node: 'b', interface: 'eth0', others: [], isUnproven: true },
          { node: 'b', interface: 'eth1', others: [], isUnproven: true },
          { node: 'a', interface: 'eth1', others: [], isUnproven: false },
        ],
      },
      'Announced',
      '10.0.0.1 by a on eth1, b on eth0, b on eth1, announced after 2 s though no connection from b to it had come about by then',
    ],
  ])('says who announces, or why nobody does (%#)', (more, reason, message) => {
    const verdict = announcedVerdict([onLan(more)])
    expect(verdict).toMatchObject({ reason, message, status: reason === 'Announced' ? 'True' : 'False' })
  })

  const wish = { node: 'node-2', isName: true, obstacle: undefined }
  const here = [{ node: 'node-1', interface: 'eth0', others: [] }]
  const asks = ', though lanlord.dev/preferred-node asks for node-2, which '
  it.each<[Partial<AddressOnLan>, string]>([
    [{ announcedBy: here, placedOn: 'node-2' }, '10.0.0.1 by node-1 on eth0'],
    [
      { announcedBy: here, wish: { ...wish, obstacle: 'does not exist' } },
      `10.0.0.1 by node-1 on eth0${asks}does not exist`,
    ],
    [{ announcedBy: here }, `10.0.0.1 by node-1 on eth0${asks}has no speaker that is ready`],
    [
      { announcedBy: here, isWishPresent: true },
      `10.0.0.1 by node-1 on eth0${asks}may announce it now: set the annotation anew to move it`,
    ],
    [
      { wish: { ...wish, obstacle: 'is cordoned' } },
      `10.0.0.1 is not announced yet; node-1 should announce it${asks}is cordoned`,
    ],
    [
      { isServed: false },
      `10.0.0.1 is announced once a Pod behind it is ready${asks}has no speaker that is ready`,
    ],
  ])('says why the address is not where its Services ask for it (%#)', (more, message) => {
    expect(announcedVerdict([onLan({ wish, ...more })])).toMatchObject({ message })
  })

  const [, six] = addresses('10.0.0.1,fd00::1')
  const by = [{ node: 'a', interface: 'eth0', others: [] }]
  it.each<[string, readonly AddressOnLan[], string, string]>([
    [
      'both are announced',
      [onLan({ announcedBy: by }), onLan({ address: six!, announcedBy: by })],
      'Announced',
      '10.0.0.1 by a on eth0; fd00::1 by a on eth0',
    ],
    [
      'one is not',
      [onLan({ announcedBy: by }), onLan({ address: six! })],
      'Pending',
      '10.0.0.1 by a on eth0; fd00::1 is not announced yet; node-1 should announce it',
    ],
    [
      'one may not be',
      [onLan({ announcedBy: by }), onLan({ address: six!, obstacle: 'a is off' })],
      'NoCandidate',
      '10.0.0.1 by a on eth0; no node may announce fd00::1: a is off',
    ],
  ])('speaks of the addresses of both families: %s', (_, onTheLan, reason, message) => {
    const status = reason === 'Announced' ? 'True' : 'False'
    expect(announcedVerdict(onTheLan)).toMatchObject({ status, reason, message })
  })

  it('is not there where there is no address', () => {
    expect(announcedVerdict([])).toBeUndefined()
  })
})

describe('the status that is written', () => {
  it('has the address with ipMode VIP and the conditions, beside those of others', () => {
    const other = { type: 'Other', status: 'True', reason: 'R', message: '', lastTransitionTime: then }
    expect(patch({ conditions: [other] }, assign)).toEqual({
      loadBalancer: { ingress },
      conditions: [other, { ...allocated, lastTransitionTime: now }],
    })
  })

  it('is nothing when the Service says so already, in whatever order', () => {
    const other = { ...allocated, type: 'Other' }
    expect(patch({ conditions: [allocated, other], loadBalancer: { ingress } }, assign)).toBeUndefined()
  })

  it('is nothing new when an old API server kept no ipMode', () => {
    expect(
      patch({ conditions: [allocated], loadBalancer: { ingress: [{ ip: '10.0.0.1' }] } }, assign),
    ).toBeUndefined()
  })

  it.each([
    [[{ ip: '10.0.0.2' }]],
    [[{ ip: '10.0.0.1', ipMode: 'Proxy' }]],
    [[{ ip: '10.0.0.1', hostname: 'x' }]],
    [[{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }]],
    [[]],
  ])('puts the address right where it is another (%j)', (wrong) => {
    expect(patch({ conditions: [allocated], loadBalancer: { ingress: wrong } }, assign)).toEqual({
      loadBalancer: { ingress },
    })
  })

  it('keeps the time of a condition whose status did not change', () => {
    const former = { ...allocated, message: 'old words' }
    expect(patch({ conditions: [former], loadBalancer: { ingress } }, assign)).toEqual({
      conditions: [allocated],
    })
  })

  it('takes the address away when the answer is no', () => {
    expect(patch({ conditions: [allocated], loadBalancer: { ingress } }, no)).toEqual({
      loadBalancer: { ingress: null },
      conditions: [
        {
          type: allocated.type,
          status: 'False',
          reason: 'PoolExhausted',
          message: 'full',
          lastTransitionTime: now,
        },
      ],
    })
  })

  it('is cleared of all that is ours when the Service is no longer ours', () => {
    expect(patch({ conditions: [allocated], loadBalancer: { ingress } }, { kind: 'release' })).toEqual({
      loadBalancer: { ingress: null },
      conditions: null,
    })
  })

  it.each<[string, Decision, readonly object[]]>([
    ['beside ours', assign, [{ ip: '10.0.0.1' }, { ip: '192.0.2.1', ipMode: 'Proxy', ports: [] }]],
    ['in the place of ours', assign, [{ ip: '192.0.2.1' }, { hostname: 'lb.example' }]],
    ['an address that we only speak of', { ...no, message: 'b/b has 192.0.2.1' }, [{ ip: '192.0.2.1' }]],
    [
      'beside one kept until then',
      { ...no, keeps: addresses('10.0.0.1,fd00::1') },
      [{ ip: 'fd00:0::1' }, { ip: '192.0.2.1' }, { ip: '10.0.0.1' }],
    ],
    ['beside one that no pool had', { ...assign, kind: 'keep', pool: undefined }, [{ ip: '10.0.0.1' }, {}]],
  ])('that we leave keeps what another controller wrote: %s', (_, given, stands) => {
    const condition = { ...allocatedVerdict(given)!, lastTransitionTime: then }
    const status = { conditions: [condition], loadBalancer: { ingress: stands } }
    const others = stands.filter((each) => !/"(10.0.0.1|fd00:0::1)"/.test(JSON.stringify(each)))
    expect(patch(status, { kind: 'release' })).toEqual({
      ...(others.length < stands.length && { loadBalancer: { ingress: others } }),
      conditions: null,
    })
  })

  it.each<[string, Decision]>([
    ['assigned', assign],
    ['refused', { ...no, keeps: addresses('10.0.0.1') }],
  ])('is cleared of ours and of nothing else where there was something to remark on: %s', (_, given) => {
    const remark: Remark = { reason: 'UnknownAnnotation', message: 'nobody reads lanlord.dev/x' }
    const condition = { ...allocatedVerdict(given, [remark])!, lastTransitionTime: then }
    const status = {
      conditions: [condition],
      loadBalancer: { ingress: [{ ip: '192.0.2.1' }, { ip: '10.0.0.1' }] },
    }
    expect(patch(status, { kind: 'release' })).toEqual({
      loadBalancer: { ingress: [{ ip: '192.0.2.1' }] },
      conditions: null,
    })
  })

  it.each(['ClusterIP', 'NodePort', 'ExternalName'])(
    'follows a Service that becomes one of type %s, and back',
    (type) => {
      const conditions = [allocated]
      const metadata = { name: 'web' }
      const gone = readService({ metadata, spec: { type }, status: { conditions } })
      const claim = claimOf(gone, { namespaceLabels: {}, arrival: 0, classLess: true })
      expect([claim.wantsLoadBalancer, isAnswered(gone)]).toEqual([false, true])
      expect(statusPatch(gone, { kind: 'release' }, undefined, now)).toEqual({ conditions: null })
      const back = readService({ metadata, spec: { type: 'LoadBalancer' }, status: {} })
      expect(statusPatch(back, assign, undefined, now)).toEqual({
        loadBalancer: { ingress },
        conditions: [{ ...allocated, lastTransitionTime: now }],
      })
    },
  )

  it('is written once for a remark, and once more when it is mended', () => {
    const service = (annotations: Record<string, string>, conditions: readonly ServiceCondition[]) =>
      readService({
        metadata: { name: 'web', annotations },
        status: { conditions, loadBalancer: { ingress } },
      })
    const wrong = { 'lanlord.dev/pol': 'lab' }
    const written = statusPatch(service(wrong, [allocated]), assign, undefined, now)
    const message =
      '10.0.0.1 from AddressPool lab; but nobody reads lanlord.dev/pol (did you mean lanlord.dev/pool?)'
    expect(written).toEqual({ conditions: [{ ...allocated, message }] })
    const conditions = written?.conditions ?? []
    expect(
      statusPatch(service(wrong, conditions), { ...assign, kind: 'keep' }, undefined, now),
    ).toBeUndefined()
    expect(statusPatch(service({}, conditions), assign, undefined, now)).toEqual({ conditions: [allocated] })
  })

  it('is nothing new when another controller, that knows nothing of it, finds which address was lost', () => {
    const message = '10.0.0.1 from AddressPool lab, in place of 10.0.0.5, which it no longer lists'
    const status = { conditions: [{ ...allocated, message }], loadBalancer: { ingress } }
    expect(patch(status, { ...assign, kind: 'keep' })).toBeUndefined()
  })

  it('of a Service that never was ours is left alone', () => {
    expect(patch({ loadBalancer: { ingress } }, { kind: 'release' })).toBeUndefined()
  })

  it('has the condition Announced beside it', () => {
    const written = patch({ conditions: [allocated], loadBalancer: { ingress } }, assign, [onLan()])
    expect(written?.conditions?.map(({ type }) => type)).toEqual([
      'lanlord.dev/Allocated',
      'lanlord.dev/Announced',
    ])
  })
})
