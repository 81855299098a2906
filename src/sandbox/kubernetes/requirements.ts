import { constants } from 'node:fs'
import { access, readFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { cgroupTree } from '../cgroups/tree.ts'
import type { CgroupTree } from '../cgroups/tree.ts'
import { NoGroundError } from '../lan/ground.ts'

/** The tools that a cluster and its images are made with, and the Debian packages that have them. */
const tools = {
  ip: 'iproute2',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  mount: 'mount',
  nft: 'nftables',
  iptables: 'iptables',
  conntrack: 'conntrack',
  runc: 'runc',
  '/usr/lib/cni/bridge': 'containernetworking-plugins',
  openssl: 'openssl',
  buildah: 'buildah',
  mmdebstrap: 'mmdebstrap',
}

const capabilities = { CAP_NET_ADMIN: 12, CAP_SYS_CHROOT: 18, CAP_SYS_ADMIN: 21, CAP_MKNOD: 27 }

/** Throws, with all that is missing in one line, where a real cluster cannot run. */
export async function requireClusterGround(): Promise<CgroupTree> {
  if (process.platform !== 'linux') throw new NoGroundError('a real cluster needs Linux')
  const tree = cgroupTree()
  const packages = await missingPackages()
  const missing = [...((await isRoot()) ? await missingRights(tree) : ['root']), ...packages]
  if (tree && missing.length === 0) return tree
  const cure = packages.length > 0 ? `; on Debian, as root: ${installing(packages)}` : ''
  throw new NoGroundError(`a real cluster cannot run here; missing: ${missing.join(', ')}${cure}`)
}

function installing(packages: readonly string[]): string {
  return `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`
}

/** What root itself may lack in a container. */
async function missingRights(tree: CgroupTree | undefined): Promise<readonly string[]> {
  const cgroups = tree ? await missingCgroups(tree) : ['cgroups, with a freezer, below /sys/fs/cgroup']
  return [...(await missingCapabilities()), ...cgroups]
}

/** Root of the machine; that of a user namespace is root in name only. */
async function isRoot(): Promise<boolean> {
  const everyone = /^\s*0\s+0\s+4294967295\s*$/
  return process.getuid?.() === 0 && everyone.test(await readFile('/proc/self/uid_map', 'utf8'))
}

async function missingCapabilities(): Promise<readonly string[]> {
  const status = await readFile('/proc/self/status', 'utf8')
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`)
  const lacking = Object.entries(capabilities).filter(([, bit]) => ((effective >> BigInt(bit)) & 1n) === 0n)
  return lacking.map(([name]) => name)
}

async function missingCgroups({ version, roots }: CgroupTree): Promise<readonly string[]> {
  const readOnly = await Promise.all(roots.map(async (root) => ((await isWritable(root)) ? [] : [root])))
  const needed = version === 1 ? ['cpu', 'cpuset', 'memory', 'pids', 'devices'] : ['cpu', 'memory', 'pids']
  const known = version === 1 ? roots.join(' ') : await readFile('/sys/fs/cgroup/cgroup.controllers', 'utf8')
  const absent = needed.filter((name) => !new RegExp(`\\b${name}\\b`).test(known))
  return [
    ...readOnly.flat().map((root) => `the right to write to ${root}`),
    ...absent.map((name) => `the cgroup controller ${name}`),
  ]
}

async function missingPackages(): Promise<readonly string[]> {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const absent = await Promise.all(
    Object.entries(tools).map(async ([tool, debianPackage]) => {
      const places = tool.startsWith('/') ? [tool] : folders.map((folder) => join(folder, tool))
      return (await Promise.all(places.map(isThere))).includes(true) ? [] : [debianPackage]
    }),
  )
  return [...new Set(absent.flat())]
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  )
}
