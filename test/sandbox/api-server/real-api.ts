import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import {
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  closeSync,
} from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureClusterBinaries } from '../../../src/sandbox/kubernetes/build-cache.ts'
import { until } from '../../../src/sandbox/until.ts'
import { ApiClient } from './api-client.ts'

const token = 'admin-of-this-test'

/** The programs of a real control plane, each beside its arguments. */
type Command = readonly [program: string, ...args: string[]]

interface Ports {
  readonly etcd: number
  readonly peer: number
  readonly api: number
}

/** A real etcd and kube-apiserver, with the controllers that a test asks for, on 127.0.0.1; it needs no nodes. */
export class RealApi extends ApiClient {
  readonly folder: string
  readonly #children: ChildProcess[] = []
  readonly #ports: Ports
  readonly #binaries: string

  private constructor(folder: string, ports: Ports, binaries: string) {
    const url = `https://127.0.0.1:${ports.api}`
    super(() => ({ url, token, authority: readFileSync(certificateIn(folder), 'utf8') }))
    this.folder = folder
    this.#ports = ports
    this.#binaries = binaries
  }

  static async start(controllers: readonly string[] = []): Promise<RealApi> {
    const binaries = await ensureClusterBinaries()
    const folder = mkdtempSync(join(tmpdir(), 'lanlord-real-api-'))
    const api = new RealApi(folder, await freePorts(), binaries)
    try {
      await api.#open(controllers)
    } catch (error) {
      const words = `${String(error)}\n${api.#lastWords()}`
      await api[Symbol.asyncDispose]()
      throw new Error(words, { cause: error })
    }
    return api
  }

  get kubeconfig(): string {
    return join(this.folder, 'kubeconfig')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
    for (const child of this.#children.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    }
    rmSync(this.folder, { recursive: true, force: true })
  }

  async #open(controllers: readonly string[]): Promise<void> {
    writeKeys(this.folder)
    this.#run(etcd(this.folder, this.#ports))
    this.#run(apiServer(this.folder, this.#ports))
    await this.#comes('its certificate', () => Promise.resolve(existsSync(certificateIn(this.folder))))
    writeFileSync(this.kubeconfig, kubeconfig(this.url, certificateIn(this.folder)))
    await this.#becomes('/readyz')
    await this.#becomes('/api/v1/namespaces/default')
    if (controllers.length === 0) return
    this.#run(controllerManager(this.folder, controllers))
    await this.#becomes('/api/v1/namespaces/default/serviceaccounts/default')
  }

  #becomes(path: string): Promise<void> {
    const answers = (): Promise<boolean> =>
      this.request('GET', path).then(
        ({ status }) => status === 200,
        () => false,
      )
    return this.#comes(path, answers)
  }

  #comes(what: string, isThere: () => Promise<boolean>): Promise<void> {
    const goesOn = (): Promise<boolean> => {
      const ended = this.#children.find((child) => child.exitCode !== null)
      if (ended !== undefined) throw new Error(`${ended.spawnargs[3]} ended`)
      return isThere()
    }
    return until(goesOn, { describe: () => `waiting for ${what}`, timeoutMs: 60_000, everyMs: 50 })
  }

  /** The kernel ends it should this process end without a word. */
  #run([program, ...args]: Command): void {
    const path = join(this.folder, program)
    symlinkSync(join(this.#binaries, program), path)
    const log = openSync(`${path}.log`, 'a')
    const stdio = ['ignore', log, log] as const
    this.#children.push(spawn('setpriv', ['--pdeathsig', 'KILL', path, ...args], { stdio: [...stdio] }))
    closeSync(log)
  }

  #lastWords(): string {
    const programs = this.#children.map(({ spawnargs }) => spawnargs[3] ?? '')
    return programs.map((path) => readFileSync(`${path}.log`, 'utf8').slice(-1500)).join('\n')
  }
}

function etcd(folder: string, { etcd: client, peer }: Ports): Command {
  const clients = `http://127.0.0.1:${client}`
  const peers = `http://127.0.0.1:${peer}`
  return [
    'etcd',
    `--data-dir=${join(folder, 'data')}`,
    '--unsafe-no-fsync',
    '--log-level=error',
    `--listen-client-urls=${clients}`,
    `--advertise-client-urls=${clients}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=default=${peers}`,
  ]
}

/** The ranges are those of the embedded server; an address that it advertises may not be a loopback one. */
function apiServer(folder: string, { etcd: store, api }: Ports): Command {
  return [
    'kube-apiserver',
    `--etcd-servers=http://127.0.0.1:${store}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=192.0.2.1',
    `--secure-port=${api}`,
    `--cert-dir=${folder}`,
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${join(folder, 'accounts.pub')}`,
    `--service-account-signing-key-file=${join(folder, 'accounts.key')}`,
    '--service-cluster-ip-range=10.96.0.0/16,fd00:10:96::/112',
    '--disable-admission-plugins=ServiceAccount,TaintNodesByCondition',
    '--allow-privileged',
  ]
}

function controllerManager(folder: string, controllers: readonly string[]): Command {
  const access = join(folder, 'kubeconfig')
  return [
    'kube-controller-manager',
    `--kubeconfig=${access}`,
    `--controllers=serviceaccount-controller,${controllers.join(',')}`,
    '--leader-elect=false',
    '--secure-port=0',
  ]
}

/** The server makes it at its first start. */
function certificateIn(folder: string): string {
  return join(folder, 'apiserver.crt')
}

function writeKeys(folder: string): void {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  writeFileSync(join(folder, 'accounts.key'), privateKey.export({ type: 'sec1', format: 'pem' }))
  writeFileSync(join(folder, 'accounts.pub'), publicKey.export({ type: 'spki', format: 'pem' }))
  writeFileSync(join(folder, 'tokens.csv'), `${token},sandbox,sandbox,system:masters\n`)
}

function kubeconfig(server: string, authority: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority': authority } }],
    users: [{ name: 'test', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
  })
}

/** Three ports that were free a moment ago, of those that the kernel gives to servers that do not care. */
async function freePorts(): Promise<Ports> {
  const servers = [createServer(), createServer(), createServer()]
  for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening')
  const [etcd = 0, peer = 0, api = 0] = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return { etcd, peer, api }
}
