import { existsSync } from 'node:fs'
import { mkdir, rename, rm, utimes } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { sweep } from './sweep.ts'
import { takeTurn } from './turn.ts'

/** Hears what goes on while something takes long. */
export type Say = (words: string) => void

export const sayOnStderr: Say = (words) => void process.stderr.write(`${words}\n`)

/** Where things are kept that take long to make, outside the tree. */
export function cacheRoot(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'lanlord')
}

/**
 * The folder of that name in the cache, made once: `make` fills a draft, which gets its name when it is whole. Two that
 * want it at the same time do not both make it. The name tells all that the content depends on.
 */
export async function cachedFolder(
  name: string,
  say: Say,
  make: (draft: string) => Promise<void>,
): Promise<string> {
  const folder = join(cacheRoot(), name)
  if (existsSync(folder)) return touch(folder)
  const turn = await takeTurn(folder, () => say(`waiting for another process that makes ${basename(folder)}`))
  try {
    if (!existsSync(folder)) await fill(folder, make)
  } finally {
    await turn[Symbol.asyncDispose]()
  }
  await sweep(folder)
  return folder
}

/** Its time is that of its last use. */
async function touch(folder: string): Promise<string> {
  await utimes(folder, new Date(), new Date())
  return folder
}

async function fill(folder: string, make: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${folder}.part`
  await rm(draft, { recursive: true, force: true }) // What somebody left who did not finish.
  await mkdir(draft, { recursive: true })
  try {
    await make(draft)
    await rename(draft, folder)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}
