import { expect, test } from 'vitest'
import { leftBehind } from '../../../src/core/allocation/left-behind.ts'
import type { Announced } from '../../../src/core/allocation/left-behind.ts'
import { formatAddress } from '../../../src/core/ip/address.ts'

const now = 1_000

/** What was left behind, where the Service a/here is the only one that exists. */
function left(announced: readonly Announced[], remembered: Parameters<typeof leftBehind>[2] = []) {
  const found = leftBehind(announced, (service) => service === 'a/here', remembered, now)
  return found.map(({ address, service, freedAt }) => `${formatAddress(address)} ${service} ${freedAt}`)
}

test('the address of a Service that was deleted while nobody saw it counts as freed now', () => {
  const announced = [
    { address: '10.0.0.1', services: ['a/gone'] },
    { address: '10.0.0.2', services: ['a/here'] },
  ]
  expect(left(announced)).toEqual(['10.0.0.1 a/gone 1000'])
})

test('of a shared address each Service that is gone is remembered, and each once', () => {
  const shared = { address: 'fd00::1', services: ['a/one', 'a/here', 'a/two'] }
  expect(left([shared, shared])).toEqual(['fd00::1 a/one 1000', 'fd00::1 a/two 1000'])
})

test('what a pool remembers already was freed when the pool says', () => {
  const announced = [{ address: '10.0.0.1', services: ['a/gone', 'a/other'] }]
  expect(left(announced, [{ address: '10.0.0.1', service: 'a/gone' }])).toEqual(['10.0.0.1 a/other 1000'])
})

test('what is no address is left out', () => {
  expect(left([{ address: 'x', services: ['a/gone'] }])).toEqual([])
})
