import { badRequest } from '../failure.ts'
import { labelValue, qualifiedName } from '../rules/names.ts'
import { type Token, tokensOf } from './lexer.ts'

type Labels = Readonly<Record<string, string>>
type Test = (labels: Labels) => boolean

/** Reads a label selector as the API writes it: `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>5`. */
export function labelSelector(text: string): Test {
  const tests = new Reader(tokensOf(text)).all()
  return (labels) => tests.every((test) => test(labels))
}

const operators = ['in', 'notin', '=', '==', '!=', 'gt', 'lt'].join(', ')

/** Reads token by token, and says of the first that is out of place what was expected there. */
class Reader {
  readonly #tokens: readonly Token[]
  #place = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  all(): readonly Test[] {
    const tests: Test[] = []
    while (this.#next().kind !== 'end') {
      const { kind, text } = this.#next()
      if (kind !== 'word' && text !== '!') throw found(text, ", expected: !, identifier, or 'end of string'")
      tests.push(this.#requirement())
      const separator = this.#take()
      if (separator.kind === 'end') return tests
      if (separator.text !== ',') throw found(separator.text, ", expected: ',' or 'end of string'")
      const next = this.#next()
      if (next.kind !== 'word' && next.text !== '!')
        throw found(next.text, ", expected: identifier after ','")
    }
    return tests
  }

  #requirement(): Test {
    try {
      return this.#testOfKey()
    } catch (error) {
      throw badRequest(`unable to parse requirement: ${error instanceof Error ? error.message : ''}`)
    }
  }

  #testOfKey(): Test {
    const isAbsence = this.#next().text === '!'
    if (isAbsence) this.#take()
    const { kind, text: key } = this.#take()
    if (kind !== 'word') throw found(key, ', expected: identifier')
    check(qualifiedName(key), '<nil>', key)
    const isAlone = this.#next().kind === 'end' || this.#next().text === ','
    if (isAbsence) return (labels) => !(key in labels)
    return isAlone ? (labels) => key in labels : this.#comparison(key)
  }

  #comparison(key: string): Test {
    const { text: operator } = this.#take()
    switch (operator) {
      case 'in':
      case 'notin':
        return oneOf(key, this.#values(), operator === 'in')
      case '=':
      case '==':
      case '!=':
        return oneOf(key, [this.#value()], operator !== '!=')
      case '<':
      case '>':
        return ordered(key, operator, this.#value())
      default:
        throw found(operator, `, expected: ${operators}`)
    }
  }

  #value(): string {
    if (this.#next().kind === 'end' || this.#next().text === ',') return ''
    const { kind, text } = this.#take()
    if (kind !== 'word') throw found(text, ', expected: identifier')
    return text
  }

  #values(): readonly string[] {
    const opening = this.#take()
    if (opening.text !== '(') throw found(opening.text, " expected: '('")
    const values: string[] = []
    for (;;) {
      const { kind, text } = this.#next()
      if (kind === 'word') values.push(this.#take().text)
      else values.push('')
      const after = this.#take()
      if (after.text === ')') return values
      if (after.text === ',') continue
      throw found(
        after.text,
        kind === 'word' || text === '' ? ", expected: ',' or ')'" : ", expected: ',', or identifier",
      )
    }
  }

  #next(): Token {
    return this.#tokens[this.#place] ?? { kind: 'end', text: '' }
  }

  #take(): Token {
    const token = this.#next()
    this.#place++
    return token
  }
}

function found(text: string, expected: string): Error {
  return badRequest(`found '${text}'${expected}`)
}

function check(problems: readonly string[], field: string, value: string): void {
  if (problems.length === 0) return
  throw badRequest(`${field}: Invalid value: ${JSON.stringify(value)}: ${problems.join('; ')}`)
}

function oneOf(key: string, values: readonly string[], wanted: boolean): Test {
  values.forEach((value, index) => check(labelValue(value), `values[${index}][${key}]`, value))
  const set = new Set(values)
  return (labels) => {
    const value = labels[key]
    return value === undefined ? !wanted : set.has(value) === wanted
  }
}

function ordered(key: string, operator: '<' | '>', bound: string): Test {
  const isWhole = (text: string): boolean => /^[+-]?\d+$/.test(text)
  const why = isWhole(bound) ? [] : ["for 'Gt', 'Lt' operators, the value must be an integer"]
  check(why, 'values[0]', bound)
  return (labels) => {
    const value = labels[key] ?? ''
    if (!isWhole(value)) return false
    return operator === '<' ? BigInt(value) < BigInt(bound) : BigInt(value) > BigInt(bound)
  }
}
