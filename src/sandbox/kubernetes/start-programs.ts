import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../package-root.ts'
import type { ClusterStart } from './cluster-start.ts'
import { kubeconfigOf } from './certificates.ts'
import { controlFlags } from './control-plane.ts'
import type { ControlProgram } from './control-plane.ts'
import { apiPort, registryPort } from './networks.ts'
import type { NodePlace } from './networks.ts'
import { nodeNamespaces } from './node/boot-script.ts'
import { prepareNode } from './node/prepare-node.ts'
import type { Site } from './site.ts'

/** The files that the programs of the control plane reach the API server with. */
export async function writeKubeconfigs({ certificates, directory }: Site): Promise<void> {
  for (const name of ['kube-controller-manager', 'kube-scheduler', 'admin']) {
    const text = await kubeconfigOf(certificates, name, `https://127.0.0.1:${apiPort}`)
    await writeFile(join(directory, `${name}.kubeconfig`), text, { mode: 0o600 })
  }
}

export function startControl({ site, supplies, components }: ClusterStart, program: ControlProgram): void {
  const { network, certificates, directory } = site
  const flags = controlFlags({ network, certificates, directory })[program]
  components.start(program, site.lan.execIn('control'), [join(supplies.binaries, program), ...flags])
}

export function startControlAgent({ options, site, supplies, components }: ClusterStart): void {
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

/** Kubelets wait for this file: one that finds no API server at its start takes its time before it asks again. */
export function apiAnswersFile({ directory }: Site): string {
  return join(directory, 'api-answers')
}

/**
 * Its network namespace outlives the node's other ones, which go with its first process. `ip netns exec` would give it a
 * /sys without cgroups.
 */
export async function startNode(work: ClusterStart, place: NodePlace): Promise<void> {
  const { options, site, supplies, components } = work
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
