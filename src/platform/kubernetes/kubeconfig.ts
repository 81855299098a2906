import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
// Only the part of client-node that reads a kubeconfig: its index and its KubeConfig class also load every model
// of the API and an HTTP client that is not used here (12 MB resident and a deprecation warning on newer Nodes).
import { newClusters, newContexts, newUsers } from '@kubernetes/client-node/dist/config_types.js'
import type { Cluster, Context, User } from '@kubernetes/client-node/dist/config_types.js'
import { parse } from 'yaml'
import { asError } from './api-error.ts'
import type { ApiConfig } from './config.ts'
import { identityOf } from './identity.ts'

/** A user as kubectl knows it; client-node leaves `tokenFile` out. */
export interface KubeconfigUser extends User {
  readonly tokenFile?: string | undefined
}

/** An entry and the file it was read from: relative paths in it start in that file's directory. */
export interface Entry<T> {
  readonly value: T
  readonly file: string
}

interface Loaded {
  readonly files: readonly string[]
  readonly current: string | undefined
  readonly clusters: readonly Entry<Cluster>[]
  readonly contexts: readonly Entry<Context>[]
  readonly users: readonly Entry<KubeconfigUser>[]
}

/** One context of kubeconfig files, merged as kubectl merges them: the first file that names a thing wins. */
export async function kubeconfigConfig(
  files: readonly string[],
  wanted: string | undefined,
): Promise<ApiConfig> {
  const loaded = merge(await Promise.all(files.map((file) => load(resolve(file)))))
  const context = contextOf(loaded, wanted)
  const source = `context ${context.value.name} of ${context.file}`
  const cluster = named(loaded.clusters, context.value.cluster)
  if (!cluster) throw new Error(`${source} names the cluster ${context.value.cluster}, which is not there`)
  const { user: userName, namespace } = context.value
  const user = userName ? named(loaded.users, userName) : undefined
  if (userName && !user) throw new Error(`${source} names the user ${userName}, which is not there`)
  const server = serverOf(cluster.value, source)
  return { server, namespace, source, ...(await identityOf(cluster, user, source)) }
}

function merge(all: readonly Loaded[]): Loaded {
  return {
    files: all.flatMap(({ files }) => files),
    current: all.find(({ current }) => current)?.current,
    clusters: all.flatMap(({ clusters }) => clusters),
    contexts: all.flatMap(({ contexts }) => contexts),
    users: all.flatMap(({ users }) => users),
  }
}

async function load(path: string): Promise<Loaded> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Error(`kubeconfig ${path} cannot be read: ${asError(cause).message}`, { cause })
  })
  try {
    return understand(path, parse(text))
  } catch (cause) {
    throw new Error(`kubeconfig ${path} cannot be understood: ${asError(cause).message}`, { cause })
  }
}

function understand(file: string, content: unknown): Loaded {
  if (typeof content !== 'object' || content === null) throw new Error('it is empty or no YAML mapping')
  const { clusters, contexts, users, 'current-context': current } = content as Record<string, unknown>
  const entry = <T>(value: T): Entry<T> => ({ value, file })
  return {
    files: [file],
    current: typeof current === 'string' && current !== '' ? current : undefined,
    clusters: newClusters(clusters).map(entry),
    contexts: newContexts(contexts).map(entry),
    users: usersOf(users).map(entry),
  }
}

function usersOf(raw: unknown): KubeconfigUser[] {
  const given = (raw ?? []) as readonly { readonly user?: { readonly tokenFile?: string } | null }[]
  return newUsers(raw).map((user, index) => ({ ...user, tokenFile: given[index]?.user?.tokenFile }))
}

function contextOf(loaded: Loaded, wanted: string | undefined): Entry<Context> {
  const files = loaded.files.join(', ')
  const known = loaded.contexts.map(({ value }) => value.name).join(', ') || 'none'
  const name = wanted ?? loaded.current
  if (name === undefined) {
    throw new Error(`kubeconfig ${files} has no current-context; give --context, one of: ${known}`)
  }
  const context = named(loaded.contexts, name)
  if (!context) throw new Error(`kubeconfig ${files} has no context ${name}; there are: ${known}`)
  return context
}

function named<T extends { readonly name: string }>(
  entries: readonly Entry<T>[],
  name: string,
): Entry<T> | undefined {
  return entries.find(({ value }) => value.name === name)
}

function serverOf(cluster: Cluster, source: string): string {
  const { server, proxyUrl } = cluster
  if (proxyUrl) {
    throw new Error(`${source} asks for the proxy ${proxyUrl}, which Lanlord cannot use; remove proxy-url`)
  }
  if (!URL.canParse(server) || !/^https?:$/.test(new URL(server).protocol)) {
    throw new Error(`${source}: the server "${server}" is no URL; write https://HOST:PORT`)
  }
  return server.replace(/\/+$/, '')
}
