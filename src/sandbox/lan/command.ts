import { execFile } from 'node:child_process'
import type { ExecFileException } from 'node:child_process'

/** An argv prefix that runs what follows it in some place; empty for the place where we are. */
export type Exec = readonly string[]

export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly missing: boolean

  constructor(message: string, cause: ExecFileException) {
    super(message, { cause })
    this.missing = cause.code === 'ENOENT'
  }
}

/** Runs one command and returns its stdout; a failure carries the command and its own words. */
export function run(argv: readonly string[], input?: string): Promise<string> {
  const [program = '', ...args] = argv
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { maxBuffer: 16 << 20 }, (error, stdout, stderr) => {
      if (error) reject(new CommandError(complaint(argv, error, stderr), error))
      else resolve(stdout)
    })
    child.stdin?.on('error', () => undefined) // A command that ends without reading its input says so by itself.
    child.stdin?.end(input)
  })
}

function complaint(argv: readonly string[], error: ExecFileException, stderr: string): string {
  const words = stderr.trim() || error.message
  return `${argv.map((word) => (word.length > 80 ? '…' : word)).join(' ')}: ${words}`
}
