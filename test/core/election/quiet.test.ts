import { describe, expect, test } from 'vitest'
import { dutyOf, Lan } from './lan.ts'

/** When it said that it only listens, or no more. */
function told(lan: Lan, name: string): readonly string[] {
  return lan.done.flatMap(({ at, node, effect }) =>
    node === name && effect.kind === 'quiet' ? [`${effect.quiet ? 'quiet' : 'heard out'} at ${at}`] : [],
  )
}

describe('that a speaker only listens', () => {
  test('is over after a dead interval, and said once', () => {
    const lan = new Lan('n1', 'n2')
    lan.announce(dutyOf('10.0.0.9', ['n1', 'n2']))
    lan.run(5_000)
    expect(told(lan, 'n1')).toEqual(['heard out at 1150'])
  })

  test('is said again when its link was down, and when it is over again', () => {
    const lan = new Lan('n1')
    lan.run(1_000)
    lan.tell('n1', { kind: 'segments', segments: [lan.segment('n1', { up: false })] })
    lan.run(1_000)
    expect(told(lan, 'n1')).toHaveLength(1)
    lan.tell('n1', { kind: 'segments', segments: [lan.segment('n1')] })
    lan.run(1_000)
    expect(told(lan, 'n1')).toEqual(['heard out at 1150', 'quiet at 3000', 'heard out at 3150'])
  })

  test('is not over for one without an interface', () => {
    const lan = new Lan('n1')
    lan.tell('n1', { kind: 'segments', segments: [] })
    lan.run(1_000)
    expect(told(lan, 'n1')).toEqual([])
  })
})
