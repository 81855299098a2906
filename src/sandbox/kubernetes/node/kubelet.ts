import { dnsAddress } from '../networks.ts'
import { containerdSocket } from './container-runtime.ts'
import type { NodeSetting } from './node-setting.ts'

/** The kubelet's configuration; what differs from its defaults is here because of the ground it stands on, or for speed. */
export function kubeletConfig({ directory, authority, cgroup }: NodeSetting): string {
  return JSON.stringify({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    ...ownCgroups(cgroup),
    ...quickToNotice,
    ...neverFull,
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    clusterDNS: [dnsAddress],
    clusterDomain: 'cluster.local',
    resolvConf: `${directory}/resolv.conf`,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: authority },
    },
    authorization: { mode: 'Webhook' },
    volumePluginDir: '/var/lib/kubelet/volumeplugins',
    healthzBindAddress: '127.0.0.1',
    serializeImagePulls: false,
    failSwapOn: false,
    makeIPTablesUtilChains: false,
    // Without CAP_SYS_RESOURCE neither may be raised.
    oomScoreAdj: 0,
    maxOpenFiles: 20_000,
  })
}

/** Nothing outside the node's own cgroup, and version 1 of cgroups is welcome. */
function ownCgroups(cgroup: string): object {
  return {
    failCgroupV1: false,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${cgroup}`,
    cgroupsPerQOS: true,
    enforceNodeAllocatable: [],
  }
}

/** A container that was killed is back after a second, and a changed Secret is in its volume within ten. */
const quickToNotice = {
  nodeStatusUpdateFrequency: '2s',
  nodeLeaseDurationSeconds: 8,
  syncFrequency: '10s',
  featureGates: { KubeletCrashLoopBackOffMax: true },
  crashLoopBackOff: { maxContainerRestartPeriod: '1s' },
}

/** The disk is this machine's: how full it is, is not the cluster's business. */
const neverFull = {
  imageGCHighThresholdPercent: 100,
  imageGCLowThresholdPercent: 99,
  evictionHard: Object.fromEntries(
    [
      'memory.available',
      'nodefs.available',
      'nodefs.inodesFree',
      'imagefs.available',
      'imagefs.inodesFree',
    ].map((signal) => [signal, '0%']),
  ),
  // Switched off, it would take the figures of stats/summary along.
  localStorageCapacityIsolation: true,
}

export function kubeletCommand({ directory, place }: NodeSetting): readonly string[] {
  return [
    'kubelet',
    `--config=${directory}/kubelet.json`,
    `--kubeconfig=${directory}/kubelet.kubeconfig`,
    '--root-dir=/var/lib/kubelet',
    '--cert-dir=/var/lib/kubelet/pki',
    `--hostname-override=${place.name}`,
    `--node-ip=${place.addresses.join(',')}`,
    '--v=2',
  ]
}
