import type { Session } from '../kubectl.ts'

/** One call of kubectl; `{ns}` stands for the namespace that the story has to itself. */
export interface Command {
  /** Words split at blanks, but for what stands in single quotes. */
  readonly words: string
  readonly stdin?: unknown
  /** What `kubectl edit` starts. */
  readonly editor?: string
}

/** A sequence of commands that print the same on both servers. */
export interface Story {
  readonly title: string
  readonly commands: readonly Command[]
}

export const k = (words: string, stdin?: unknown): Command => ({
  words,
  ...(stdin !== undefined && { stdin }),
})
export const edit = (words: string, editor: string): Command => ({ words, editor })

/** What one command came to. */
export interface Said {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a story and answers what was printed, in words that are the same for both servers where it means the same. */
export async function tell(session: Session, { commands }: Story, namespace: string): Promise<Said[]> {
  const names = new Map<string, string>()
  const said: Said[] = []
  for (const { words, stdin, editor } of commands) {
    const args = ['-n', namespace, ...argsOf(words.replaceAll('{ns}', namespace))]
    const text = textOf(stdin).replaceAll('{ns}', namespace)
    const outcome = await session.run(args, text, editor === undefined ? {} : { KUBE_EDITOR: editor })
    said.push({
      code: outcome.code,
      stdout: alike(outcome.stdout, namespace, names),
      // What the client logs of its own work is not an answer.
      stderr: alike(outcome.stderr.replaceAll(/^[IWE]\d{4} .*\n/gm, ''), namespace, names),
    })
  }
  return said
}

function textOf(stdin: unknown): string {
  if (stdin === undefined) return ''
  return typeof stdin === 'string' ? stdin : JSON.stringify(stdin)
}

/** Splits at blanks, but for what stands in single quotes. */
function argsOf(words: string): readonly string[] {
  return [...words.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ''))
}

const patterns: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['uid', /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g],
  ['IPv4', /\b10\.96\.(?!0\.)\d+\.\d+\b/g],
  ['IPv6', /\bfd00:10:96::[0-9a-f]{3,4}\b/g],
  ['port', /\b3(?:0(?:0(?:8[6-9]|9\d)|[1-9]\d\d)|1\d{3}|2[0-6]\d\d|27[0-5]\d|276[0-7])\b/g],
]

function alike(text: string, namespace: string, names: Map<string, string>): string {
  let result = text.replaceAll(namespace, '<namespace>')
  for (const [kind, pattern] of patterns) {
    result = result.replaceAll(pattern, (found) => {
      const name =
        names.get(found) ?? `<${kind} ${[...names.values()].filter((one) => one.includes(kind)).length + 1}>`
      names.set(found, name)
      return name
    })
  }
  return (
    inOrder(result)
      .replaceAll(/(?<=^(?:---|\+\+\+) \S+\t).*$/gm, '<time>')
      // What differs between two Pods is shown in the structures of the program.
      .replace(/(?<=`spec\.terminationGracePeriodSeconds`[^\n]*)\n[^]*$/, '')
      .replaceAll(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, (time) => (isNow(time) ? '<now>' : time))
      .replaceAll(/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, (time) =>
        isNow(time) ? '<now>' : time,
      )
      .replaceAll(/\b\d+s\b/g, '<age>')
      .replaceAll(/(?<=resourceVersion[\\"]*: ?[\\"]*)\d+/g, '<version>')
      .replaceAll(/(?<=Resource Version: +)\d+/g, '<version>')
      .replaceAll(/\/tmp\/(LIVE|MERGED)-\d+/g, '/tmp/$1')
      .replaceAll(/https?:\/\/127\.0\.0\.1:\d+/g, '<server>')
      .replaceAll(/(?<=made-)[a-z0-9]{5}\b/g, '<random>')
      .replaceAll(/ +/g, ' ')
  )
}

/** Kubernetes tells what is wrong with a custom resource in no order. */
function inOrder(text: string): string {
  return text.replaceAll(/(?:^\* .*\n)+/gm, (lines) => lines.split('\n').toSorted().join('\n'))
}

function isNow(time: string): boolean {
  return Math.abs(Date.parse(time) - Date.now()) < 3_600_000
}
