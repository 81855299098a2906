import type { Document } from 'yaml'
import { isTooDeep } from './depth.ts'
import type { Input } from './inputs.ts'
import { readJson } from './json-document.ts'
import { readList } from './list-pieces.ts'
import { BadInput } from './problem.ts'
import { placesIn } from './places.ts'
import type { Path } from './places.ts'
import { parseYaml } from './yaml-documents.ts'

/** One document of an input. */
export interface ReadDocument {
  readonly value: unknown
  /** In which line of the text a field of it stands, or the nearest that is there. */
  readonly lineOf: (path: Path) => number | undefined
  /** The same for later, when the document itself is to be forgotten. */
  readonly noteLineOf: (path: Path) => () => number | undefined
}

/** The documents of an input, without those that are empty; BadInput when none is left or one cannot be read. */
export function* documentsOf(input: Input): Iterable<ReadDocument> {
  const single = readJson(input.text) ?? readList(input.text)
  let isEmpty = true
  for (const document of single === undefined ? yamlDocuments(input) : [placedLater(single, input)]) {
    if (document.value === null || document.value === undefined) continue
    isEmpty = false
    yield document
  }
  if (!isEmpty) return
  const text = 'is empty; kubectl get services -A -o yaml writes what can be read'
  throw new BadInput({ source: input.source, text })
}

/** What was read the fast way is read once more when somebody asks where something stands in it. */
function placedLater(value: unknown, input: Input): ReadDocument {
  let places: ReadDocument['lineOf'] | undefined
  const lineOf = (path: Path): number | undefined => (places ??= placesInFirst(input))(path)
  return { value, lineOf, noteLineOf: (path) => () => lineOf(path) }
}

function placesInFirst(input: Input): ReadDocument['lineOf'] {
  const { documents, lineAt } = parseYaml(input)
  const [document] = documents
  return document ? placesIn(document, lineAt) : () => undefined
}

function* yamlDocuments(input: Input): Iterable<ReadDocument> {
  const { documents, lineAt } = parseYaml(input)
  for (const document of documents) {
    const lineOf = placesIn(document, lineAt)
    yield { value: valueOf(document, input.source, lineOf), lineOf, noteLineOf: noting(lineOf) }
  }
}

function noting(lineOf: ReadDocument['lineOf']): ReadDocument['noteLineOf'] {
  return (path) => {
    const line = lineOf(path)
    return () => line
  }
}

function valueOf(document: Document, source: string, lineOf: ReadDocument['lineOf']): unknown {
  const value = expanded(document, source, lineOf)
  if (!isTooDeep(value)) return value
  throw new BadInput({ source, line: lineOf([]), text: 'holds itself by an alias; write the values out' })
}

function expanded(document: Document, source: string, lineOf: ReadDocument['lineOf']): unknown {
  try {
    return document.toJS()
  } catch (error) {
    const { message } = error as Error
    const isBomb = message.startsWith('Excessive alias count')
    const text = isBomb ? 'its aliases make it too large; write the values out' : message
    throw new BadInput({ source, line: lineOf([]), text })
  }
}
