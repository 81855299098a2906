import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LabelSelector } from '../../../src/core/api/label-selector.ts'
import { matchesGlob } from '../../../src/core/pool/glob.ts'
import { matches, matchesAny } from '../../../src/core/pool/selector.ts'

const labels = { app: 'web', tier: 'front', empty: '' }
const rows: readonly (readonly [string, LabelSelector, boolean])[] = [
  ['nothing', {}, true],
  ['one label', { matchLabels: { app: 'web' } }, true],
  ['another value', { matchLabels: { app: 'db' } }, false],
  ['a label that is not there', { matchLabels: { zone: '' } }, false],
  ['an empty value', { matchLabels: { empty: '' } }, true],
  ['two labels, one of them wrong', { matchLabels: { app: 'web', tier: 'back' } }, false],
  [
    'a name that every object inherits',
    { matchExpressions: [{ key: 'constructor', operator: 'Exists' }] },
    false,
  ],
  ['In', { matchExpressions: [{ key: 'app', operator: 'In', values: ['db', 'web'] }] }, true],
  ['In without the label', { matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }, false],
  ['In without values', { matchExpressions: [{ key: 'app', operator: 'In' }] }, false],
  ['NotIn', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
  [
    'NotIn with another value',
    { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['db'] }] },
    true,
  ],
  [
    'NotIn without the label',
    { matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['a'] }] },
    true,
  ],
  ['Exists', { matchExpressions: [{ key: 'empty', operator: 'Exists' }] }, true],
  ['DoesNotExist', { matchExpressions: [{ key: 'zone', operator: 'DoesNotExist' }] }, true],
  ['DoesNotExist of what is there', { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
  [
    'a label and an expression that fails',
    { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] },
    false,
  ],
]

describe('a label selector', () => {
  it.each(rows)('that asks for %s', (_, selector, expected) => {
    expect(matches(selector, labels)).toBe(expected)
  })

  it('in a list: one that matches is enough, and an empty list matches nothing', () => {
    expect(matchesAny([{ matchLabels: { app: 'db' } }, {}], labels)).toBe(true)
    expect(matchesAny([], labels)).toBe(false)
  })
})

describe('a glob', () => {
  it.each([
    ['eth0', 'eth0', true],
    ['eth0', 'eth01', false],
    ['enp*', 'enp3s0', true],
    ['*', 'anything', true],
    ['eth?', 'eth1', true],
    ['eth?', 'eth', false],
    ['eth0.10', 'eth0x10', false],
    ['br-[lan]', 'br-[lan]', true],
    ['*0', 'eth100', true],
    ['*0', 'eth101', false],
    ['e*p*f?', 'enp0s31f6', true],
    ['e*p*f??', 'enp0s31f6', false],
    ['eth0*', 'eth0', true],
    ['', '', true],
    ['', 'eth0', false],
  ])('%s and %s', (pattern, name, expected) => {
    expect(matchesGlob(pattern, name)).toBe(expected)
  })

  it('is what a regular expression says', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 6 })
    const name = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 })
    fc.assert(
      fc.property(pattern, name, (glob, text) => {
        const expression = new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`)
        expect(matchesGlob(glob, text)).toBe(expression.test(text))
      }),
      { numRuns: 2000 },
    )
  })

  it('of nothing but asterisks and a letter is answered, and does not keep a speaker busy for years', () => {
    expect(matchesGlob(`${'*'.repeat(63)}x`, 'enp0s31f6np0123')).toBe(false)
    expect(matchesGlob(`${'*a'.repeat(31)}x`, 'aaaaaaaaaaaaaaa')).toBe(false)
  })
})
