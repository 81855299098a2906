import { join } from 'node:path'
import { systemGroup } from '../../cgroups/node-cgroup.ts'
import { processesIn, removeGroups } from '../../cgroups/removal.ts'
import type { CgroupTree } from '../../cgroups/tree.ts'
import { containerdSocket, podBridge } from './container-runtime.ts'
import { kubeProxyCommand } from './kube-proxy.ts'
import { kubeletCommand } from './kubelet.ts'
import type { NodeSetting } from './node-setting.ts'

/** Starts a process in namespaces of its own, in which it is the first; when it ends, everything below it ends at once. */
export const nodeNamespaces =
  'unshare --mount --pid --uts --fork --kill-child --mount-proc --propagation private'.split(' ')

/** What the first process of a node does: a machine's boot, as far as Kubernetes can tell. */
export function bootScript(setting: NodeSetting, cgroups: CgroupTree): string {
  return [
    'set -e',
    ...forget(setting, cgroups),
    `echo 0 > ${join(cgroups.main, setting.cgroup, systemGroup, 'cgroup.procs')}`,
    `hostname ${setting.place.name}`,
    ...ownMounts(setting),
    ...ownSysctls(setting),
    ...keepRoutes(setting),
    ...startPrograms(setting),
  ].join('\n')
}

/** After a power cut nothing is left of Pods but their files. A stale cgroup would cost the kubelet three seconds each, twice. */
function forget({ cgroup, place }: NodeSetting, { roots, main }: CgroupTree): readonly string[] {
  const pods = roots.map((root) => join(root, cgroup, 'kubepods')).join(' ')
  return [
    `for try in $(seq 100); do [ -n "$(${processesIn(join(main, cgroup))})" ] || break; sleep 0.05; done`,
    removeGroups(pods),
    `ip link delete ${podBridge} 2>/dev/null || true`,
    'nft flush ruleset',
    'conntrack --flush 2>/dev/null || true',
    'ip neighbour flush all',
    `echo "${place.name} boots"`,
  ]
}

/**
 * The paths of a machine of its own. /sys shows this network namespace's links then, and would hide the cgroups.
 * The binaries may lie below what is about to be hidden, so they get a second place.
 */
function ownMounts({ directory, binaries }: NodeSetting): readonly string[] {
  return [
    `cd ${directory}`,
    'mkdir -p cgroups disk/lib/kubelet disk/lib/containerd disk/log',
    'mount --rbind /sys/fs/cgroup cgroups',
    'mount -t sysfs sysfs /sys',
    'mount --rbind cgroups /sys/fs/cgroup',
    `cd ${binaries}`,
    'mount -t tmpfs tmpfs /run',
    `mkdir ${ownBinaries}`,
    `mount --bind . ${ownBinaries}`,
    `cd ${directory}`,
    // Images are layers, and layers do not lie on layers: in a container they are kept in memory.
    'if [ "$(stat --file-system --format=%T disk)" = overlayfs ]; then mount -t tmpfs tmpfs disk/lib/containerd; fi',
    'mount --bind disk/log /var/log',
    'mount --rbind disk/lib /var/lib',
    'mount --bind /var/lib/kubelet /var/lib/kubelet',
    'mount --make-rshared /var/lib/kubelet',
    'mount --make-rshared /run',
    `export PATH=${ownBinaries}:/usr/sbin:/usr/bin:/sbin:/bin`,
  ]
}

const ownBinaries = '/run/binaries'

/** The kubelet sets these for the whole machine; it is shown files that hold what it wants, so that the machine's stay. */
const machineSysctls = {
  'vm/overcommit_memory': 1,
  'vm/panic_on_oom': 0,
  'kernel/panic': 10,
  'kernel/panic_on_oops': 1,
  'kernel/keys/root_maxkeys': 1_000_000,
  'kernel/keys/root_maxbytes': 25_000_000,
}

function ownSysctls({ directory }: NodeSetting): readonly string[] {
  return Object.entries(machineSysctls).flatMap(([path, value]) => {
    const file = join(directory, path.replaceAll('/', '.'))
    return [`echo ${value} > ${file}`, `mount --bind ${file} /proc/sys/${path}`]
  })
}

/** A link that is set down takes its routes along; when it is up again they come back, as a network agent would see to. */
function keepRoutes({ directory }: NodeSetting): readonly string[] {
  const setRoutes = `ip -force -batch ${directory}/routes 2>/dev/null || true`
  return [setRoutes, `ip -oneline monitor link | while read -r change; do ${setRoutes}; done &`]
}

/** Each is started again a second after it ends, as a machine's own supervisor would. */
function startPrograms(setting: NodeSetting): readonly string[] {
  const { place, logs, directory, apiAnswers } = setting
  const keep = (command: readonly string[]): string => `keep ${command.join(' ')} &`
  return [
    `keep() { while :; do "$@" >>${logs}/${place.name}-$1.log 2>&1 || echo "$1 ended ($?)"; sleep 1; done; }`,
    keep(['containerd', `--config=${directory}/containerd.toml`]),
    `until ctr --address ${containerdSocket} version >/dev/null 2>&1 && [ -e ${apiAnswers} ]; do sleep 0.1; done`,
    keep(kubeletCommand(setting)),
    keep(kubeProxyCommand(setting)),
    'wait',
  ]
}
