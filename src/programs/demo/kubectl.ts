import { spawn, spawnSync } from 'node:child_process'
import { readTable } from './table-reader.ts'

/** How the demo talks to the cluster: `kubectl` when there is one, and a small reader of its own otherwise. */
export interface Kubectl {
  readonly isReal: boolean
  /** Runs `kubectl …args` with `input` on its standard input and answers what it printed. */
  run(args: readonly string[], input?: string): Promise<string>
}

export function openKubectl(kubeconfig: string, server: string): Kubectl {
  const found = spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status === 0
  return found
    ? realKubectl(kubeconfig)
    : { isReal: false, run: (args, input) => readTable(server, args, input) }
}

function realKubectl(kubeconfig: string): Kubectl {
  const env = { ...process.env, KUBECONFIG: kubeconfig }
  return { isReal: true, run: (args, input) => runCommand(['kubectl', ...args], { env, input }) }
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv | undefined
  readonly input?: string | undefined
}

/** Runs a command and answers its output; a failure throws with what the command said. */
export async function runCommand(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const [command = '', ...args] = argv
  const child = spawn(command, args, { env: options.env ?? process.env, stdio: ['pipe', 'pipe', 'pipe'] })
  const said: string[] = []
  const complained: string[] = []
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => complained.push(chunk.toString()))
  child.stdin.on('error', () => undefined) // It may end without having read anything; its exit code says how that went.
  child.stdin.end(options.input ?? '')
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}: ${complained.join('').trim()}`)
  return said.join('')
}
