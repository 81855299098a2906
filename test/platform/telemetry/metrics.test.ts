import { describe, expect, it } from 'vitest'
import { Metrics } from '../../../src/platform/telemetry/metrics.ts'

describe('metrics', () => {
  it('carry the prefix, labels and buckets', async () => {
    const metrics = new Metrics()
    metrics
      .counter('frames_total', 'Frames by what became of them.', ['outcome'])
      .inc({ outcome: 'answered' }, 3)
    metrics.gauge('addresses', 'Addresses announced here.').set(2)
    metrics.histogram('write_seconds', 'Time of a status write.', [0.01, 0.1]).observe(0.05)
    const text = await metrics.registry.metrics()
    expect(text).toContain('lanlord_frames_total{outcome="answered"} 3')
    expect(text).toContain('lanlord_addresses 2')
    expect(text).toContain('lanlord_write_seconds_bucket{le="0.1"} 1')
  })

  it('end in _total if and only if they count', () => {
    const metrics = new Metrics()
    expect(() => metrics.counter('frames', '')).toThrow('must end in _total')
    expect(() => metrics.gauge('frames_total', '')).toThrow('must not end in _total')
  })

  it('of two registries in one process do not mix', async () => {
    const [one, other] = [new Metrics(), new Metrics()]
    one.gauge('addresses', 'x').set(1)
    expect(await other.registry.metrics()).not.toContain('lanlord_addresses')
  })
})
