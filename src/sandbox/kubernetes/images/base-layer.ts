import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Say } from '../cache/folder.ts'
import { baseLibraries, ensureDebianPackages, unpackPackages } from './debian.ts'
import { ensureLayer, makeWritable } from './layer.ts'
import { recipeKey } from './recipe-key.ts'

const users: Readonly<Record<string, number>> = {
  root: 0,
  nginx: 101,
  node: 1000,
  nobody: 65534,
  nonroot: 65532,
}

/** The lowest layer of what is not static: the libraries, and who the users are. */
export async function ensureBaseLayer(say: Say): Promise<string> {
  return ensureLayer(`base-${await recipeKey('base')}`, say, async (root) => {
    await unpackPackages(await ensureDebianPackages(say), baseLibraries, root)
    const ids = Object.entries(users)
    const passwd = ids.map(([name, id]) => `${name}:x:${id}:${id}::/:/nologin\n`)
    await mkdir(join(root, 'etc'), { recursive: true })
    await writeFile(join(root, 'etc/passwd'), passwd.join(''))
    await writeFile(join(root, 'etc/group'), ids.map(([name, id]) => `${name}:x:${id}:\n`).join(''))
    await mkdir(join(root, 'home/nonroot'), { recursive: true })
    await makeWritable(root, 'tmp')
  })
}
