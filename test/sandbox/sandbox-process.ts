import { spawn } from 'node:child_process'
import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packageRoot } from '../../src/sandbox/package-root.ts'
import { until } from '../../src/sandbox/until.ts'

/** `lanlord sandbox` as a process of its own, as a person or a test from outside would run it. */
export class SandboxProcess implements AsyncDisposable {
  readonly child: ChildProcess
  readonly #exit: Promise<number | null>
  output = ''
  words = ''

  constructor(args: readonly string[], options: SpawnOptions = {}) {
    const argv = [join(packageRoot(), 'dist/sandbox.js'), ...args]
    this.child = spawn(process.execPath, argv, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    this.child.stdout?.on('data', (text: Buffer) => (this.output += text.toString()))
    this.child.stderr?.on('data', (text: Buffer) => (this.words += text.toString()))
    this.#exit = once(this.child, 'close').then(([code]) => code as number | null)
  }

  /** The first line it prints; throws with its words when it ends without one. */
  async firstLine(timeoutMs = 30_000): Promise<string> {
    const printed = () => Promise.resolve(this.output.includes('\n') || this.child.exitCode !== null)
    await until(printed, { describe: () => `waiting for the sandbox: ${this.words}`, timeoutMs })
    if (!this.output.includes('\n')) throw new Error(`the sandbox ended: ${this.words}`)
    return this.output.slice(0, this.output.indexOf('\n'))
  }

  /** Its exit code; null when a signal ended it. */
  exitCode(): Promise<number | null> {
    return this.#exit
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal)
    return this.#exit
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.end()
  }
}

/** Namespaces, cgroups, mounts, files and processes that a sandbox with this pid made and that are still there. */
export function leftOf(pid: number | undefined): readonly string[] {
  const itsOwn = new RegExp(`lanlord-\\d+-${pid}-`)
  const namespaces = entriesOf('/run/netns').filter((name) => itsOwn.test(name))
  const cgroups = entriesOf('/sys/fs/cgroup').flatMap((name) =>
    [name, ...entriesOf(`/sys/fs/cgroup/${name}`).map((group) => `${name}/${group}`)].filter((one) =>
      itsOwn.test(one),
    ),
  )
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .filter((line) => itsOwn.test(line))
  const files = entriesOf(tmpdir()).filter((name) => itsOwn.test(name))
  const processes = entriesOf('/proc')
    .filter((name) => /^\d+$/.test(name) && itsOwn.test(commandLineOf(name)))
    .map((name) => `process ${name}: ${commandLineOf(name)}`)
  return [...namespaces, ...cgroups, ...mounts, ...files, ...processes]
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return '' // Gone meanwhile.
  }
}

function entriesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

export function isAlive(pid: number | null): boolean {
  if (pid === null) return false
  const stat = entriesOf(`/proc/${pid}`).length > 0 ? readFileSync(`/proc/${pid}/stat`, 'utf8') : ''
  return stat !== '' && !stat.includes(') Z ')
}
