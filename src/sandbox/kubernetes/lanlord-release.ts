import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { apiVersion } from '../../core/api/group.ts'
import { leaseName, systemNamespace } from '../../core/api/names.ts'
import type { Api } from '../../platform/kubernetes/api.ts'
import { packageRoot } from '../package-root.ts'
import { namesWith } from '../seed.ts'
import type { ClusterOptions } from './options.ts'

const execute = promisify(execFile)

/** What installs Lanlord, and where. */
export interface ReleaseSetting {
  readonly options: ClusterOptions
  /** The folder with helm in it. */
  readonly tools: string
  /** Holds the kubeconfig, and takes what helm keeps for itself. */
  readonly directory: string
  readonly api: Api
}

/** `helm install --wait` of the chart as it lies in the tree: what a user does. */
export async function installLanlord({ options, tools, directory, api }: ReleaseSetting): Promise<void> {
  const values = [
    `controller.replicas=${options.controllerReplicas ?? 2}`,
    ...(options.heartbeat === undefined ? [] : [`speaker.heartbeat=${options.heartbeat}`]),
    ...(options.logLevel === undefined ? [] : [`logLevel=${options.logLevel}`]),
  ]
  const chart = join(packageRoot(), 'charts', 'lanlord')
  const where = ['--namespace', systemNamespace, '--create-namespace']
  const how = ['--wait', '--timeout', '120s', ...values.flatMap((value) => ['--set', value])]
  const args = ['install', 'lanlord', chart, ...where, ...how]
  const homes = ['CACHE', 'CONFIG', 'DATA'].map((kind) => [`HELM_${kind}_HOME`, join(directory, 'helm')])
  const env = {
    ...process.env,
    ...Object.fromEntries(homes),
    KUBECONFIG: join(directory, 'kubeconfig'),
  }
  try {
    await execute(join(tools, 'helm'), args, { env, ...(options.signal && { signal: options.signal }) })
  } catch (cause) {
    options.signal?.throwIfAborted()
    const said = (cause as { stderr?: string }).stderr?.trim()
    throw new Error(`Lanlord was not installed: ${said} (${await troubleOfPods(api)})`, { cause })
  }
}

interface PodObject {
  readonly metadata: { readonly name: string }
  readonly status: {
    readonly containerStatuses?: readonly {
      readonly state: { readonly waiting?: { readonly reason?: string; readonly message?: string } }
    }[]
  }
}

/** Why Pods of Lanlord do not run, in Kubernetes' words. */
async function troubleOfPods(api: Api): Promise<string> {
  const path = `/api/v1/namespaces/${systemNamespace}/pods`
  const { items } = await api.request<{ items: readonly PodObject[] }>('GET', path)
  const words = items.flatMap(({ metadata, status }) => {
    const waiting = status.containerStatuses?.[0]?.state.waiting
    return waiting ? [`${metadata.name}: ${waiting.reason} ${waiting.message ?? ''}`.trim()] : []
  })
  return words.join('; ') || 'no Pod says why'
}

interface LeaseObject {
  readonly spec?: { readonly holderIdentity?: string }
}

/** Every node has a speaker that says Ready, and one of the controllers leads. */
export async function isLanlordReady(api: Api, nodes: number): Promise<boolean> {
  const leases = `/apis/coordination.k8s.io/v1/namespaces/${systemNamespace}/leases`
  const { spec } = await api.request<LeaseObject>('GET', `${leases}/${leaseName}`)
  const speakers = await namesWith(api, `/apis/${apiVersion}/speakers`, 'Ready')
  return Boolean(spec?.holderIdentity) && speakers.size === nodes
}
