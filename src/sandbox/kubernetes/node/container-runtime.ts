import { podRanges, registryPort } from '../networks.ts'
import type { NodeSetting } from './node-setting.ts'

/** containerd's configuration. */
export function containerdConfig({ directory }: NodeSetting): string {
  const images = 'plugins."io.containerd.cri.v1.images"'
  const runtime = 'plugins."io.containerd.cri.v1.runtime"'
  const disabled = unusedPlugins.map((name) => `"io.containerd.${name}"`).join(', ')
  // Without CAP_SYS_RESOURCE nobody may give a process the score that Pods ask for, and runc would fail for each of them.
  return `version = 3
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = [${disabled}]
[grpc]
address = "${containerdSocket}"
[${images}]
snapshotter = "overlayfs"
[${images}.pinned_images]
sandbox = "lanlord.dev/pause:1"
[${images}.registry]
config_path = "${directory}/registries"
[${runtime}]
disable_apparmor = true
restrict_oom_score_adj = true
[${runtime}.cni]
bin_dirs = ["/usr/lib/cni"]
conf_dir = "${directory}/cni"
[${runtime}.containerd]
default_runtime_name = "runc"
[${runtime}.containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[${runtime}.containerd.runtimes.runc.options]
SystemdCgroup = false
`
}

export const containerdSocket = '/run/containerd/containerd.sock'

const unusedPlugins = [
  'nri.v1.nri',
  ...['btrfs', 'zfs', 'devmapper', 'erofs', 'blockfile'].map((name) => `snapshotter.v1.${name}`),
  'internal.v1.tracing',
  'tracing.processor.v1.otlp',
]

/** Every registry's images come from our own; naming it as the server, too, keeps containerd from asking the real one. */
export function registryHosts({ network }: NodeSetting): string {
  const url = `http://${network.controlAddress}:${registryPort}`
  return `server = "${url}"\n[host."${url}"]\ncapabilities = ["pull", "resolve"]\n`
}

/** The network of Pods: a bridge on the node, and one range of addresses for each family. */
export function podNetwork({ place, network }: NodeSetting): string {
  const ranges = podRanges(place.number, network.dualStack)
  const everywhere = ['0.0.0.0/0', ...(network.dualStack ? ['::/0'] : [])]
  return JSON.stringify({
    cniVersion: '1.0.0',
    name: 'pods',
    plugins: [
      {
        type: 'bridge',
        bridge: podBridge,
        isGateway: true,
        ipMasq: false,
        hairpinMode: true,
        ipam: {
          type: 'host-local',
          dataDir: '/run/pod-addresses',
          ranges: ranges.map((subnet) => [{ subnet }]),
          routes: everywhere.map((dst) => ({ dst })),
        },
      },
    ],
  })
}

export const podBridge = 'cni0'
