/** One word or sign of a label selector; `end` stands behind the last one. */
export interface Token {
  readonly kind: 'word' | 'sign' | 'end'
  readonly text: string
}

const end: Token = { kind: 'end', text: '' }
const part = /\s*(?:(==|!=|[=!(),<>])|([^\s=!(),<>]+))/y

/** Takes a label selector apart. */
export function tokensOf(selector: string): readonly Token[] {
  const tokens: Token[] = []
  part.lastIndex = 0
  for (let match = part.exec(selector); match !== null; match = part.exec(selector)) {
    const [, sign, word = ''] = match
    tokens.push(sign === undefined ? { kind: 'word', text: word } : { kind: 'sign', text: sign })
  }
  return [...tokens, end]
}
