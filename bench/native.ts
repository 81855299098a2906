import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { packageRoot } from '../src/sandbox/package-root.ts'
import type { Exec } from '../src/sandbox/lan/command.ts'
import { signalTo } from '../src/sandbox/supervised-process.ts'
import { isInstalled } from './client.ts'

/** The programs of bench/native, for what an interpreter is too slow or too often late for. */
export type NativeName = 'udp-probe' | 'arp-watch' | 'arp-flood' | 'arp-witness' | 'arp-responder'

let folder: string | undefined
const compiled = new Map<NativeName, string>()

/** The path of the compiled program; undefined where there is no C compiler. */
export function nativeProgram(name: NativeName): string | undefined {
  const known = compiled.get(name)
  if (known !== undefined || !isInstalled('cc')) return known
  const binary = join((folder ??= scratch()), name)
  const source = join(packageRoot(), 'bench', 'native', `${name}.c`)
  const { status, stderr } = spawnSync('cc', ['-O2', '-o', binary, source])
  if (status !== 0) throw new Error(`cc: ${stderr.toString()}`)
  compiled.set(name, binary)
  return binary
}

/** The same where it was seen before that there is a compiler. */
export function requiredProgram(name: NativeName): string {
  const program = nativeProgram(name)
  if (program === undefined) throw new Error(`${name} needs a C compiler: install gcc`)
  return program
}

function scratch(): string {
  const made = mkdtempSync(join(tmpdir(), 'lanlord-bench-'))
  process.once('exit', () => rmSync(made, { recursive: true, force: true }))
  return made
}

/** A program that says something when it is ready, and the rest when it is told to end. */
export interface Talker {
  nextLine(): Promise<string>
  /** Tells it to end; answers all that it said that was not read. */
  end(): Promise<readonly string[]>
}

/** Starts a program where `exec` says. */
export function startTalker(exec: Exec, ...argv: readonly string[]): Talker {
  const [command = '', ...args] = [...exec, ...argv]
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ended = once(child, 'exit')
  const killAtExit = (): void => signalTo(child, 'SIGKILL')
  process.once('exit', killAtExit)
  return {
    nextLine: async () => {
      const line = await lines.next()
      if (line.done === true) throw new Error(`${argv.join(' ')} ended too soon`)
      return line.value
    },
    end: async () => {
      signalTo(child, 'SIGINT')
      const rest: string[] = []
      for (let line = await lines.next(); line.done !== true; line = await lines.next()) rest.push(line.value)
      await ended
      process.off('exit', killAtExit)
      return rest
    },
  }
}
