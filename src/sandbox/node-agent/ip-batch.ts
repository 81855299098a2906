import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'

/** A line that `ip` refused, with its words. */
export interface Refused {
  readonly line: string
  readonly message: string
}

interface Waiting {
  readonly lines: readonly string[]
  readonly firstNumber: number
  readonly refused: Refused[]
  readonly resolve: (refused: readonly Refused[]) => void
  readonly reject: (error: Error) => void
}

/** Ends a batch: `ip` reports it as a failed line, and that tells us that all lines before it are done. */
const fence = 'fence'

const command = ['ip', ['-force', '-batch', '-']] as const

/**
 * One long-lived `ip -force -batch -`: a route costs a fifth of a millisecond instead of a process. `ip` reports
 * failures by line number and success by silence, so each batch ends with a line that must fail. It ends over a line
 * that it cannot read at all; then all who wait are told, and the next batch starts another one.
 */
export class IpBatch {
  #child: ChildProcessWithoutNullStreams | undefined
  #lines = 0
  #unread = ''
  #message = ''
  readonly #waiting: Waiting[] = []

  /** Runs the lines in order, all of them, and answers those that were refused. */
  run(lines: readonly string[]): Promise<readonly Refused[]> {
    if (lines.length === 0) return Promise.resolve([])
    const child = (this.#child ??= this.#start())
    return new Promise((resolve, reject) => {
      this.#waiting.push({ lines, firstNumber: this.#lines + 1, refused: [], resolve, reject })
      this.#lines += lines.length + 1
      child.stdin.write(`${lines.join('\n')}\n${fence}\n`)
    })
  }

  close(): void {
    this.#child?.stdin.end()
  }

  #start(): ChildProcessWithoutNullStreams {
    const child = spawn(...command)
    this.#lines = 0
    this.#unread = ''
    child.stdout.resume()
    child.stdin.on('error', () => undefined) // The process ended; `close` tells everyone who waits.
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.#read(text))
    child.on('error', (error) => this.#ended(child, error))
    child.on('close', () => this.#ended(child, new Error('ip ended before its work was done')))
    return child
  }

  #read(text: string): void {
    const lines = (this.#unread + text).split('\n')
    this.#unread = lines.pop() ?? ''
    for (const line of lines) {
      const failed = /^Command failed .*:(\d+)$/.exec(line)
      if (failed) this.#failed(Number(failed[1]))
      else if (line !== '') this.#message = line
    }
  }

  #failed(number: number): void {
    const current = this.#waiting[0]
    if (!current) return
    const line = current.lines[number - current.firstNumber]
    if (line !== undefined) return void current.refused.push({ line, message: this.#message })
    this.#waiting.shift()
    current.resolve(current.refused)
  }

  #ended(child: ChildProcessWithoutNullStreams, error: Error): void {
    if (this.#child !== child) return
    this.#child = undefined
    for (const { reject } of this.#waiting.splice(0)) reject(error)
  }
}
