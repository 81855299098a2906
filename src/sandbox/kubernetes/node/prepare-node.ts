import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { CgroupTree } from '../../cgroups/tree.ts'
import { kubeconfigOf } from '../certificates.ts'
import type { Certificates } from '../certificates.ts'
import { apiPort, dnsAddress, podRoutes } from '../networks.ts'
import type { ClusterNetwork } from '../networks.ts'
import { bootScript } from './boot-script.ts'
import { containerdConfig, podNetwork, registryHosts } from './container-runtime.ts'
import { kubeProxyConfig } from './kube-proxy.ts'
import { kubeletConfig } from './kubelet.ts'
import type { NodeSetting } from './node-setting.ts'

/** Writes everything that a node finds when it boots; answers the script that boots it. */
export async function prepareNode(
  setting: NodeSetting,
  certificates: Certificates,
  cgroups: CgroupTree,
): Promise<string> {
  const { directory, place, network } = setting
  const server = `https://${network.controlAddress}:${apiPort}`
  const files: Readonly<Record<string, string>> = {
    'boot.sh': bootScript(setting, cgroups),
    'containerd.toml': containerdConfig(setting),
    'registries/_default/hosts.toml': registryHosts(setting),
    'cni/10-pods.conflist': podNetwork(setting),
    'kubelet.json': kubeletConfig(setting),
    'kubelet.kubeconfig': await kubeconfigOf(certificates, place.name, server),
    'kube-proxy.json': kubeProxyConfig(setting),
    'kube-proxy.kubeconfig': await kubeconfigOf(certificates, 'kube-proxy', server),
    'resolv.conf': `nameserver ${dnsAddress}\n`,
    routes: routesOf(setting, network),
  }
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text, { mode: 0o600 })
  }
  return join(directory, 'boot.sh')
}

/** Whatever is not on the LAN is asked for on the management network; of it only the control plane answers. */
function routesOf({ place }: NodeSetting, network: ClusterNetwork): string {
  const lines = [`route replace default via ${network.controlAddress}`, ...podRoutes(network, place)]
  return `${lines.join('\n')}\n`
}
