import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAddressPool, readSpeaker } from '../../../src/core/api/stored.ts'

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

describe('a stored Speaker', () => {
  it('that the controller has not written to announces nothing', () => {
    expect(readSpeaker({ metadata })).toMatchObject({ ok: { spec: { revision: 0, addresses: [] } } })
  })

  it('is read with what the controller and the speaker wrote', () => {
    const spec = {
      revision: 7,
      addresses: [{ address: '10.0.0.1', revision: 6, pool: 'lan', services: ['shop/web'] }],
    }
    const status = {
      node: 'node-1',
      announcing: [
        {
          address: '10.0.0.1',
          interface: 'eth0',
          mac: '02:00:00:00:00:01',
          since: '2025-01-01T00:00:00.123456Z',
          cause: 'placement',
        },
      ],
      count: 1,
      peerCount: 2,
      summary: '10.0.0.1',
      observedRevision: 7,
    }
    expect(readSpeaker({ metadata, spec, status })).toMatchObject({ ok: { spec, status } })
  })

  it('that cannot be read is told with its fields', () => {
    expect(readSpeaker({ metadata, spec: { revision: -1 } })).toEqual({
      metadata,
      problem: 'spec.revision: -1 is out of bounds; write at least 0',
    })
  })

  it('has no revision that a heartbeat could not carry', () => {
    const placed = (revision: number): unknown => ({
      address: '10.0.0.1',
      revision,
      pool: 'lan',
      services: [],
    })
    const [greatest, tooGreat] = [2 ** 48 - 1, 2 ** 48]
    const sound = { revision: greatest, addresses: [placed(greatest)] }
    expect(readSpeaker({ metadata, spec: sound })).toMatchObject({ ok: { spec: sound } })
    for (const spec of [{ revision: tooGreat }, { addresses: [placed(tooGreat)] }]) {
      const { problem } = readSpeaker({ metadata, spec }) as { problem: string }
      expect(problem).toContain('281474976710656 is out of bounds; write at most 281474976710655')
    }
  })
})
