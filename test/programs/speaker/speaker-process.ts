import { type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { spawnOn, type Host } from '../../support/namespaces.ts'
import { SmallApi } from '../../support/small-api.ts'
import { clusterKey } from './wire-harness.ts'

export const address = '10.88.0.200'
export const apiPort = 6443
export const speakers = '/apis/lanlord.dev/v1beta1/speakers'
export const services = '/api/v1/services'
export const slices = '/apis/discovery.k8s.io/v1/endpointslices'

interface Fetched {
  readonly status: number
  readonly text: string
}

export interface SpeakerProcessOptions {
  readonly http?: string
  /** What stands before `node`: a command that starts it with less than a test has. */
  readonly under?: readonly string[]
}

/** A speaker as it runs in a cluster, and its log. */
export class SpeakerProcess implements AsyncDisposable {
  readonly node: string
  readonly log: string[] = []
  readonly ended: Promise<number | null>
  readonly #host: Host
  readonly #process: ChildProcess

  constructor(node: string, host: Host, directory: string, options: SpeakerProcessOptions = {}) {
    this.node = node
    this.#host = host
    const { http = '127.0.0.1:7472', under = [] } = options
    const program = new URL('../../../dist/speaker.js', import.meta.url).pathname
    const flags = { kubeconfig: join(directory, 'kubeconfig'), node, 'key-directory': directory, http }
    const argv = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value])
    this.#process = spawnOn(host, [...under, 'node', program, ...argv])
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (chunk: Buffer) => this.log.push(...chunk.toString().trimEnd().split('\n')))
    }
    this.ended = new Promise((resolve) => this.#process.once('exit', resolve))
  }

  /** `ip netns exec` becomes the program, so that this is the speaker itself. */
  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal)
  }

  /** Every thread of it: a signal does not reach them at once. */
  get isStopped(): boolean {
    const tasks = `/proc/${this.#process.pid ?? 0}/task`
    return readdirSync(tasks).every((task) => / T /.test(readFileSync(`${tasks}/${task}/stat`, 'utf8')))
  }

  has(word: string): boolean {
    return this.linesWith(word).length > 0
  }

  linesWith(word: string): readonly string[] {
    return this.log.filter((line) => line.includes(word))
  }

  /** What it answers over HTTP, and its status; undefined while it does not listen. */
  async fetched(path: string): Promise<Fetched | undefined> {
    const tell = `async (r) => process.stdout.write(JSON.stringify({ status: r.status, text: await r.text() }))`
    const script = `fetch('http://127.0.0.1:7472${path}').then(${tell}).catch(() => process.stdout.write('null'))`
    // Not with execOn, which would keep this process, and the API server in it, from doing anything meanwhile.
    const { stdout } = spawnOn(this.#host, ['node', '-e', script])
    return (stdout && ((await json(stdout)) as Fetched | null)) ?? undefined
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.signal('SIGKILL')
    await this.ended
  }
}

/** A directory with the key and a kubeconfig, removed when it is disposed of. */
export function newDirectory(key: Uint8Array = clusterKey): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'lanlord-speaker-'))
  writeFileSync(join(path, 'current'), key)
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'small', cluster: { server: `http://127.0.0.1:${apiPort}` } }],
    contexts: [{ name: 'small', context: { cluster: 'small', user: 'nobody' } }],
    users: [{ name: 'nobody', user: {} }],
    'current-context': 'small',
  }
  writeFileSync(join(path, 'kubeconfig'), JSON.stringify(config))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

/** A Service with an address, placed on node one, with an endpoint on each node. */
export function clusterWithOneService(firstVersion?: number): SmallApi {
  const api = new SmallApi(firstVersion)
  for (const name of ['one', 'two']) api.put('/api/v1/nodes', { metadata: { name } })
  const placed = { address, revision: 1, pool: 'lan', services: ['shop/web'] }
  api.put(speakers, { metadata: { name: 'one' }, spec: { revision: 1, addresses: [placed] } })
  api.put('/apis/lanlord.dev/v1beta1/addresspools', {
    metadata: { name: 'lan' },
    spec: { addresses: ['10.88.0.200'] },
  })
  api.put(services, {
    metadata: { name: 'web', namespace: 'shop' },
    spec: { type: 'LoadBalancer', loadBalancerClass: 'lanlord.dev/lanlord' },
    status: { loadBalancer: { ingress: [{ ip: address }] } },
  })
  api.put(slices, {
    metadata: { name: 'web-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
    endpoints: [{ nodeName: 'one' }, { nodeName: 'two' }],
  })
  return api
}

interface Status {
  readonly count?: number
  readonly summary?: string
  readonly announcing?: readonly object[]
  readonly interfaces?: readonly object[]
  readonly conditions?: readonly {
    readonly status: string
    readonly reason: string
    readonly message: string
  }[]
}

/** The status of a node's Speaker object. */
export function statusIn(api: SmallApi, node = 'one'): Status {
  return (api.objectAt(speakers, node)?.status ?? {}) as Status
}
