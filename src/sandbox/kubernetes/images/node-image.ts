import { cp, mkdir, rename, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Say } from '../cache/folder.ts'
import { unpackNpmPackage } from '../npm-package.ts'
import { ensureBaseLayer } from './base-layer.ts'
import { buildTools, ensureDebianPackages, unpackPackages } from './debian.ts'
import { ensureLayer } from './layer.ts'
import type { Image } from './layout.ts'
import { recipeKey } from './recipe-key.ts'

/** What stands in for the bases of the Dockerfile where no registry can be reached; the same on every machine. */
const versions = { node: '26.10.0', npm: '11.21.2' }

const path = 'PATH=/usr/local/bin:/usr/bin:/bin'

/** Stands in for a distroless base: libraries, users, and no program. */
export async function distrolessImage(say: Say): Promise<Image> {
  const config = { User: '65532', WorkingDir: '/home/nonroot', Env: [path] }
  return { name: 'lanlord.dev/base:1', layers: [await ensureBaseLayer(say)], config }
}

/** Stands in for the image of Node that the Dockerfile builds with: a shell, Node and npm on a Debian. */
export async function nodeImage(say: Say): Promise<Image> {
  const layer = await ensureLayer(`node-${await recipeKey('node')}`, say, async (root) => {
    await unpackPackages(await ensureDebianPackages(say), buildTools, root)
    say(`fetching Node ${versions.node} and npm ${versions.npm}`)
    await addNode(root)
    await addNpm(root)
  })
  const layers = [await ensureBaseLayer(say), layer]
  return { name: 'lanlord.dev/node:1', layers, config: { Cmd: ['node'], Env: [path] } }
}

async function addNode(root: string): Promise<void> {
  const fetched = join(root, 'fetched')
  await mkdir(fetched)
  await unpackNpmPackage(`node-linux-${process.arch}@${versions.node}`, fetched)
  await mkdir(join(root, 'usr/local/bin'), { recursive: true })
  await rename(join(fetched, 'bin/node'), join(root, 'usr/local/bin/node'))
  await cp(join(fetched, 'LICENSE'), join(root, 'usr/local/LICENSE'))
  await rm(fetched, { recursive: true })
}

async function addNpm(root: string): Promise<void> {
  const folder = join(root, 'usr/local/lib/node_modules/npm')
  await mkdir(folder, { recursive: true })
  await unpackNpmPackage(`npm@${versions.npm}`, folder)
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'))
  await mkdir(join(root, 'usr/local/etc')) // Where the settings of a build are mounted.
}
