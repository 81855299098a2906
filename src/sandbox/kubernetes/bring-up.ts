import { writeFile } from 'node:fs/promises'
import type { ClusterStart } from './cluster-start.ts'
import { publishNames } from './dns/publish-names.ts'
import { installLanlord, isLanlordReady } from './lanlord-release.ts'
import { apiAnswers, hasNamespace, nodesAreReady, waitFor } from './readiness.ts'
import {
  apiAnswersFile,
  startControl,
  startControlAgent,
  startNode,
  writeKubeconfigs,
} from './start-programs.ts'

/** Starts everything and waits until all nodes are Ready, and Lanlord with them. */
export async function bringUp(work: ClusterStart): Promise<void> {
  const { site, api } = work
  await writeKubeconfigs(site)
  startControl(work, 'etcd')
  startControl(work, 'kube-apiserver')
  startControlAgent(work)
  await Promise.all(site.network.nodes.map((place) => startNode(work, place)))
  await waitFor(work, 'the API server to answer', () => apiAnswers(api))
  await writeFile(apiAnswersFile(site), '')
  // Earlier, they would not find the roles that the API server makes first, and end.
  startControl(work, 'kube-controller-manager')
  startControl(work, 'kube-scheduler')
  await waitFor(work, 'the namespace kube-system to be made', () => hasNamespace(api, 'kube-system'))
  await publishNames(api, site.network.controlAddress)
  const names = site.network.nodes.map(({ name }) => name)
  const nodes = waitFor(work, 'every node to be Ready', () => nodesAreReady(api, names))
  await Promise.all([nodes, work.options.lanlord === false ? undefined : bringUpLanlord(work)])
}

async function bringUpLanlord(work: ClusterStart): Promise<void> {
  const { options, supplies, site, api } = work
  await installLanlord({ options, tools: supplies.tools, directory: site.directory, api })
  await waitFor(work, 'Lanlord to be ready', () => isLanlordReady(api, options.nodes))
}
