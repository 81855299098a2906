import { expect, test } from 'vitest'
import { finalizersFor } from '../../../src/core/allocation/in-use.ts'
import { poolFinalizer } from '../../../src/core/api/names.ts'
import { unreadablePool } from '../../../src/core/pool/pool.ts'
import type { Pool } from '../../../src/core/pool/pool.ts'
import { pool } from '../pool/build.ts'
import { claim, cluster } from './build.ts'

const lab = pool('lab', '10.0.0.1-10.0.0.2')
const leaving: Pool = {
  ...lab,
  isLeaving: true,
  state: { ready: false, reason: 'Leaving', message: 'it is being deleted' },
}
const foreign = 'example.com/theirs'

const used = (pools: readonly Pool[]) => cluster(pools, claim('a/a', { holds: '10.0.0.1' })).ledger
const unused = (pools: readonly Pool[]) => cluster(pools).ledger

test('a pool is marked once a Service holds an address of it, and what others wrote stays', () => {
  expect(finalizersFor(lab, used([lab]), [])).toEqual([poolFinalizer])
  expect(finalizersFor(lab, used([lab]), [foreign])).toEqual([foreign, poolFinalizer])
  expect(finalizersFor(lab, used([lab]), [poolFinalizer])).toBeUndefined()
})

test('the mark goes with the last address, and what others wrote stays', () => {
  expect(finalizersFor(lab, unused([lab]), [poolFinalizer, foreign])).toEqual([foreign])
  expect(finalizersFor(lab, unused([lab]), [foreign])).toBeUndefined()
})

test('a pool that is being deleted keeps its mark while it is in use, and is not given one then', () => {
  expect(finalizersFor(leaving, used([leaving]), [poolFinalizer])).toBeUndefined()
  expect(finalizersFor(leaving, used([leaving]), [foreign])).toBeUndefined()
  expect(finalizersFor(leaving, unused([leaving]), [poolFinalizer])).toEqual([])
})

test('a pool that is being deleted is free to go when another pool has taken its Services over', () => {
  const heir = pool('heir', '10.0.0.0/29')
  const ledger = used([heir, leaving])
  expect(finalizersFor(leaving, ledger, [poolFinalizer])).toEqual([])
  expect(finalizersFor(heir, ledger, [])).toEqual([poolFinalizer])
})

test('a pool that cannot be read keeps its mark while addresses are held that may be its own', () => {
  const broken = unreadablePool('broken', 'spec.addresses: is missing')
  expect(finalizersFor(broken, used([broken]), [poolFinalizer])).toBeUndefined()
  expect(finalizersFor(broken, used([broken, lab]), [poolFinalizer])).toEqual([])
  expect(finalizersFor(broken, used([broken]), [])).toBeUndefined()
})
