import { createHash } from 'node:crypto'
import { symlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { cachedFolder, sayOnStderr, type Say } from '../cache/folder.ts'
import { ensureLayout } from './ensure-layout.ts'
import { ensureLanlordImage } from './lanlord-image.ts'
import { nginxImage } from './nginx-image.ts'
import { prometheusImage } from './prometheus-image.ts'
import { pauseImage, webImage } from './static-images.ts'

/** The folder with all images that the cluster pulls, one OCI image layout in each sub-folder. */
export async function ensureImages(say: Say = sayOnStderr): Promise<string> {
  const layouts: string[] = []
  for (const recipe of [pauseImage, webImage, nginxImage, prometheusImage]) {
    layouts.push(await ensureLayout(await recipe(say), say))
  }
  layouts.push(await ensureLanlordImage(say))
  const key = createHash('sha256').update(layouts.join('\n')).digest('hex').slice(0, 12)
  return cachedFolder(`images-${key}`, say, async (draft) => {
    for (const layout of layouts) await symlink(layout, join(draft, basename(layout)))
  })
}
