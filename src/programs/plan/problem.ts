/** What is wrong with the input, and where: for people, who want to go there and mend it. */
export interface Problem {
  /** The file as it was named, or `stdin`. */
  readonly source: string
  readonly line?: number | undefined
  readonly text: string
}

/** The input cannot be used; nothing was planned. */
export class BadInput extends Error {
  override readonly name = 'BadInput'
  readonly problems: readonly Problem[]

  constructor(...problems: readonly Problem[]) {
    super(problems.map(problemText).join('\n'))
    this.problems = problems
  }
}

/** One line, beginning as compilers begin theirs: editors can jump there. */
export function problemText({ source, line, text }: Problem): string {
  const words = text.replaceAll(/[\s\p{Cc}]+/gu, ' ')
  return line === undefined ? `${source}: ${words}` : `${source}:${line}: ${words}`
}
