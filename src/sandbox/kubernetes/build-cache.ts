import { createHash } from 'node:crypto'
import { link, mkdir, readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { cachedFolder, sayOnStderr, type Say } from './cache/folder.ts'
import { ensureGoPrograms, type GoModule } from './go-programs.ts'

/** The holder of a Pod's namespaces, which is an image as well. */
export const pauseModule: GoModule = { folder: 'pause', build: '.' }

const versionOfKubernetes = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap(
  (variables) => [
    `${variables}.gitVersion=VERSION`,
    `${variables}.gitMajor=MAJOR`,
    `${variables}.gitMinor=MINOR`,
  ],
)

const modules: readonly GoModule[] = [
  pauseModule,
  { folder: 'etcd', build: 'go.etcd.io/etcd/server/v3', program: 'etcd' },
  {
    folder: 'containerd',
    build: 'tool',
    version: {
      of: 'github.com/containerd/containerd/v2',
      stamps: ['github.com/containerd/containerd/v2/version.Version=VERSION'],
    },
  },
  { folder: 'kubernetes', build: '.', version: { of: 'k8s.io/kubernetes', stamps: versionOfKubernetes } },
]

/** The names under which the one program `kubernetes` is called. */
const kubernetesPrograms = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-proxy',
  'kube-scheduler',
  'kubelet',
]

/**
 * The folder with the programs of a real cluster: Kubernetes' own, etcd, containerd with its shim and ctr, and pause.
 * They are built from source once, which takes some minutes, and again when test/cluster says something else.
 */
export async function ensureClusterBinaries(say: Say = sayOnStderr): Promise<string> {
  const folders: string[] = []
  for (const module of modules) folders.push(await ensureGoPrograms(module, say))
  const key = createHash('sha256').update(folders.join('\n')).digest('hex').slice(0, 12)
  return join(await cachedFolder(`cluster-${key}`, say, (draft) => gather(folders, draft)), 'bin')
}

/** All in one folder, under every name that they are called by. */
async function gather(folders: readonly string[], draft: string): Promise<void> {
  const bin = join(draft, 'bin')
  await mkdir(bin)
  for (const folder of folders) {
    for (const program of await readdir(folder)) await link(join(folder, program), join(bin, program))
  }
  for (const name of kubernetesPrograms) await symlink('kubernetes', join(bin, name))
}
