import type { Api } from '../../platform/kubernetes/api.ts'
import { hasStatus } from '../../platform/kubernetes/api-error.ts'
import { namesWith } from '../seed.ts'
import { until } from '../until.ts'
import type { ClusterStart } from './cluster-start.ts'
import { lastWords, throwIfHopeless } from './last-words.ts'

/** `/readyz` says "ok" and no more, which is no JSON. */
export async function apiAnswers(api: Api): Promise<boolean> {
  try {
    await api.request('GET', '/readyz')
    return true
  } catch (error) {
    return hasStatus(error, 200)
  }
}

/** Throws while there is none. */
export async function hasNamespace(api: Api, name: string): Promise<boolean> {
  await api.request('GET', `/api/v1/namespaces/${name}`)
  return true
}

/** Every node is Ready, and its kube-proxy has taken over what there is to forward. */
export async function nodesAreReady(api: Api, names: readonly string[]): Promise<boolean> {
  const ready = await namesWith(api, '/api/v1/nodes', 'Ready')
  if (!names.every((name) => ready.has(name))) return false
  const forwarding = names.map((name) => api.request('GET', `/api/v1/nodes/${name}:10256/proxy/healthz`))
  await Promise.all(forwarding)
  return true
}

/** Asks until it is so; gives up when a program keeps ending, and says what all of them said last. */
export async function waitFor(
  { options, site, components }: ClusterStart,
  what: string,
  isSo: () => Promise<boolean>,
): Promise<void> {
  const check = async (): Promise<boolean> => {
    components.throwIfHopeless()
    for (const { name } of site.network.nodes) throwIfHopeless(site.logs, name)
    return isSo().catch(() => false)
  }
  await until(check, {
    describe: () => `waiting for ${what} (what was said last:\n${lastWords(site.logs)})`,
    timeoutMs: options.readyWithinMs ?? 120_000,
    everyMs: 100,
    signal: options.signal,
  })
}
