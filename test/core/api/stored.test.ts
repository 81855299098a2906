import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAddressPool } from '../../../src/core/api/stored.ts'
import { admits, poolOf } from '../../../src/core/pool/pool.ts'

const metadata = {
  name: 'lan',
  uid: 'u-1',
  resourceVersion: '12',
  generation: 3,
  creationTimestamp: '2025-01-01T00:00:00Z',
}

describe('a stored pool', () => {
  it('is read with its defaults filled in', () => {
    expect(readAddressPool({ metadata, spec: { addresses: ['10.0.0.1'] } })).toEqual({
      ok: {
        metadata,
        status: undefined,
        spec: {
          addresses: ['10.0.0.1'],
          exclude: [],
          autoAssign: true,
          avoidBuggyIPs: false,
          disabled: false,
          priority: 0,
          sharing: 'Namespace',
          retain: '0s',
          l2: { enabled: true, interfaces: [], preferredNodes: [], rebalance: 'Manual', readiness: 'Wait' },
        },
      },
    })
  })

  it('tells a list of namespaces that was left out from one that is empty', () => {
    const spec = { addresses: ['10.0.0.1'] }
    expect(readAddressPool({ metadata, spec })).not.toHaveProperty('ok.spec.namespaces')
    expect(readAddressPool({ metadata, spec: { ...spec, namespaces: [] } })).toHaveProperty(
      'ok.spec.namespaces',
      [],
    )
  })

  it('is read with an address entry that nobody can read, so that the pool can say which one it is', () => {
    const spec = { addresses: ['10.0.0.1', 'fd00::9-fd00::1', 'x'], exclude: [''] }
    expect(readAddressPool({ metadata, spec })).toMatchObject({ ok: { spec } })
  })

  it('is read with more entries than may be written today', () => {
    const spec = { addresses: Array.from({ length: 300 }, () => '10.0.0.1') }
    expect(readAddressPool({ metadata, spec })).toMatchObject({ ok: { spec } })
  })

  it('is read with fields of another version', () => {
    const raw = { metadata, spec: { addresses: ['10.0.0.1'], future: 1 }, status: { future: 2 } }
    expect(readAddressPool(raw)).toMatchObject({ ok: { spec: { addresses: ['10.0.0.1'] }, status: {} } })
  })

  it('is read without a status that makes no sense', () => {
    const raw = { metadata, spec: { addresses: ['10.0.0.1'] }, status: { conditions: 'fine' } }
    expect(readAddressPool(raw)).toMatchObject({ ok: { status: undefined } })
  })

  it('that is only for Services with a label that none can have is for no Service', () => {
    const spec = JSON.parse(
      '{"addresses": ["10.0.0.1"], "serviceSelectors": [{"matchLabels": {"__proto__": "a"}}]}',
    ) as object
    const stored = readAddressPool({ metadata, spec })
    if (!('ok' in stored)) throw new Error(stored.problem)
    const anyone = { namespace: 'shop', namespaceLabels: {}, labels: {} }
    expect(admits(poolOf('lan', stored.ok.spec), anyone)).toBe(false)
  })

  it('that cannot be read is told with its metadata and the fields', () => {
    expect(readAddressPool({ metadata, spec: { addresses: [7], priority: 'high' } })).toEqual({
      metadata,
      problem: 'spec.addresses[0]: 7 is not a text; spec.priority: "high" is not a number',
    })
  })

  it('that cannot be read in many places is told in a few words', () => {
    const spec = { addresses: Array.from({ length: 200 }, () => 7) }
    const problem = 'problem' in readAddressPool({ metadata, spec }) && readAddressPool({ metadata, spec })
    expect(problem).toMatchObject({ problem: expect.stringMatching(/; and 195 more$/) })
  })

  it('is never a reason to throw', () => {
    fc.assert(
      fc.property(fc.anything(), (raw) => {
        expect(() => readAddressPool(raw)).not.toThrow()
        expect(() => readAddressPool({ metadata: raw, spec: raw, status: raw })).not.toThrow()
      }),
    )
  })
})
