import { expect, test } from 'vitest'
import { poolStatusPatch } from '../../../src/core/allocation/pool-status.ts'
import type { StandingPool } from '../../../src/core/allocation/pool-status.ts'
import { unreadablePool } from '../../../src/core/pool/pool.ts'
import { pool } from '../pool/build.ts'
import { claim, cluster } from './build.ts'

const [before, now] = ['2024-01-01T00:00:00Z', '2024-01-02T00:00:00Z']
const fresh: StandingPool = { status: {}, generation: 1 }

/** What is written about a pool with two addresses of which one is given, over what stands there. */
function patch(standing: StandingPool, lab = pool('lab', '10.0.0.1-10.0.0.2')) {
  return poolStatusPatch(lab, cluster([lab], claim('a/a')).ledger, standing, now)
}

function readyCondition(status: 'True' | 'False') {
  return { type: 'Ready', status, reason: '', message: '', lastTransitionTime: before, observedGeneration: 1 }
}

test('the status of a pool counts its addresses and says that it is ready', () => {
  expect(patch(fresh)).toMatchObject({
    ipv4: { total: 2, allocated: 1, available: 1 },
    ipv6: { total: 0 },
    conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: now, observedGeneration: 1 }],
  })
})

test('nothing is written when it says so already, in whatever order', () => {
  const { ipv4, ipv6, conditions = [] } = patch(fresh) ?? {}
  expect(ipv4 && ipv6 && patch({ status: { conditions, ipv6, ipv4 }, generation: 1 })).toBeUndefined()
})

test('a condition keeps the time of its last change, and conditions of others stay', () => {
  const other = { ...readyCondition('True'), type: 'example.com/Seen' }
  const stands = (status: 'True' | 'False') => ({
    status: { conditions: [readyCondition(status), other] },
    generation: 2,
  })
  const wanted = { type: 'Ready', status: 'True', observedGeneration: 2 }
  expect(patch(stands('True'))?.conditions).toMatchObject([other, { ...wanted, lastTransitionTime: before }])
  expect(patch(stands('False'))?.conditions).toMatchObject([other, { ...wanted, lastTransitionTime: now }])
})

test('a pool that cannot be read says why', () => {
  const message = 'spec.addresses: is missing'
  expect(patch(fresh, unreadablePool('lab', message))?.conditions).toMatchObject([
    { status: 'False', reason: 'InvalidSpec', message },
  ])
})
