import { packageRoot } from '../../package-root.ts'
import { contentKey } from '../cache/content-key.ts'
import { cachedFolder, type Say } from '../cache/folder.ts'
import { writeLayout, type Image } from './layout.ts'

const writer = 'src/sandbox/kubernetes/images/layout.ts'

/** The folder with the layout of an image. Its layers' paths change with their content, and so does the folder's name. */
export async function ensureLayout(image: Image, say: Say): Promise<string> {
  const name = image.name.replaceAll(/[^a-z0-9.]+/g, '-')
  const key = await contentKey(packageRoot(), [writer], [JSON.stringify(image)])
  return cachedFolder(`image-${name}-${key}`, say, (draft) => writeLayout(draft, image))
}
