import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../../package-root.ts'
import { contentKey } from '../cache/content-key.ts'
import { cachedFolder, type Say } from '../cache/folder.ts'
import { Buildah } from './buildah.ts'
import { ensureLayout } from './ensure-layout.ts'
import { writeLayout } from './layout.ts'
import { distrolessImage, nodeImage } from './node-image.ts'
import { npmAccess } from './npm-access.ts'
import { recipeKey } from './recipe-key.ts'

/** What the image depends on: the Dockerfile, and what it copies. */
const inputs = `
  Dockerfile .dockerignore LICENSE package.json package-lock.json .npmrc
  scripts/build.js scripts/image-root.js scripts/strip.js
  src/core src/platform src/programs`
  .trim()
  .split(/\s+/)

/** The layout of Lanlord's own image, built from the Dockerfile as it stands, on bases that need no registry. */
export async function ensureLanlordImage(say: Say): Promise<string> {
  const root = packageRoot()
  const key = await contentKey(root, inputs, [await recipeKey('node'), await recipeKey('base')])
  return cachedFolder(`image-lanlord-${key}`, say, async (draft) => {
    say('building the image of Lanlord')
    const work = `${draft}.work`
    await mkdir(work, { recursive: true })
    try {
      await build(root, work, draft, say)
    } finally {
      await rm(work, { recursive: true })
    }
  })
}

async function build(root: string, work: string, layout: string, say: Say): Promise<void> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  const buildah = await Buildah.open()
  const values = {
    NODE_IMAGE: await buildah.pull(await ensureLayout(await nodeImage(say), say)),
    BASE_IMAGE: await buildah.pull(await ensureLayout(await distrolessImage(say), say)),
    VERSION: version,
  }
  const flags = Object.entries(values).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`])
  const id = await buildah.build(root, [...(await npmAccess(work)), ...flags])
  const { layers, config } = await buildah.save(id, work)
  await writeLayout(layout, { name: `docker.io/lanlord/lanlord:${version}`, layers, config })
}
