import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { environmentOf, patienceMs, type Cluster } from '../ground.ts'
import { networkOf } from '../manifests.ts'

const execute = promisify(execFile)

/** The addresses that stand in examples and pages, and those that this cluster has in their place. */
function localized(text: string, cluster: Cluster): string {
  const network = networkOf(cluster)
  return text
    .replaceAll('192.168.10.', `${network}.`)
    .replaceAll('10.77.0.', `${network}.`)
    .replaceAll('fd00:10::', `fd77:0:0:${network.split('.')[2]}::`)
}

/**
 * The terminal of someone who follows a page in a checkout of the repository: variables last from one step to the next,
 * and the addresses in the examples are the LAN's, as a user would have changed them.
 */
export class UserShell implements Disposable {
  readonly #cluster: Cluster
  readonly #folder = mkdtempSync(join(tmpdir(), 'lanlord-reader-'))

  constructor(cluster: Cluster) {
    this.#cluster = cluster
    for (const name of ['charts', 'deploy', 'docs', 'crds'])
      symlinkSync(resolve(name), join(this.#folder, name))
    cpSync('examples', join(this.#folder, 'examples'), { recursive: true })
    for (const name of readdirSync('examples')) {
      const text = readFileSync(`examples/${name}`, 'utf8')
      writeFileSync(join(this.#folder, 'examples', name), localized(text, cluster))
    }
  }

  /** What the commands print; rejects when one of them fails. */
  async run(commands: string): Promise<string> {
    const state = join(this.#folder, '.state')
    const script = `set -aeuo pipefail; [ ! -e ${state} ] || . ${state}
${localized(commands, this.#cluster)}
{ export -p; declare -f; } > ${state}`
    const env = environmentOf(this.#cluster)
    const options = { cwd: this.#folder, env, timeout: 2 * patienceMs }
    const running = execute('bash', ['-c', script], options)
    running.child.stdin?.end()
    return (await running).stdout
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true })
  }
}
