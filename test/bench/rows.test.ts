import { describe, expect, it } from 'vitest'
import { chosenOf } from '../../bench/moves/rows.ts'

const rows = [
  { name: 'cable', isShort: true },
  { name: 'cable-v6', isShort: true },
  { name: 'cordon' },
  { name: 'thousand', isShort: false },
]
const namesOf = (only: readonly string[], isShort = false): readonly string[] =>
  chosenOf(rows, { only, isShort }).map(({ name }) => name)

describe('of the list of moves', () => {
  it('all are taken unless one is wished for', () => {
    expect(namesOf([])).toEqual(['cable', 'cable-v6', 'cordon', 'thousand'])
  })
  it('those with the word in their names are taken, in the order of the list', () => {
    expect(namesOf(['cordon', 'cable'])).toEqual(['cable', 'cable-v6', 'cordon'])
  })
  it('none is taken when the word is in no name', () => {
    expect(namesOf(['kable'])).toEqual([])
  })
  it('only the short ones are taken when time is short', () => {
    expect(namesOf([], true)).toEqual(['cable', 'cable-v6'])
  })
  it('one that is named is taken though it is long', () => {
    expect(namesOf(['thousand'], true)).toEqual(['thousand'])
  })
})
