import { readFile } from 'node:fs/promises'
import { leaseName, systemNamespace } from '../../core/api/names.ts'
import type { Api } from '../../platform/kubernetes/api.ts'
import { ApiError } from '../../platform/kubernetes/api-error.ts'
import type { NodeCgroup } from '../cgroups/node-cgroup.ts'
import type { Pids } from '../playground.ts'

interface PodObject {
  readonly metadata: { readonly name: string; readonly uid: string }
}

interface LeaseObject {
  readonly spec?: { readonly holderIdentity?: string }
}

interface LanlordProcess {
  readonly pid: number
  readonly cgroup: string
  readonly program: 'controller' | 'speaker'
}

/** Lanlord's own processes, which run in containers of the cluster's nodes. */
export class LanlordProcesses {
  readonly #cgroups: ReadonlyMap<string, NodeCgroup>
  readonly #api: Api
  #leaderUid: string | undefined

  constructor(cgroups: ReadonlyMap<string, NodeCgroup>, api: Api) {
    this.#cgroups = cgroups
    this.#api = api
  }

  async pids(): Promise<Pick<Pids, 'controllerPid' | 'nodes'>> {
    const found = await Promise.all(
      [...this.#cgroups].map(async ([name, cgroup]) => {
        return { name, processes: await lanlordIn(cgroup) }
      }),
    )
    const controllers = found.flatMap(({ processes }) =>
      processes.filter(({ program }) => program === 'controller'),
    )
    const leader = controllers.length > 0 ? await this.#leader() : undefined
    return {
      controllerPid:
        controllers.find(({ cgroup }) => leader !== undefined && cgroup.includes(leader))?.pid ?? null,
      nodes: found.map(({ name, processes }) => {
        return { name, speakerPid: processes.find(({ program }) => program === 'speaker')?.pid ?? null }
      }),
    }
  }

  /**
   * The uid of the Pod that holds the Lease, as it stands in the name of its cgroup; undefined when nobody ever did. While
   * the API server is away it is the one that was seen last: nobody else can take the Lease.
   */
  async #leader(): Promise<string | undefined> {
    const leases = `/apis/coordination.k8s.io/v1/namespaces/${systemNamespace}/leases`
    const pods = `/api/v1/namespaces/${systemNamespace}/pods`
    try {
      const { spec } = await this.#api.request<LeaseObject>('GET', `${leases}/${leaseName}`)
      const { items } = await this.#api.request<{ items: readonly PodObject[] }>('GET', pods)
      const leader = items.find(({ metadata }) => spec?.holderIdentity?.startsWith(metadata.name))
      this.#leaderUid = leader?.metadata.uid
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
    }
    return this.#leaderUid
  }
}

async function lanlordIn(cgroup: NodeCgroup): Promise<readonly LanlordProcess[]> {
  const all = await cgroup.processes()
  const named = await Promise.all(all.map(async (one) => ({ ...one, program: await programOf(one.pid) })))
  return named.flatMap(({ program, ...one }) => (program ? [{ ...one, program }] : []))
}

async function programOf(pid: number): Promise<LanlordProcess['program'] | undefined> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  const [, program] = /lanlord\.js\0(controller|speaker)\0/.exec(commandLine) ?? []
  return program as LanlordProcess['program'] | undefined
}
