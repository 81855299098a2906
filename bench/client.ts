import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { packageRoot } from '../src/sandbox/package-root.ts'
import { signalTo } from '../src/sandbox/supervised-process.ts'
import type { Exec } from '../src/sandbox/lan/command.ts'

/** A probe that runs until it is stopped, and answers what it saw. */
export interface Probe<T> {
  readonly child: ChildProcess
  nextLine(): Promise<string>
  stop(): Promise<T>
}

/** Starts `probe …args` where `exec` says. */
export function startProbe<T>(exec: Exec, ...args: readonly string[]): Probe<T> {
  const argv = [...exec, process.execPath, join(packageRoot(), 'dist', 'probe.js'), ...args]
  const child = spawn(argv[0] ?? '', argv.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const nextLine = async (): Promise<string> => String((await lines.next()).value)
  return {
    child,
    nextLine,
    stop: async () => {
      signalTo(child, 'SIGINT')
      return JSON.parse(await nextLine()) as T
    },
  }
}

/** Starts a program where `exec` says; the returned function ends it. */
export function startBeside(exec: Exec, ...argv: readonly string[]): () => Promise<void> {
  const [command = '', ...args] = [...exec, ...argv]
  const child = spawn(command, args, { stdio: 'ignore' })
  const ended = once(child, 'exit')
  const killAtExit = (): void => signalTo(child, 'SIGKILL')
  process.once('exit', killAtExit)
  return async () => {
    signalTo(child, 'SIGTERM')
    await ended
    process.off('exit', killAtExit)
  }
}

export function isInstalled(command: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$0"', command], { stdio: 'ignore' }).status === 0
}

/** Runs a command to its end where `exec` says. */
export function runThere(exec: Exec, ...argv: readonly string[]): string {
  const [command = '', ...args] = [...exec, ...argv]
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`)
  return stdout
}
