import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../../package-root.ts'
import { contentKey } from '../cache/content-key.ts'
import { cachedFolder, type Say } from '../cache/folder.ts'
import { buildLanlord } from './build-lanlord.ts'
import { writeLayout } from './layout.ts'
import { recipeKey } from './recipe-key.ts'

/** What the image depends on: the Dockerfile, and what it copies. */
const inputs = [
  'Dockerfile',
  '.dockerignore',
  'LICENSE',
  'package.json',
  'package-lock.json',
  '.npmrc',
  'scripts/build.js',
  'scripts/image',
  'src/core',
  'src/platform',
  'src/programs',
]

/** The layout of Lanlord's own image, built from the Dockerfile as it stands. */
export async function ensureLanlordImage(say: Say): Promise<string> {
  const key = await keyOf(packageRoot())
  try {
    return await cachedFolder(`image-lanlord-${key}`, say, (draft) => make(draft, key, say))
  } catch (error) {
    if (!(error instanceof SourcesChanged)) throw error
    return ensureLanlordImage(say)
  }
}

class SourcesChanged extends Error {}

async function make(draft: string, key: string, say: Say): Promise<void> {
  const work = `${draft}.work`
  const context = join(work, 'context')
  try {
    for (const path of inputs) await cp(join(packageRoot(), path), join(context, path), { recursive: true })
    if ((await keyOf(context)) !== key) throw new SourcesChanged('somebody edits them')
    await writeLayout(draft, await buildLanlord(context, work, say))
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function keyOf(root: string): Promise<string> {
  return contentKey(root, inputs, [await recipeKey('node'), await recipeKey('base')])
}
