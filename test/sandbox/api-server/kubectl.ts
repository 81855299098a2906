import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** One kubectl and which version it says it is. */
export interface Kubectl {
  readonly path: string
  readonly version: string
}

/** Those named in LANLORD_KUBECTLS (a list as PATH is one), and the one on PATH. */
export function kubectls(): readonly Kubectl[] {
  const named = (process.env['LANLORD_KUBECTLS'] ?? '').split(delimiter).filter(Boolean)
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'kubectl'))
  const first = onPath.find((path) => existsSync(path))
  return [...named, ...(first === undefined ? [] : [first])].map((path) => ({
    path,
    version: versionOf(path),
  }))
}

function versionOf(path: string): string {
  const text = execFileSync(path, ['version', '--client', '-o', 'json'], { encoding: 'utf8' })
  return (JSON.parse(text) as { clientVersion: { gitVersion: string } }).clientVersion.gitVersion
}

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** One kubectl on one kubeconfig, with a home of its own so that nothing is remembered between tests. */
export class Session {
  readonly #path: string
  readonly #environment: NodeJS.ProcessEnv

  constructor(kubectl: Kubectl, folder: string, kubeconfig: string) {
    this.#path = kubectl.path
    this.#environment = { ...process.env, KUBECONFIG: kubeconfig, HOME: folder }
  }

  start(args: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
    return spawn(this.#path, args, { env: { ...this.#environment, ...environment }, stdio: 'pipe' })
  }

  async run(args: readonly string[], stdin = '', environment: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    const child = this.start(args, environment)
    const texts = { stdout: '', stderr: '' }
    child.stdout?.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString()))
    child.stderr?.on('data', (chunk: Buffer) => (texts.stderr += chunk.toString()))
    child.stdin?.end(stdin)
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (status) => resolve(status ?? -1))
    })
    return { code, ...texts }
  }

  /** What a command that must succeed printed; words split by any number of blanks. */
  async ok(command: string, stdin = ''): Promise<string> {
    const outcome = await this.run(argvOf(command), stdin)
    if (outcome.code !== 0)
      throw new Error(`kubectl ${command}\nexit ${outcome.code}: ${outcome.stderr}${outcome.stdout}`)
    return outcome.stdout
  }

  /** What a command that must fail said. */
  async fails(command: string, stdin = ''): Promise<string> {
    const outcome = await this.run(argvOf(command), stdin)
    if (outcome.code === 0) throw new Error(`kubectl ${command} succeeded: ${outcome.stdout}`)
    return outcome.stderr
  }
}

/** Splits at blanks, but for what stands in single quotes. */
function argvOf(command: string): readonly string[] {
  return [...command.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ''))
}
