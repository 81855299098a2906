import type { CgroupTree } from '../cgroups/tree.ts'
import { ensureClusterBinaries } from './build-cache.ts'
import { ensureTools } from './carried-tools.ts'
import { ensureImages } from './images/ensure-images.ts'
import { requireClusterGround } from './requirements.ts'

/** What has to be there before a cluster can be made; it outlives the cluster. */
export interface Supplies {
  readonly cgroupTree: CgroupTree
  /** The folder of Kubernetes' programs. */
  readonly binaries: string
  /** The folder of images, one OCI image layout in each sub-folder. */
  readonly images: string
  /** The folder with kubectl and helm. */
  readonly tools: string
}

export async function bringSupplies(say: (words: string) => void): Promise<Supplies> {
  const tree = await requireClusterGround()
  return {
    cgroupTree: tree,
    binaries: await ensureClusterBinaries(say),
    images: await ensureImages(say),
    tools: await ensureTools(say),
  }
}
