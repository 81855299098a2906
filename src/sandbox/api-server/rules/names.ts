/**
 * What Kubernetes says about names, labels and the like, word for word: kubectl prints it, and people search for it.
 * Each function answers what is wrong with a text, which is nothing where the list is empty.
 */
type Rule = (text: string) => readonly string[]

const labelFormat = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const subdomainFormat = `${labelFormat}(\\.${labelFormat})*`
const qualifiedFormat = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const valueFormat = `(${qualifiedFormat})?`

interface Pattern {
  readonly format: string
  readonly longest: number
  readonly unit: 'bytes' | 'characters'
  readonly what: string
}

function pattern(words: string, format: string, ...examples: readonly string[]): string {
  const [first = '', ...others] = examples.map((example) => `'${example}'`)
  const list = [`e.g. ${first}`, ...others.map((example) => ` or ${example}`)].join(', ')
  return `${words} (${examples.length > 0 ? `${list}, ` : ''}regex used for validation is '${format}')`
}

function rule({ format, longest, unit, what }: Pattern): Rule {
  const expression = new RegExp(`^(?:${format})$`)
  return (text) => [
    ...(Buffer.byteLength(text) > longest ? [tooLong(longest, unit)] : []),
    ...(expression.test(text) ? [] : [what]),
  ]
}

function tooLong(longest: number, unit: Pattern['unit']): string {
  return `must be no more than ${longest} ${unit}`
}

export const labelName: Rule = (text) => {
  const found = rule({
    format: labelFormat,
    longest: 63,
    unit: 'characters',
    what: pattern(
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
      labelFormat,
      'my-name',
      '123-abc',
    ),
  })(text)
  const isSubdomain = new RegExp(`^(?:${subdomainFormat})$`).test(text)
  return isSubdomain && text.includes('.') ? [...found.slice(0, -1), 'must not contain dots'] : found
}

/** A name that may have dots. */
export const subdomain: Rule = rule({
  format: subdomainFormat,
  longest: 253,
  unit: 'characters',
  what: pattern(
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
    subdomainFormat,
    'example.com',
  ),
})

export const labelValue: Rule = rule({
  format: valueFormat,
  longest: 63,
  unit: 'bytes',
  what: pattern(
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    valueFormat,
    'MyValue',
    'my_value',
    '12345',
  ),
})

export const configKey: Rule = (text) => {
  const found = rule({
    format: '[-._a-zA-Z0-9]+',
    longest: 253,
    unit: 'characters',
    what: pattern(
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
      '[-._a-zA-Z0-9]+',
      'key.name',
      'KEY_NAME',
      'key-name',
    ),
  })(text)
  if (text === '.' || text === '..') return [...found, `must not be '${text}'`]
  return text.startsWith('..') ? [...found, "must not start with '..'"] : found
}

const qualifiedWords =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
const qualifiedExamples = ['MyName', 'my.name', '123-abc'] as const
const qualifiedPart = new RegExp(`^${qualifiedFormat}$`)

/** A name with at most one slash, before which a domain stands: the keys of labels are such names. */
export const qualifiedName: Rule = (text) => {
  const parts = text.split('/')
  if (parts.length > 2) {
    const what = pattern(`a valid label key ${qualifiedWords}`, qualifiedFormat, ...qualifiedExamples)
    return [`${what} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`]
  }
  const [name = '', prefix] = parts.toReversed()
  return [...(prefix === undefined ? [] : prefixProblems(prefix)), ...namePartProblems(name)]
}

function prefixProblems(prefix: string): readonly string[] {
  if (prefix === '') return ['prefix part must be non-empty']
  return subdomain(prefix).map((problem) => `prefix part ${problem}`)
}

function namePartProblems(name: string): readonly string[] {
  return [
    ...(name === '' ? ['name part must be non-empty'] : []),
    ...(name.length > 63 ? [`name part ${tooLong(63, 'bytes')}`] : []),
    ...(qualifiedPart.test(name)
      ? []
      : [pattern(`name part ${qualifiedWords}`, qualifiedFormat, ...qualifiedExamples)]),
  ]
}

/** What may stand between the slashes of a path: the names of roles. */
export const pathSegment: Rule = (text) => {
  if (text === '.' || text === '..') return [`may not be '${text}'`]
  return ['/', '%'].filter((sign) => text.includes(sign)).map((sign) => `may not contain '${sign}'`)
}

/** The name of a port, by which a Service finds it in a Pod. */
export const portName: Rule = (text) => [
  ...(text.length > 15 ? [tooLong(15, 'characters')] : []),
  ...(/^[-a-z0-9]+$/.test(text)
    ? []
    : ['must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)']),
  ...(/[a-z]/.test(text) ? [] : ['must contain at least one letter (a-z)']),
  ...(text.includes('--') ? ['must not contain consecutive hyphens'] : []),
  ...(text.startsWith('-') || text.endsWith('-') ? ['must not begin or end with a hyphen'] : []),
]

export const portNumber = (port: number): readonly string[] =>
  Number.isInteger(port) && port >= 1 && port <= 65_535 ? [] : ['must be between 1 and 65535, inclusive']
