import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { customResourceDefinitions } from '../../../src/core/api/crds.ts'
import { readAddressPool } from '../../../src/core/api/stored.ts'
import type { StructuralSchema } from '../../../src/core/api/structural.ts'
import { validateSpec } from '../../../src/core/api/validate.ts'
import { settleOverlaps } from '../../../src/core/pool/overlap.ts'
import { admits, poolOf } from '../../../src/core/pool/pool.ts'
import { poolRemarks } from '../../../src/core/pool/remarks.ts'
import { rightPool, rightSpeaker } from '../../e2e/right-objects.ts'
import { serverProblems } from './kubernetes-cel.ts'
import { isForUsOnly, mutated } from './mutated.ts'

const schemas = new Map(
  customResourceDefinitions().map(({ spec }) => {
    return [spec.names.kind, spec.versions[0]?.schema.openAPIV3Schema as StructuralSchema]
  }),
)

describe('an object that was right until something was written into it', () => {
  it.each([
    ['AddressPool', rightPool.spec],
    ['Speaker', rightSpeaker.spec],
  ])('is refused by both judges of %s, or by none', (kind, spec) => {
    fc.assert(
      fc.property(mutated({ spec }), (object) => {
        const ours = validateSpec(kind, object).filter(({ message }) => !isForUsOnly(message))
        const theirs = serverProblems(schemas.get(kind) ?? {}, object)
        expect([ours.length > 0, ours, theirs]).toEqual([theirs.length > 0, ours, theirs])
      }),
      { numRuns: 1500 },
    )
  })

  it('is read without throwing, and what is made of it admits or not', () => {
    const metadata = { name: 'lab', uid: 'a', resourceVersion: '1', generation: 1, creationTimestamp: '' }
    fc.assert(
      fc.property(mutated({ metadata, ...rightPool }), (object) => {
        const stored = readAddressPool(object)
        if (!('ok' in stored)) return
        const [pool] = settleOverlaps([poolOf('lab', stored.ok.spec), poolOf('other', stored.ok.spec)])
        if (!pool) throw new Error('there is no pool')
        expect(poolRemarks(pool, []).every(({ message }) => message !== '')).toBe(true)
        expect(typeof admits(pool, { namespace: 'shop', namespaceLabels: {}, labels: {} })).toBe('boolean')
      }),
      { numRuns: 1500 },
    )
  })
})
