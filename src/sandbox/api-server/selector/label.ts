import { badRequest } from '../failure.ts'

type Labels = Readonly<Record<string, string>>
type Test = (labels: Labels) => boolean

const requirement =
  /^\s*(?:(!)\s*)?([^\s!=(),<>]+)\s*(?:(\bin\b|\bnotin\b)\s*\(([^)]*)\)|(==?|!=)\s*([^\s,()]*))?\s*$/

/** Reads a label selector as the API writes it: `a=b,c!=d,e in (f,g),h notin (i),j,!k`. */
export function labelSelector(text: string): Test {
  const tests = partsOf(text).map(testOf)
  return (labels) => tests.every((test) => test(labels))
}

/** Commas inside parentheses separate values, not requirements. */
function partsOf(text: string): readonly string[] {
  return text.trim() === '' ? [] : text.split(/,(?![^(]*\))/)
}

function testOf(part: string): Test {
  const match = requirement.exec(part)
  if (match === null)
    throw badRequest(`unable to parse requirement: ${JSON.stringify(part)} is no label requirement`)
  const [, absent, key = '', membership, list, comparison, single = ''] = match
  const operator = membership ?? comparison
  if (operator === undefined) return absent === '!' ? (labels) => !(key in labels) : (labels) => key in labels
  const values = new Set(list === undefined ? [single] : list.split(',').map((value) => value.trim()))
  const wanted = operator !== '!=' && operator !== 'notin'
  return (labels) => {
    const value = labels[key]
    return value === undefined ? !wanted : values.has(value) === wanted
  }
}
