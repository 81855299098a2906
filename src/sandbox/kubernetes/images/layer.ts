import { chmod, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../lan/command.ts'
import { cachedFolder, type Say } from '../cache/folder.ts'

/** What nobody reads in a container. */
const superfluous = ['doc', 'man', 'locale', 'lintian', 'bug'].map((name) => `usr/share/${name}`)

/** The file with a layer of an image, made once: `fill` puts into a folder what the layer is to hold. */
export async function ensureLayer(
  name: string,
  say: Say,
  fill: (root: string) => Promise<void>,
): Promise<string> {
  const folder = await cachedFolder(`layer-${name}`, say, async (draft) => {
    const root = join(draft, 'root')
    await mkdir(root)
    await fill(root)
    for (const path of superfluous) await rm(join(root, path), { recursive: true, force: true })
    await packLayer(root, join(draft, 'layer.tar'))
    await rm(root, { recursive: true })
  })
  return join(folder, 'layer.tar')
}

/** A folder in which every user of the container may write, as in /tmp. */
export async function makeWritable(root: string, path: string): Promise<void> {
  await mkdir(join(root, path), { recursive: true })
  await chmod(join(root, path), 0o1777)
}

/** The same bytes for the same content, all of it owned by root. */
async function packLayer(root: string, tar: string): Promise<void> {
  await chmod(root, 0o755)
  const same = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--format=gnu']
  await run(['tar', ...same, '-C', root, '-cf', tar, '.'])
}
