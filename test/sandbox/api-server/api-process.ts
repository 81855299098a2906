import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const program = new URL('../../../dist/api-server.js', import.meta.url).pathname

/** The bundle as its own process, on a free port, with a kubeconfig that points to it. */
export class ApiProcess {
  readonly folder: string
  readonly #child: ChildProcess
  readonly #exited: Promise<unknown>
  readonly url: string

  private constructor(folder: string, child: ChildProcess, url: string) {
    this.folder = folder
    this.#child = child
    this.#exited = once(child, 'exit')
    this.url = url
  }

  static async start(
    folder = mkdtempSync(join(tmpdir(), 'lanlord-api-')),
    ...flags: string[]
  ): Promise<ApiProcess> {
    const files = ['--socket', join(folder, 'api.sock'), '--state', join(folder, 'state')]
    const argv = [program, ...files, '--listen', '127.0.0.1:0', ...flags]
    const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] })
    const url = await readyAt(child)
    writeFileSync(join(folder, 'kubeconfig'), kubeconfig(url))
    return new ApiProcess(folder, child, url)
  }

  get kubeconfig(): string {
    return join(this.folder, 'kubeconfig')
  }

  async end(signal: 'SIGTERM' | 'SIGKILL' | 'SIGINT'): Promise<number | null> {
    this.#child.kill(signal)
    await this.#exited
    return this.#child.exitCode
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.end('SIGKILL')
    rmSync(this.folder, { recursive: true, force: true })
  }
}

async function readyAt(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('no stdout')
  const lines = createInterface(child.stdout)
  for await (const line of lines) {
    const entry = JSON.parse(line) as { msg: string; url?: string }
    if (entry.msg !== 'ready') continue
    child.stdout.resume()
    return entry.url ?? ''
  }
  throw new Error('the API server ended before it was ready; is dist/api-server.js built?')
}

function kubeconfig(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server } }],
    users: [{ name: 'test', user: {} }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
  })
}
