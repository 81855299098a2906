import { describe, expect, it } from 'vitest'
import { linesOf, namespace, now, plan, pool, service } from './build.ts'

describe('a plan', () => {
  it('says for each Service what the controller would do', () => {
    const files = [
      [
        pool('lab', '10.0.0.1-10.0.0.3'),
        service('a/holds', { holds: '10.0.0.1' }),
        service('a/new'),
        service('a/asks', { annotations: { 'lanlord.dev/addresses': '10.0.0.1' } }),
        service('a/plain', { spec: { type: 'ClusterIP' } }),
        service('a/was-ours', { holds: '10.0.0.3', spec: { type: 'ClusterIP' } }),
        service('a/theirs', { spec: { loadBalancerClass: 'example.com/other' } }),
      ],
    ]
    expect(linesOf(plan(files))).toEqual([
      'a/holds keep 10.0.0.1',
      'a/new assign 10.0.0.2',
      'a/asks refuse AddressInUse',
      'a/plain ignore',
      'a/was-ours release',
      'a/theirs ignore',
    ])
    expect(plan(files).services.map(({ reason }) => reason)).toEqual([
      'Assigned',
      'Assigned',
      'AddressInUse',
      'NotLoadBalancer',
      'Released',
      'OtherClass',
    ])
  })

  it('leaves Services without a class alone when it is told to', () => {
    const { services } = plan([[pool('lab', '10.0.0.1'), service('a/a')]], { classLess: false })
    expect(services).toMatchObject([{ decision: 'ignore', reason: 'ClassLess' }])
  })

  it('serves those that nobody has stored yet after all others, in the order of the files', () => {
    const old = service('a/old', { createdAt: '2025-01-01T00:00:00Z' })
    const files = [
      [pool('lab', '10.0.0.1-10.0.0.3'), service('a/z'), service('a/b')],
      [service('a/a'), old],
    ]
    expect(linesOf(plan(files))).toEqual([
      'a/z assign 10.0.0.2',
      'a/b assign 10.0.0.3',
      'a/a refuse PoolExhausted',
      'a/old assign 10.0.0.1',
    ])
  })

  it('serves a dozen of them in the order of the files, too', () => {
    const names = Array.from({ length: 12 }, (_, at) => `a/${'zyxwvutsrqpo'[at]}`)
    const files = [[pool('lab', '10.0.0.1-10.0.0.12'), ...names.map((name) => service(name))]]
    expect(linesOf(plan(files))).toEqual(names.map((name, at) => `${name} assign 10.0.0.${at + 1}`))
  })

  it('counts the pools as their status would', () => {
    const [lab] = plan([[pool('lab', '10.0.0.1-10.0.0.3,fd00::1'), service('a/a')]]).pools
    expect(lab).toEqual({
      name: 'lab',
      ready: true,
      reason: 'Accepted',
      message: expect.any(String),
      ipv4: { total: 3, allocated: 1, retained: 0, quarantined: 0, available: 2 },
      ipv6: { total: 1, allocated: 0, retained: 0, quarantined: 0, available: 1 },
    })
  })

  it('takes of two pools that overlap the one that comes first in the files for the older', () => {
    const { pools } = plan([[pool('z', '10.0.0.1'), pool('a', '10.0.0.1')]])
    expect(pools.map(({ ready, reason }) => [ready, reason])).toEqual([
      [true, 'Accepted'],
      [false, 'Overlaps'],
    ])
  })

  it('shows a pool that the API server takes though its addresses cannot be read as the condition would', () => {
    const { services, pools } = plan([
      [pool('bad', 'fd00::9-fd00::1'), pool('lab', '10.0.0.1'), service('a/a')],
    ])
    expect(pools[0]).toMatchObject({
      ready: false,
      reason: 'InvalidAddresses',
      message: expect.stringContaining('ends before it begins'),
    })
    expect(services).toMatchObject([{ decision: 'assign', addresses: ['10.0.0.1'] }])
  })

  it('fills in the families of a Service as the API server does', () => {
    const both = pool('lab', '10.0.0.1-10.0.0.9,fd00::1-fd00::9')
    const families = (spec: object) => linesOf(plan([[both, service('a/a', { spec })]]))
    expect(families({})).toEqual(['a/a assign 10.0.0.1'])
    expect(families({ ipFamilyPolicy: 'RequireDualStack' })).toEqual(['a/a assign 10.0.0.1 fd00::1'])
    expect(families({ ipFamilyPolicy: 'PreferDualStack', ipFamilies: ['IPv6'] })).toEqual([
      'a/a assign fd00::1 10.0.0.1',
    ])
  })

  it('knows the labels of namespaces, and of one that is in no file only its name', () => {
    const gold = pool('gold', '10.0.0.1-10.0.0.9', {
      namespaceSelectors: [{ matchLabels: { tier: 'gold' } }],
    })
    const named = pool('named', '10.1.0.1', {
      namespaceSelectors: [{ matchLabels: { 'kubernetes.io/metadata.name': 'b' } }],
    })
    const found = plan([
      [gold, named, namespace('a', { tier: 'gold' }), service('a/a'), service('b/b'), service('c/c')],
    ])
    expect(linesOf(found)).toEqual(['a/a assign 10.0.0.1', 'b/b assign 10.1.0.1', 'c/c refuse NotAdmitted'])
    expect(found.unknownNamespaces).toEqual(['b', 'c'])
    expect(plan([[gold, service('a/a'), namespace('a')]]).unknownNamespaces).toEqual([])
  })

  it('keeps an address for the Service that had it, as the pool remembers', () => {
    const remembered = [{ address: '10.0.0.1', service: 'a/was', freedAt: '2026-02-28T23:59:00Z' }]
    const kept = { ...pool('lab', '10.0.0.1', { retain: '5m' }), status: { remembered } }
    expect(linesOf(plan([[kept, service('a/other')]]))).toEqual(['a/other refuse PoolExhausted'])
    expect(linesOf(plan([[kept, service('a/was')]]))).toEqual(['a/was assign 10.0.0.1'])
    expect(linesOf(plan([[kept, service('a/other')]], { now: now + 600_000 }))).toEqual([
      'a/other assign 10.0.0.1',
    ])
  })

  it('keeps it also when all that is left of the Service is that a node announces its address', () => {
    const addresses = [{ address: '10.0.0.1', revision: 1, pool: 'lab', services: ['a/was'] }]
    const speaker = {
      apiVersion: 'lanlord.dev/v1beta1',
      kind: 'Speaker',
      metadata: { name: 'node-1' },
      spec: { revision: 1, addresses },
    }
    const lab = pool('lab', '10.0.0.1-10.0.0.2', { retain: '5m' })
    expect(linesOf(plan([[lab, speaker, service('a/other')]]))).toEqual(['a/other assign 10.0.0.2'])
  })

  it('reads the annotations of others when it is told to', () => {
    const asks = service('a/a', { annotations: { 'metallb.io/loadBalancerIPs': '10.0.0.7' } })
    const files = [[pool('lab', '10.0.0.1-10.0.0.9'), asks]]
    const compatibility = { metallb: true, kubeVip: false }
    expect(linesOf(plan(files))).toEqual(['a/a assign 10.0.0.1'])
    expect(linesOf(plan(files, { compatibility }))).toEqual(['a/a assign 10.0.0.7'])
  })

  it('remarks on what is legal and surely unmeant, of Services and of pools', () => {
    const node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'node-1' },
      status: {
        addresses: [
          { type: 'InternalIP', address: '10.0.0.2' },
          { type: 'Hostname', address: 'node-1' },
        ],
      },
    }
    const typo = service('a/a', { annotations: { 'lanlord.dev/adresses': '10.0.0.7' } })
    const { services, pools } = plan([[pool('lab', '10.0.0.1-10.0.0.9'), node, typo]])
    expect(services).toMatchObject([{ remarks: [{ reason: 'UnknownAnnotation' }] }])
    expect(pools).toMatchObject([{ remarks: [{ reason: 'NodeAddress' }] }])
    expect(plan([[pool('lab', '10.0.0.1'), service('a/a')]]).services[0]).not.toHaveProperty('remarks')
    const picky = pool('lab', '10.0.0.1', { l2: { nodeSelectors: [{ matchLabels: { rack: 'a' } }] } })
    expect(plan([[picky, node]]).pools).toMatchObject([{ remarks: [{ reason: 'ChoosesNoNode' }] }])
  })
})

