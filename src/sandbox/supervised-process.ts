import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import type { Exec } from './lan/command.ts'

export interface Recipe {
  readonly name: string
  /** Where it runs. */
  readonly place: Exec
  readonly argv: readonly string[]
  readonly logFile: string
  readonly env?: NodeJS.ProcessEnv
}

/** What a supervisor hears about a process: it has a pid now, or it ended in this way. */
export interface Watcher {
  started(): void
  ended(name: string, how: string): void
}

const restartAfterMs = 1_000

/** One process that is started again a second after it ends, as a kubelet would, and that cannot outlive this one. */
export class SupervisedProcess {
  readonly #recipe: Recipe
  readonly #watcher: Watcher
  #child: ChildProcess | undefined
  #over: Promise<void> = Promise.resolve()
  #restart: NodeJS.Timeout | undefined
  #wanted = false
  #endings = 0

  constructor(recipe: Recipe, watcher: Watcher) {
    this.#recipe = recipe
    this.#watcher = watcher
  }

  get name(): string {
    return this.#recipe.name
  }

  get logFile(): string {
    return this.#recipe.logFile
  }

  /** Undefined while it is down. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** How often it ended without being asked to. */
  get endings(): number {
    return this.#endings
  }

  start(): void {
    this.#wanted = true
    if (this.#child) return
    clearTimeout(this.#restart)
    const [program = '', ...args] = commandLine(this.#recipe)
    const log = openSync(this.#recipe.logFile, 'a')
    const child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', log, log],
      env: this.#recipe.env ?? process.env,
    })
    closeSync(log)
    this.#child = child
    this.#over = new Promise((resolve) => {
      child.once('error', (error) => resolve(this.#ended(error.message)))
      child.once('exit', (code, signal) => resolve(this.#ended(signal ?? `exit code ${code}`)))
    })
    this.#watcher.started()
  }

  /** Sends a signal; nothing happens while the process is down. */
  kill(signal: NodeJS.Signals): void {
    signalTo(this.#child, signal)
  }

  /** Ends it and keeps it down until `start`. */
  async stop(signal: NodeJS.Signals = 'SIGTERM', graceMs = 3_000): Promise<void> {
    this.#wanted = false
    clearTimeout(this.#restart)
    if (!this.#child) return
    signalTo(this.#child, signal)
    const force = setTimeout(() => signalTo(this.#child, 'SIGKILL'), graceMs)
    await this.#over
    clearTimeout(force)
  }

  /** The end of what it said, for an error message. */
  lastWords(lines = 5): string {
    return readFileSync(this.#recipe.logFile, 'utf8').trim().split('\n').slice(-lines).join('\n')
  }

  #ended(how: string): void {
    this.#child = undefined
    if (!this.#wanted) return this.#watcher.started()
    this.#endings++
    this.#restart = setTimeout(() => this.start(), restartAfterMs)
    this.#watcher.ended(this.name, how)
  }
}

/** A child that could not be started has no pid, and to signal it would signal the whole process group that we are in. */
export function signalTo(child: ChildProcess | undefined, signal: NodeJS.Signals): void {
  if (child?.pid !== undefined) child.kill(signal)
}

/** The kernel ends the process when we are gone; a session of its own keeps the terminal's Ctrl-C from it: we end it in order. */
function commandLine({ place, argv }: Recipe): readonly string[] {
  return [...place, 'setpriv', '--pdeathsig', 'KILL', ...argv]
}
