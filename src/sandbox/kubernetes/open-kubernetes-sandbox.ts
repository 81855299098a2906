import { Api } from '../../platform/kubernetes/api.ts'
import { loadConfig } from '../../platform/kubernetes/config.ts'
import { mostNodes } from '../options.ts'
import { startRelay } from '../relay.ts'
import { Undo } from '../undo.ts'
import { bringUp } from './bring-up.ts'
import { Components } from './components.ts'
import { KubernetesSandbox } from './kubernetes-sandbox.ts'
import { LanlordProcesses } from './lanlord-processes.ts'
import type { ClusterOptions } from './options.ts'
import { apiAnswers } from './readiness.ts'
import { prepareSite } from './site.ts'
import type { Site } from './site.ts'
import { apiSocket } from './start-programs.ts'
import { bringSupplies } from './supplies.ts'
import type { Supplies } from './supplies.ts'

/** Makes a LAN and starts Kubernetes on it, with Lanlord installed; leaves nothing behind when that fails. */
export async function openKubernetesSandbox(options: ClusterOptions): Promise<KubernetesSandbox> {
  if (!Number.isInteger(options.nodes) || options.nodes < 1 || options.nodes > mostNodes) {
    throw new RangeError(`a cluster of ${options.nodes} nodes is not possible; ask for 1 to ${mostNodes}`)
  }
  const supplies = await bringSupplies(options.onWords ?? (() => undefined))
  const failed = new AbortController() // Whatever else is still waiting then stops.
  const signal = AbortSignal.any([failed.signal, ...(options.signal ? [options.signal] : [])])
  const undo = new Undo()
  try {
    signal.throwIfAborted()
    const site = await prepareSite(options, supplies, undo)
    return await open({ ...options, signal }, supplies, site, undo)
  } catch (error) {
    failed.abort()
    await undo.run().catch((trouble: Error) => options.onWords?.(trouble.message))
    throw error
  }
}

async function open(
  options: ClusterOptions,
  supplies: Supplies,
  site: Site,
  undo: Undo,
): Promise<KubernetesSandbox> {
  const door = await startRelay({ port: site.apiPort, host: '127.0.0.1' }, { path: apiSocket(site) })
  undo.defer(() => door.close())
  const components = new Components({
    logs: site.logs,
    env: environmentFor(supplies),
    onWords: options.onWords ?? (() => undefined),
  })
  undo.defer(() => components.stop())
  const api = new Api(await loadConfig({ kubeconfig: `${site.directory}/kubeconfig` }))
  undo.defer(() => api.close())
  await bringUp({ options, supplies, site, components, api })
  const { lan, directory, cgroups } = site
  const lanlord = new LanlordProcesses(cgroups, api)
  const answers = (): Promise<boolean> => apiAnswers(api)
  return new KubernetesSandbox({ lan, directory, components, cgroups, lanlord, apiAnswers: answers, undo })
}

/** A proxy that this machine reaches the world through is no way inside the cluster. */
function environmentFor({ binaries }: Supplies): NodeJS.ProcessEnv {
  const isProxy = (name: string): boolean => /^(https?|no|all)_proxy$/i.test(name)
  const kept = Object.entries(process.env).filter(([name]) => !isProxy(name) && name !== 'KUBECONFIG')
  return { ...Object.fromEntries(kept), PATH: `${binaries}:${process.env['PATH'] ?? ''}` }
}
