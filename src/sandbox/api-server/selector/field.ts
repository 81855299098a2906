import { badRequest } from '../failure.ts'
import { type KubeObject, textOf, valueAt } from '../object.ts'

type Test = (object: KubeObject) => boolean

/** Reads a field selector: `metadata.name=web,status.phase!=Running`. */
export function fieldSelector(text: string): Test {
  const tests = text.split(',').filter(Boolean).map(testOf)
  return (object) => tests.every((test) => test(object))
}

function testOf(part: string): Test {
  const match = /^([^!=]+)(!=|==?)(.*)$/.exec(part)
  if (match === null)
    throw badRequest(`invalid selector: ${JSON.stringify(part)}; can't understand ${JSON.stringify(part)}`)
  const [, field = '', operator, value] = match
  const path = field.trim().split('.')
  return (object) => (textOf(valueAt(object, path) ?? '') === value) === (operator !== '!=')
}
