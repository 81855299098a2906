import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Exec } from './lan/command.ts'
import type { NodePids, Pids } from './playground.ts'
import { SupervisedProcess } from './supervised-process.ts'
import type { Scratch } from './scratch.ts'

export type ProcessName = 'api-server' | 'controller' | `speaker/${string}` | `node-agent/${string}`

/** The pids as they stand in pids.json. */
export interface EmbeddedPids extends Pids {
  readonly nodes: readonly EmbeddedNodePids[]
}

export interface EmbeddedNodePids extends NodePids {
  readonly nodeAgentPid: number | null
}

export interface Program {
  readonly name: ProcessName
  readonly place: Exec
  readonly flags: Readonly<Record<string, string>>
}

export interface ProcessesOptions {
  readonly scratch: Scratch
  readonly programs: string
  readonly logLevel?: string | undefined
  readonly onWords: (words: string) => void
}

const endingsBeforeGivingUp = 3

/** All processes of one sandbox by name; pids.json follows every start and every end. */
export class Processes {
  readonly #options: ProcessesOptions
  readonly #all = new Map<ProcessName, SupervisedProcess>()

  constructor(options: ProcessesOptions) {
    this.#options = options
    this.#writePids()
  }

  start(program: Program): void {
    const { scratch, programs, logLevel, onWords } = this.#options
    const [bundle = ''] = program.name.split('/')
    const script = join(programs, `${bundle}.js`)
    if (!existsSync(script)) throw new Error(`${script} is missing; npm run build makes it`)
    const flags = Object.entries(program.flags).flatMap(([flag, value]) => [`--${flag}`, value])
    const supervised = new SupervisedProcess(
      {
        name: program.name,
        place: program.place,
        argv: [process.execPath, script, ...flags],
        logFile: join(scratch.logs, `${program.name.replace('/', '-')}.log`),
        env: logLevel === undefined ? process.env : { ...process.env, LOG_LEVEL: logLevel },
      },
      {
        started: () => this.#writePids(),
        ended: (name, how) => {
          this.#writePids()
          onWords(`${name} ended (${how}), starting again in a second`)
        },
      },
    )
    this.#all.set(program.name, supervised)
    supervised.start()
  }

  of(name: ProcessName): SupervisedProcess {
    const found = this.#all.get(name)
    if (found) return found
    throw new Error(`the sandbox runs no ${name}; it runs ${[...this.#all.keys()].join(', ')}`)
  }

  pids(): EmbeddedPids {
    const pidOf = (name: ProcessName): number | null => this.#all.get(name)?.pid ?? null
    return {
      supervisorPid: process.pid,
      apiServerPid: pidOf('api-server'),
      controllerPid: pidOf('controller'),
      nodes: this.#nodes().map((name) => ({
        name,
        speakerPid: pidOf(`speaker/${name}`),
        nodeAgentPid: pidOf(`node-agent/${name}`),
      })),
    }
  }

  runs(name: ProcessName): boolean {
    return this.#all.has(name)
  }

  /** The latest line of each log, for an error message. */
  lastWords(): string {
    return [...this.#all.values()].map((one) => `${one.name}: ${one.lastWords(1) || 'silent'}`).join('; ')
  }

  /** Throws when one keeps ending: waiting for it would be in vain. */
  throwIfHopeless(): void {
    for (const one of this.#all.values()) {
      if (one.endings < endingsBeforeGivingUp) continue
      throw new Error(`${one.name} ended ${one.endings} times; its last words: ${one.lastWords()}`)
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

  #nodes(): readonly string[] {
    const names = [...this.#all.keys()].flatMap((name) => name.split('/').slice(1))
    return [...new Set(names)]
  }

  #writePids(): void {
    const { pids } = this.#options.scratch
    writeFileSync(`${pids}.new`, `${JSON.stringify(this.pids())}\n`)
    renameSync(`${pids}.new`, pids)
  }
}
