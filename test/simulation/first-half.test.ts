import { test } from 'vitest'
import { expectHistoriesToHold, seedsEach } from './seeds.ts'

test(`in ${seedsEach} random histories no address is long held by two or by nobody, nothing moves without cause, and all settles`, () => {
  expectHistoriesToHold(0)
}, 3_600_000)
