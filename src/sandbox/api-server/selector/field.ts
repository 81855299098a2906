import { badRequest } from '../failure.ts'
import { type KubeObject, textOf, valueAt } from '../object.ts'

type Test = (object: KubeObject) => boolean

/** The fields that objects of a kind can be selected by, and how an unknown one is refused. */
export interface Selectable {
  readonly fields: readonly string[]
  readonly refusal: (field: string) => string
}

/** Reads a field selector: `metadata.name=web,status.phase!=Running`. */
export function fieldSelector(text: string, { fields, refusal }: Selectable): Test {
  const tests = text
    .split(',')
    .filter(Boolean)
    .map((part) =>
      testOf(part, text, (field) => {
        if (!fields.includes(field)) throw badRequest(refusal(field))
      }),
    )
  return (object) => tests.every((test) => test(object))
}

function testOf(part: string, whole: string, check: (field: string) => void): Test {
  const match = /^(.*?)(!=|==?)(.*)$/.exec(part)
  if (match === null) throw badRequest(`invalid selector: '${whole}'; can't understand '${part}'`)
  const [, field = '', operator, value] = match
  if (field === '' && value === '') return () => true
  check(field)
  const path = field === 'source' ? ['source', 'component'] : field.split('.')
  return (object) => (textOf(valueAt(object, path) ?? '') === value) === (operator !== '!=')
}
