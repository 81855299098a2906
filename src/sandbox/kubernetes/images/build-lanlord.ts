import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Say } from '../cache/folder.ts'
import { Buildah } from './buildah.ts'
import { ensureLayout } from './ensure-layout.ts'
import type { Image } from './layout.ts'
import { distrolessImage, nodeImage } from './node-image.ts'
import { npmAccess } from './npm-access.ts'

/** Builds the Dockerfile of a folder, on bases that need no registry. Layers and everything else lie in `work`. */
export async function buildLanlord(context: string, work: string, say: Say): Promise<Image> {
  const bases = {
    NODE_IMAGE: await ensureLayout(await nodeImage(say), say),
    BASE_IMAGE: await ensureLayout(await distrolessImage(say), say),
  }
  const buildah = await Buildah.open(say)
  try {
    say('building the image of Lanlord')
    return await twice(buildah, (turn) => build(buildah, bases, context, join(work, turn)))
  } finally {
    await buildah[Symbol.asyncDispose]()
  }
}

/** A store that somebody left in the middle of something is made anew; a Dockerfile whose command fails fails. */
async function twice(buildah: Buildah, build: (turn: string) => Promise<Image>): Promise<Image> {
  try {
    return await build('first')
  } catch (error) {
    if (String(error).includes('building at STEP "RUN')) throw error
    await buildah.forget()
    return build('second')
  }
}

async function build(
  buildah: Buildah,
  bases: Readonly<Record<string, string>>,
  context: string,
  work: string,
): Promise<Image> {
  await mkdir(work)
  const { version } = JSON.parse(await readFile(join(context, 'package.json'), 'utf8')) as { version: string }
  const flags = [...(await npmAccess(work)), '--build-arg', `VERSION=${version}`]
  for (const [name, layout] of Object.entries(bases)) {
    flags.push('--build-arg', `${name}=${await buildah.pull(layout)}`)
  }
  const saved = await buildah.save(await buildah.build(context, flags), work)
  return { name: `docker.io/lanlord/lanlord:${version}`, ...saved }
}
