import { delimiter, join } from 'node:path'
import { existsSync } from 'node:fs'
import { clusterConfig, serviceAccountDirectory } from './in-cluster.ts'
import { kubeconfigConfig } from './kubeconfig.ts'

/** How to reach an API server and who we are there. */
export interface ApiConfig {
  /** `http(s)://host:port`, with a path when the API server sits behind one; no slash at the end. */
  readonly server: string
  /** The namespace of the context, or of the pod. */
  readonly namespace: string | undefined
  /** Where this came from, for people: `context kind-a of /home/a/.kube/config`. */
  readonly source: string
  /** Asked for at each new connection, so that rotated certificates are taken up; `renew` forgets what is remembered of them. */
  tls(renew?: boolean): Promise<TlsMaterial>
  /** Headers that say who we are; `renew` forgets what is remembered of them (after a 401). */
  credentials(renew?: boolean): Promise<Readonly<Record<string, string>>>
}

export interface TlsMaterial {
  readonly ca?: string | Buffer
  readonly cert?: string | Buffer
  readonly key?: string | Buffer
  readonly servername?: string
  readonly rejectUnauthorized?: boolean
}

export interface ConfigOptions {
  /** A file (--kubeconfig); else KUBECONFIG, else the pod's service account, else ~/.kube/config. */
  readonly kubeconfig?: string | undefined
  readonly context?: string | undefined
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Where a pod finds its token; only tests put it elsewhere. */
  readonly serviceAccount?: string
}

/** Finds the API server as kubectl does, or throws an Error that names the file and what would mend it. */
export async function loadConfig(options: ConfigOptions = {}): Promise<ApiConfig> {
  const env = options.env ?? process.env
  const files = options.kubeconfig ? [options.kubeconfig] : filesIn(env['KUBECONFIG'])
  if (files.length > 0) return kubeconfigConfig(files, options.context)
  const directory = options.serviceAccount ?? serviceAccountDirectory
  if (isPod(env, directory)) return clusterConfig(env, directory)
  const home = join(env['HOME'] ?? '/', '.kube', 'config')
  if (existsSync(home)) return kubeconfigConfig([home], options.context)
  if (env['KUBERNETES_SERVICE_HOST']) {
    const mend = "set automountServiceAccountToken: true in the Pod's spec"
    throw new Error(`this Pod has no token in ${directory}; ${mend}, or give --kubeconfig FILE`)
  }
  throw new Error(
    `no kubeconfig: KUBECONFIG is not set, ${home} is not there and this is no pod; give --kubeconfig FILE`,
  )
}

/** As kubectl does, files that are missing are passed over while there are others. */
function filesIn(list = ''): readonly string[] {
  const files = list.split(delimiter).filter((file) => file !== '')
  const there = files.filter((file) => existsSync(file))
  return there.length > 0 ? there : files
}

function isPod(env: Readonly<Record<string, string | undefined>>, directory: string): boolean {
  return Boolean(env['KUBERNETES_SERVICE_HOST']) && existsSync(join(directory, 'token'))
}

/** A server that needs no credentials: a local proxy, a test. */
export function plainConfig(server: string): ApiConfig {
  return {
    server: server.replace(/\/+$/, ''),
    namespace: undefined,
    source: server,
    tls: () => Promise.resolve({}),
    credentials: () => Promise.resolve({}),
  }
}
