import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Api } from '../../platform/kubernetes/api.ts'
import { hasStatus } from '../../platform/kubernetes/api-error.ts'
import { packageRoot } from '../package-root.ts'
import { namesWith } from '../seed.ts'
import { until } from '../until.ts'
import { kubeconfigOf } from './certificates.ts'
import type { Components } from './components.ts'
import { controlFlags } from './control-plane.ts'
import type { ControlProgram } from './control-plane.ts'
import { publishNames } from './dns/publish-names.ts'
import { installLanlord, isLanlordReady } from './lanlord-release.ts'
import { apiPort, registryPort } from './networks.ts'
import type { NodePlace } from './networks.ts'
import { nodeNamespaces } from './node/boot-script.ts'
import { prepareNode } from './node/prepare-node.ts'
import type { ClusterOptions } from './options.ts'
import type { Site } from './site.ts'
import type { Supplies } from './supplies.ts'

export interface BringUp {
  readonly options: ClusterOptions
  readonly supplies: Supplies
  readonly site: Site
  readonly components: Components
  readonly api: Api
}

/** Starts everything and waits until all nodes are Ready, and Lanlord with them. */
export async function bringUp(work: BringUp): Promise<void> {
  const { site } = work
  await writeKubeconfigs(site)
  startControl(work, 'etcd')
  startControl(work, 'kube-apiserver')
  startControlAgent(work)
  await Promise.all(site.network.nodes.map((place) => startNode(work, place)))
  await wait(work, 'the API server to answer', () => apiAnswers(work.api))
  await writeFile(apiAnswersFile(site), '')
  // Earlier, they would not find the roles that the API server makes first, and end.
  startControl(work, 'kube-controller-manager')
  startControl(work, 'kube-scheduler')
  await wait(work, 'the namespace kube-system to be made', () => hasNamespace(work.api, 'kube-system'))
  await publishNames(work.api, site.network.controlAddress)
  await Promise.all([nodesReady(work), lanlordReady(work)])
}

async function nodesReady(work: BringUp): Promise<void> {
  await wait(work, 'every node to be Ready', async () => {
    return (await namesWith(work.api, '/api/v1/nodes', 'Ready')).size === work.options.nodes
  })
}

async function lanlordReady(work: BringUp): Promise<void> {
  const { options, supplies, site, api } = work
  if (options.lanlord === false) return
  await installLanlord({ options, tools: supplies.tools, directory: site.directory })
  await wait(work, 'Lanlord to be ready', () => isLanlordReady(api, options.nodes))
}

async function writeKubeconfigs({ certificates, directory }: Site): Promise<void> {
  for (const name of ['kube-controller-manager', 'kube-scheduler', 'admin']) {
    const text = await kubeconfigOf(certificates, name, `https://127.0.0.1:${apiPort}`)
    await writeFile(join(directory, `${name}.kubeconfig`), text, { mode: 0o600 })
  }
}

function startControl({ site, supplies, components }: BringUp, program: ControlProgram): void {
  const { network, certificates, directory } = site
  const flags = controlFlags({ network, certificates, directory })[program]
  components.start(program, site.lan.execIn('control'), [join(supplies.binaries, program), ...flags])
}

function startControlAgent({ options, site, supplies, components }: BringUp): void {
  const script = join(options.programs ?? join(packageRoot(), 'dist'), 'control-agent.js')
  if (!existsSync(script)) throw new Error(`${script} is missing; npm run build makes it`)
  components.start('control-agent', site.lan.execIn('control'), [
    process.execPath,
    script,
    `--socket=${apiSocket(site)}`,
    `--api-port=${apiPort}`,
    `--layouts=${supplies.images}`,
    `--host=${site.network.controlAddress}`,
    `--port=${registryPort}`,
    `--kubeconfig=${join(site.directory, 'admin.kubeconfig')}`,
  ])
}

/** The Unix socket that leads to the API server. */
export function apiSocket({ directory }: Site): string {
  return join(directory, 'api.sock')
}

function apiAnswersFile({ directory }: Site): string {
  return join(directory, 'api-answers')
}

/** Its network namespace outlives the node's other ones, which go with its first process. */
async function startNode({ options, site, supplies, components }: BringUp, place: NodePlace): Promise<void> {
  const directory = join(site.directory, 'nodes', place.name)
  await mkdir(directory, { recursive: true })
  const setting = {
    place,
    network: site.network,
    proxyMode: options.proxyMode ?? 'nftables',
    directory,
    logs: site.logs,
    binaries: supplies.binaries,
    authority: site.certificates.authority,
    cgroup: place.namespace,
    apiAnswers: apiAnswersFile(site),
  }
  const script = await prepareNode(setting, site.certificates, site.cgroupTree)
  const inside = ['nsenter', `--net=/run/netns/${place.namespace}`, '--']
  components.start(place.name, inside, [...nodeNamespaces, 'sh', script])
}

/** `/readyz` says "ok" and no more, which is no JSON. */
export async function apiAnswers(api: Api): Promise<boolean> {
  try {
    await api.request('GET', '/readyz')
    return true
  } catch (error) {
    return hasStatus(error, 200)
  }
}

async function hasNamespace(api: Api, name: string): Promise<boolean> {
  await api.request('GET', `/api/v1/namespaces/${name}`)
  return true
}

async function wait(work: BringUp, what: string, isSo: () => Promise<boolean>): Promise<void> {
  const { options, components } = work
  const check = async (): Promise<boolean> => {
    components.throwIfHopeless()
    return isSo().catch(() => false)
  }
  await until(check, {
    describe: () => `waiting for ${what}`,
    timeoutMs: options.readyWithinMs ?? 120_000,
    signal: options.signal,
  })
}
