import { expect, it } from 'vitest'
import { ControllerMetrics } from '../../../src/programs/controller/controller-metrics.ts'
import { claim, cluster } from '../../core/allocation/build.ts'
import { pool } from '../../core/pool/build.ts'

it('a controller tells how full pools are while it leads, and of no pool once another one does', async () => {
  const metrics = new ControllerMetrics()
  metrics.leading(true)
  metrics.observe(cluster([pool('lan', '10.0.0.1-10.0.0.4')], claim('shop/web')))
  const told = await metrics.metrics()
  expect(told).toContain('lanlord_pool_addresses{pool="lan",family="IPv4",state="available"} 3')
  expect(told).toContain('lanlord_services{reason="Assigned"} 1')

  metrics.leading(false)
  const silent = await metrics.metrics()
  expect(silent).toContain('lanlord_controller_leading 0')
  expect(silent).not.toMatch(/^lanlord_(pool_addresses|services)/m)
})
