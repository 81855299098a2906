import { expect, it } from 'vitest'
import { quarantine } from '../../../src/core/allocation/allocation.ts'
import { ControllerMetrics } from '../../../src/programs/controller/controller-metrics.ts'
import { addresses, claim, cluster, put, remove, start } from '../../core/allocation/build.ts'
import { pool } from '../../core/pool/build.ts'

it('a controller tells how full pools are while it leads, and of no pool once another one does', async () => {
  const metrics = new ControllerMetrics()
  metrics.leading(true)
  metrics.observe(cluster([pool('lan', '10.0.0.1-10.0.0.4')], claim('shop/web')))
  const told = await metrics.metrics()
  expect(told).toContain('lanlord_pool_addresses{pool="lan",family="IPv4",state="available"} 3')
  expect(told).toContain('lanlord_services{reason="Assigned"} 1')
  expect(told).toContain('lanlord_pool_waiting_services{pool="lan"} 0')

  metrics.leading(false)
  const silent = await metrics.metrics()
  expect(silent).toContain('lanlord_controller_leading 0')
  expect(silent).not.toMatch(/^lanlord_(pool_|services)/m)
})

it('it tells which addresses are kept, which are in quarantine and how many Services wait for the pool', async () => {
  const metrics = new ControllerMetrics()
  const lan = pool('lan', '10.0.0.1-10.0.0.3', { retain: '1h' })
  const world = cluster([lan], claim('shop/web'), claim('shop/gone'))
  remove(world, 'shop/gone')
  const [address] = addresses('10.0.0.3')
  quarantine(world, address ? [{ address, mac: '02:00:00:00:00:01', seen: start }] : [], start)
  put(world, claim('shop/late'))
  metrics.observe(world)
  const told = await metrics.metrics()
  const of = (state: string): string => `lanlord_pool_addresses{pool="lan",family="IPv4",state="${state}"}`
  for (const state of ['allocated', 'retained', 'quarantined']) expect(told).toContain(`${of(state)} 1`)
  expect(told).toContain(`${of('available')} 0`)
  expect(told).toContain('lanlord_pool_waiting_services{pool="lan"} 1')
})
