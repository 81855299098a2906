import { join } from 'node:path'
import type { Exec } from '../lan/command.ts'
import { SupervisedProcess } from '../supervised-process.ts'
import { lastWordsOf } from './last-words.ts'

export interface ComponentsOptions {
  readonly logs: string
  readonly env: NodeJS.ProcessEnv
  readonly onWords: (words: string) => void
}

const endingsBeforeGivingUp = 3

/** The processes of a real cluster that this machine watches over: the control plane's, and the first one of each node. */
export class Components {
  readonly #options: ComponentsOptions
  readonly #all = new Map<string, SupervisedProcess>()

  constructor(options: ComponentsOptions) {
    this.#options = options
  }

  start(name: string, place: Exec, argv: readonly string[]): void {
    const { logs, env, onWords } = this.#options
    const supervised = new SupervisedProcess(
      { name, place, argv, env, logFile: join(logs, `${name}.log`) },
      {
        started: () => undefined,
        ended: (ended, how) => onWords(`${ended} ended (${how}), starting again in a second`),
      },
    )
    this.#all.set(name, supervised)
    supervised.start()
  }

  of(name: string): SupervisedProcess {
    const found = this.#all.get(name)
    if (found) return found
    throw new Error(`the cluster runs no ${name}; it runs ${[...this.#all.keys()].join(', ')}`)
  }

  /** Throws when one keeps ending: waiting for it would be in vain. */
  throwIfHopeless(): void {
    for (const one of this.#all.values()) {
      if (one.endings < endingsBeforeGivingUp) continue
      throw new Error(
        `${one.name} ended ${one.endings} times; its last words: ${lastWordsOf(one.logFile, 5)}`,
      )
    }
  }

  /** Without goodbyes: whoever could hear them ends, too. */
  async stop(): Promise<void> {
    await Promise.all([...this.#all.values()].map((one) => one.stop('SIGKILL')))
  }

  /** For a process that is about to end and can wait for nothing. */
  killNow(): void {
    for (const one of this.#all.values()) one.kill('SIGKILL')
  }
}
