import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressPoolSpec } from '../../../src/core/api/address-pool.ts'
import { validateSpec } from '../../../src/core/api/validate.ts'
import { impossibilityOf } from '../../../src/core/pool/impossible.ts'
import { settleOverlaps } from '../../../src/core/pool/overlap.ts'
import { poolOf } from '../../../src/core/pool/pool.ts'
import type { Pool } from '../../../src/core/pool/pool.ts'
import { poolRemarks } from '../../../src/core/pool/remarks.ts'
import { matches } from '../../../src/core/pool/selector.ts'
import { slipsIn } from '../../../src/core/pool/slips.ts'
import { olderPool, unsoundPools } from '../../e2e/unsound-pools.ts'
import { readAddressPool } from '../../../src/core/api/stored.ts'

/** As the controller reads it, beside the older one. */
function read(spec: object): Pool {
  const stored = readAddressPool({ metadata: { name: 'unsound' }, spec })
  if (!('ok' in stored)) throw new Error(stored.problem)
  const older = poolOf(olderPool.name, addressPoolSpec.parse(olderPool.spec))
  return settleOverlaps([older, poolOf('unsound', stored.ok.spec)])[1] as Pool
}

describe('a pool that the API server stores and that', () => {
  it.each(unsoundPools.filter(({ type }) => type === 'Ready'))(
    '$wrong is not ready',
    ({ spec, reason, says }) => {
      expect(read(spec).state).toMatchObject({ ready: false, reason, message: expect.stringContaining(says) })
    },
  )

  it.each(unsoundPools.filter(({ type }) => type === 'Sound'))(
    '$wrong is not sound',
    ({ spec, reason, says }) => {
      expect(validateSpec('AddressPool', { spec })).toEqual([])
      expect(read(spec).state.ready).toBe(true)
      expect(poolRemarks(read(spec), [])).toEqual([{ reason, message: expect.stringContaining(says) }])
    },
  )

  it.each<[string, object]>([
    [
      'lists one address before its network, to give it out first',
      { addresses: ['10.89.0.9', '10.89.0.0/28'] },
    ],
    ['cuts what is special off', { addresses: ['223.255.255.0-224.0.0.9'], exclude: ['224.0.0.0/4'] }],
    [
      'excludes more than it lists, but not all',
      { addresses: ['10.89.0.0/24'], exclude: ['10.88.255.0-10.89.0.9'] },
    ],
    [
      'lists only what routers answer for',
      { addresses: ['fd00:89::/64'], exclude: ['fd00:89::1-fd00:89::ffff:ffff:ffff:ffff'] },
    ],
    [
      'names namespaces and has no selectors',
      { addresses: ['10.89.0.1'], namespaces: ['a'], namespaceSelectors: [] },
    ],
    [
      'has no namespaces and selectors',
      { addresses: ['10.89.0.1'], namespaces: [], namespaceSelectors: [{}] },
    ],
    ['has a long glob', { addresses: ['10.89.0.1'], l2: { interfaces: ['*e*n*p*0*s*3*1*f*6*'] } }],
  ])('%s is sound', (_, spec) => {
    expect(slipsIn(read(spec))).toEqual([])
  })
})

describe('a selector that matches nothing', () => {
  const key = fc.constantFrom('a', 'b')
  const value = fc.constantFrom('x', 'y', 'z')
  const values = fc.uniqueArray(value, { minLength: 1 })
  const requirement = fc.oneof(
    fc.record({ key, operator: fc.constantFrom('In' as const, 'NotIn' as const), values }),
    fc.record({ key, operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const) }),
  )
  const selector = fc.record({
    matchLabels: fc.dictionary(key, value),
    matchExpressions: fc.array(requirement, { maxLength: 5 }),
  })

  it('is one that no labels match, of all that there are', () => {
    const choices = [undefined, 'x', 'y', 'z', 'other']
    const all = choices.flatMap((a) => choices.map((b) => ({ ...(a && { a }), ...(b && { b }) })))
    fc.assert(
      fc.property(selector, (each) => {
        expect(impossibilityOf(each) === undefined).toBe(all.some((labels) => matches(each, labels)))
      }),
      { numRuns: 2000 },
    )
  })
})
