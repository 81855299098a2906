import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../package-root.ts'
import { contentKey } from '../cache/content-key.ts'

const recipes = 'src/sandbox/kubernetes/images'
const shared = ['debian.ts', 'layer.ts', 'base-layer.ts']

/** Changes with how that image is made, and with the files of ours in it. */
export function recipeKey(image: 'base' | 'nginx' | 'node' | 'prometheus'): Promise<string> {
  const own = image === 'base' ? [] : [`${image}-image.ts`]
  const paths = [...shared, ...own].map((file) => join(recipes, file))
  const files = join('test/cluster/images', image)
  const all = existsSync(join(packageRoot(), files)) ? [...paths, files] : paths
  return contentKey(packageRoot(), all, [process.arch])
}
