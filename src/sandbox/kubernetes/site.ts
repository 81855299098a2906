import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NodeCgroup } from '../cgroups/node-cgroup.ts'
import { removeCgroupsScript } from '../cgroups/removal.ts'
import type { CgroupTree } from '../cgroups/tree.ts'
import { freePort } from '../free-port.ts'
import { run } from '../lan/command.ts'
import { Lan } from '../lan/lan.ts'
import { ownedNamePrefix } from '../lan/owner.ts'
import { planLan } from '../lan/plan.ts'
import type { LanShape } from '../lan/plan.ts'
import { removeScript } from '../lan/script.ts'
import { claimSlot } from '../lan/slot.ts'
import { sweepCgroups } from '../lan/sweep.ts'
import { makeDirectory, placeForScratch } from '../scratch.ts'
import type { Undo } from '../undo.ts'
import { kubeconfigOf, makeCertificates } from './certificates.ts'
import type { Certificates } from './certificates.ts'
import { bearersOf } from './control-plane.ts'
import { Janitor } from './janitor.ts'
import { clusterNetwork, controlRoutes } from './networks.ts'
import type { ClusterNetwork } from './networks.ts'
import type { ClusterOptions } from './options.ts'
import type { Supplies } from './supplies.ts'

/** Everything a cluster stands on, before its first process: the LAN, files, certificates and cgroups. */
export interface Site {
  readonly lan: Lan
  readonly network: ClusterNetwork
  readonly directory: string
  readonly logs: string
  readonly certificates: Certificates
  /** By the names of the nodes. */
  readonly cgroups: ReadonlyMap<string, NodeCgroup>
  readonly cgroupTree: CgroupTree
  /** Where kubectl of this machine finds the API server, on 127.0.0.1. */
  readonly apiPort: number
}

export async function prepareSite(options: ClusterOptions, supplies: Supplies, undo: Undo): Promise<Site> {
  const slot = await claimSlot()
  undo.defer(() => slot.release())
  const shape = shapeOf(options, slot.number)
  const place = options.parentDirectory ?? (await placeForScratch())
  const janitor = Janitor.hire(removalOf(shape, supplies.cgroupTree, place))
  undo.defer(() => janitor.finish())
  await sweepCgroups()
  const directory = await makeDirectory(shape.namePrefix, place)
  const logs = join(directory, 'logs')
  await mkdir(logs)
  const lan = await Lan.open(shape)
  undo.defer(() => lan.close())
  const network = clusterNetwork(lan.plan)
  const apiPort = await freePort(slot.number, 0)
  const [certificates, cgroups] = await Promise.all([
    certify(directory, network, apiPort),
    makeCgroups(lan, supplies.cgroupTree),
    routeControl(lan, network),
  ])
  return { lan, network, directory, logs, certificates, cgroups, cgroupTree: supplies.cgroupTree, apiPort }
}

function shapeOf({ nodes, dualStack = false }: ClusterOptions, slot: number): LanShape {
  const namePrefix = ownedNamePrefix(slot)
  return { slot, nodes, namePrefix, nodeSettings: 'ordinary', management: true, dualStack }
}

/** All that can be left of a cluster: processes and their cgroups, network namespaces, and files. */
function removalOf(shape: LanShape, tree: CgroupTree, place: string): string {
  const plan = planLan(shape)
  const cgroups = plan.nodes.map(({ namespace }) => namespace)
  const files = `rm -rf '${join(place, shape.namePrefix)}'-*`
  return [removeCgroupsScript(tree, cgroups), removeScript(plan), files].join('\n')
}

async function certify(directory: string, network: ClusterNetwork, apiPort: number): Promise<Certificates> {
  const folder = join(directory, 'certificates')
  await mkdir(folder, { mode: 0o700 })
  const certificates = await makeCertificates(folder, bearersOf(network))
  const kubeconfig = await kubeconfigOf(certificates, 'admin', `https://127.0.0.1:${apiPort}`)
  await writeFile(join(directory, 'kubeconfig'), kubeconfig, { mode: 0o600 })
  return certificates
}

async function makeCgroups(lan: Lan, tree: CgroupTree): Promise<ReadonlyMap<string, NodeCgroup>> {
  const cgroups = new Map(lan.plan.nodes.map((node) => [node.name, new NodeCgroup(tree, node.namespace)]))
  for (const cgroup of cgroups.values()) await cgroup.make()
  return cgroups
}

async function routeControl(lan: Lan, network: ClusterNetwork): Promise<void> {
  await run([...lan.execIn('control'), 'ip', '-batch', '-'], controlRoutes(network).join('\n'))
}