describe('a plan with some of the Services only', () => {
  it('is told by the pool, which knows of more', () => {
    const usage = { total: 9, allocated: 2, retained: 0, quarantined: 0, available: 7 }
    const lab = { ...pool('lab', '10.0.0.1-10.0.0.9'), status: { ipv4: usage } }
    const both = [service('a/1', { holds: '10.0.0.1' }), service('a/2', { holds: '10.0.0.2' })]
    expect(plan([[lab, ...both.slice(1)]]).shortOfServices).toEqual(['lab'])
    expect(plan([[lab, ...both]]).shortOfServices).toEqual([])
  })
})

describe('an edit', () => {
  const lab = pool('lab', '10.0.0.1-10.0.0.9', {}, { creationTimestamp: '2025-01-01T00:00:00Z' })
  const one = service('a/1', { holds: '10.0.0.1' })
  const two = service('a/2', { holds: '10.0.0.2' })

  it('shows what it changes, and what was before', () => {
    const after = plan([[lab, one, two], [pool('lab', '10.0.0.2-10.0.0.9')]])
    expect(linesOf(after)).toEqual(['a/1 assign 10.0.0.1 -> 10.0.0.3', 'a/2 keep 10.0.0.2'])
    expect(after.services[0]?.before).toEqual({
      decision: 'keep',
      addresses: ['10.0.0.1'],
      pool: 'lab',
      reason: 'Assigned',
      message: '10.0.0.1 from AddressPool lab',
    })
    expect(after.services[1]).not.toHaveProperty('before')
  })

  it('changes nothing when it says the same again', () => {
    expect(
      linesOf(
        plan([
          [lab, one, two],
          [lab, one, two],
        ]),
      ),
    ).toEqual(['a/1 keep 10.0.0.1', 'a/2 keep 10.0.0.2'])
  })

  it('of a manifest leaves the age, the status and the families of an object as they are', () => {
    const older = pool('older', '10.0.0.1', {}, { creationTimestamp: '2024-01-01T00:00:00Z' })
    const spec = { ipFamilies: ['IPv6'], ipFamilyPolicy: 'SingleStack' }
    const six = service('a/six', { spec, createdAt: '2025-01-01T00:00:00Z' })
    const edits = [
      pool('older', '10.0.0.1,fd00::1'),
      service('a/six', { annotations: { 'lanlord.dev/pool': 'older' } }),
    ]
    const after = plan([[older, six], edits])
    expect(linesOf(after)).toEqual(['a/six assign  -> fd00::1'])
    for (const createdAt of [undefined, '2025-01-01T00:00:00Z']) {
      const { status: _none, ...bare } = service('a/1', createdAt ? { createdAt } : {}) as {
        readonly status: object
      }
      expect(linesOf(plan([[lab, one], [bare]]))).toEqual(['a/1 keep 10.0.0.1'])
    }
  })

  it('does not make a pool younger', () => {
    const age = (year: number) => ({ creationTimestamp: `${year}-01-01T00:00:00Z` })
    const both = [pool('old', '10.0.0.1', {}, age(2024)), pool('young', '10.1.0.1', {}, age(2025))]
    const { pools } = plan([both, [pool('old', '10.0.0.1,10.1.0.1')]])
    expect(pools.map(({ ready }) => ready)).toEqual([true, false])
  })

  it('of retain counts at once', () => {
    const remembered = [{ address: '10.0.0.1', service: 'a/was', freedAt: '2026-02-28T23:59:00Z' }]
    const kept = { ...pool('lab', '10.0.0.1', { retain: '5m' }), status: { remembered } }
    const after = plan([[kept, service('a/waits')], [pool('lab', '10.0.0.1', { retain: '30s' })]])
    expect(linesOf(after)).toEqual(['a/waits assign  -> 10.0.0.1'])
  })

  it('brings new Services and pools with it', () => {
    const after = plan([[lab, one], [pool('lab', '10.0.0.1'), service('a/2')], [pool('more', '10.1.0.1')]])
    expect(linesOf(after)).toEqual(['a/1 keep 10.0.0.1', 'a/2 assign new -> 10.1.0.1'])
  })

  it('may come in several files, and what comes last holds', () => {
    const edits = [[pool('lab', '10.0.0.1')], [pool('lab', '10.0.0.2-10.0.0.3')]]
    const after = plan([[lab, one, two], ...edits])
    expect(linesOf(after)).toEqual(['a/1 assign 10.0.0.1 -> 10.0.0.3', 'a/2 keep 10.0.0.2'].toSorted())
  })

  it('says what a Service has lost also when a later one is of the Service itself', () => {
    const edits = [[pool('lab', '10.0.0.2-10.0.0.9')], [service('a/1', { metadata: { labels: { a: 'b' } } })]]
    const [moved] = plan([[lab, one], ...edits]).services
    expect(moved?.message).toMatch(/^10\.0\.0\.2 from AddressPool lab, in place of 10\.0\.0\.1/)
  })

  it('of the labels of a namespace counts, too', () => {
    const gold = pool('gold', '10.0.0.1', { namespaceSelectors: [{ matchLabels: { tier: 'gold' } }] })
    const after = plan([[gold, namespace('a', { tier: 'gold' }), one], [namespace('a')]])
    expect(linesOf(after)).toEqual(['a/1 refuse 10.0.0.1 -> NotAdmitted'])
  })

  it('that deletes a pool in use shows that nobody loses an address', () => {
    const leaving = pool('lab', '10.0.0.1-10.0.0.9', {}, { deletionTimestamp: '2026-03-01T00:00:00Z' })
    const after = plan([
      [lab, one],
      [leaving, service('a/new')],
    ])
    expect(linesOf(after)).toEqual(['a/1 keep 10.0.0.1', 'a/new refuse new -> PoolDisabled'])
    expect(after.pools).toMatchObject([{ ready: false, reason: 'Leaving' }])
  })
})
