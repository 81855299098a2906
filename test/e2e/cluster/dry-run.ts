import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { environmentOf, type Cluster } from '../ground.ts'

const execute = promisify(execFile)

/** What the API server and kubectl have to say to manifests that would be applied; empty when nothing. */
export async function objectionsTo(cluster: Cluster, manifests: string): Promise<string> {
  const flags = ['apply', '--server-side', '--dry-run=server', '--validate=strict', '-f', '-']
  const running = execute('kubectl', flags, { env: environmentOf(cluster), timeout: 60_000 })
  running.child.stdin?.end(manifests)
  return running.then(
    ({ stderr }) => stderr,
    (error: Error) => error.message,
  )
}
