import { readFileSync } from 'node:fs'

/** What a row of a table says is shown, and by which test. */
export interface Shown {
  readonly row: string
  readonly path: string
  readonly title: string
}

/** The rows of a page's tables, without their heads. */
export function rowsOf(page: string): readonly string[] {
  return page.split('\n').filter((line, at, lines) => {
    const isHead = lines[at + 1]?.startsWith('| -') ?? false
    return line.startsWith('| ') && !line.startsWith('| -') && !isHead
  })
}

/** The rows of a page whose last column names the test that shows them; `path` is empty where it does not. */
export function shownIn(page: string): readonly Shown[] {
  return rowsOf(readFileSync(page, 'utf8')).map((row) => {
    const [, path = '', title = ''] = /\]\(\.\.\/(test\/[\w/-]+\.test\.ts)\): “(.+)” +\|$/.exec(row) ?? []
    return { row, path, title }
  })
}

/** Whether there is a test of that title in the text: what a runner would print, or the form it is made from. */
export function isTested(text: string, title: string): boolean {
  return [`'${title}'`, `"${title}"`, `\`${title}\``].some((quoted) =>
    new RegExp(`(?:it|test|[)\\]])\\(\\s*${escaped(quoted)}`).test(text),
  )
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}
