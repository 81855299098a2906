import { Composer, LineCounter, Parser } from 'yaml'
import type { CST, Document, ScalarTag, Tags } from 'yaml'
import { isDeeper } from './depth.ts'
import type { Input } from './inputs.ts'
import { BadInput } from './problem.ts'

/** The documents of a text, and the line of each place in it. */
export interface YamlDocuments {
  /** To be walked once. */
  readonly documents: Iterable<Document>
  readonly lineAt: (offset: number) => number
}

/** Kubernetes reads YAML 1.1, in which these are true and false as well. */
const yesAndNo: ScalarTag = {
  identify: (value) => typeof value === 'boolean',
  default: true,
  tag: 'tag:yaml.org,2002:bool',
  test: /^(?:yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)$/,
  resolve: (text) => /^(?:yes|on)$/i.test(text),
}

const options = {
  customTags: (tags: Tags): Tags => [...tags, yesAndNo],
  logLevel: 'error',
  merge: true,
  prettyErrors: false,
  stringKeys: true,
} as const

/** Parses a text, a document at a time, and throws BadInput at the first thing in it that is not YAML. */
export function parseYaml(input: Input): YamlDocuments {
  const counter = new LineCounter()
  const lineAt = (offset: number): number => counter.linePos(offset).line
  return { documents: soundDocuments(input, counter, lineAt), lineAt }
}

function* soundDocuments(
  { source, text }: Input,
  counter: LineCounter,
  lineAt: YamlDocuments['lineAt'],
): Iterable<Document> {
  const tokens = shallowTokens(source, new Parser(counter.addNewLine).parse(text), lineAt)
  for (const document of new Composer({ ...options, lineCounter: counter }).compose(tokens)) {
    const [error] = document.errors
    if (error) throw new BadInput({ source, line: lineAt(error.pos[0]), text: error.message })
    yield document
  }
}

/** The composer calls itself for each level, and a stack that is full ends the process. */
function* shallowTokens(
  source: string,
  tokens: Iterable<CST.Token>,
  lineAt: YamlDocuments['lineAt'],
): Iterable<CST.Token> {
  for (const token of tokens) {
    if (isDeeper(token, partsOf)) {
      throw new BadInput({ source, line: lineAt(token.offset), text: 'nests too many levels' })
    }
    yield token
  }
}

/** What can nest in a token. */
function partsOf(token: object): readonly unknown[] {
  const { items, value, key } = token as Partial<CST.Document & CST.CollectionItem & CST.BlockMap>
  return [...(items ?? []), value, key]
}
