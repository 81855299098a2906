import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sweepDirectories } from './lan/sweep.ts'

/** The files of one sandbox, all in one directory that goes with it. */
export interface Scratch {
  readonly directory: string
  readonly kubeconfig: string
  readonly pids: string
  readonly apiSocket: string
  readonly apiState: string
  readonly logs: string
  readonly keys: string
  /** The key that signs heartbeats, as it stands in `keys`. */
  readonly heartbeatKey: Buffer
}

/** A directory whose name starts with the prefix; what killed sandboxes left beside it is removed. */
export async function makeDirectory(namePrefix: string, parent?: string): Promise<string> {
  const place = parent ?? (await placeForScratch())
  await sweepDirectories(place)
  return mkdtemp(join(place, `${namePrefix}-`))
}

export async function makeScratch(namePrefix: string, parent?: string): Promise<Scratch> {
  const directory = await makeDirectory(namePrefix, parent)
  const scratch = {
    directory,
    kubeconfig: join(directory, 'kubeconfig'),
    pids: join(directory, 'pids.json'),
    apiSocket: join(directory, 'api.sock'),
    apiState: join(directory, 'api-state.json'),
    logs: join(directory, 'logs'),
    keys: join(directory, 'heartbeat-key'),
    heartbeatKey: randomBytes(32),
  }
  await Promise.all([mkdir(scratch.logs), mkdir(scratch.keys)])
  await writeFile(join(scratch.keys, 'current'), scratch.heartbeatKey, { mode: 0o600 })
  return scratch
}

export async function removeScratch(scratch: Scratch): Promise<void> {
  await rm(scratch.directory, { recursive: true, force: true, maxRetries: 3 })
}

/** /run looks different inside the LAN of someone who is not root, and more does on the nodes of a real cluster. */
export async function placeForScratch(): Promise<string> {
  const place = `${await realpath(tmpdir())}/`
  const isHidden = ['/run/', '/var/lib/', '/var/log/'].some((path) => place.startsWith(path))
  return isHidden ? '/tmp' : place.slice(0, -1)
}

/** What kubectl and the programs read; the API server asks nobody for a name. */
export async function writeKubeconfig(path: string, server: string): Promise<void> {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'sandbox', cluster: { server } }],
    users: [{ name: 'sandbox', user: {} }],
    contexts: [{ name: 'sandbox', context: { cluster: 'sandbox', user: 'sandbox' } }],
    'current-context': 'sandbox',
  }
  await writeFile(path, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 })
}
