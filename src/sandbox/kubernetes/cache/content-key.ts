import { createHash, type Hash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Twelve digits that change with the names and the content of these files and folders, and with these words. */
export async function contentKey(
  root: string,
  paths: readonly string[],
  words: readonly string[] = [],
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(words))
  for (const path of paths) await add(hash, root, path)
  return hash.digest('hex').slice(0, 12)
}

async function add(hash: Hash, root: string, path: string): Promise<void> {
  const full = join(root, path)
  const names = await namesIn(full)
  if (names) for (const name of names) await add(hash, root, join(path, name))
  else
    hash.update(`${path}\0`).update(
      createHash('sha256')
        .update(await readFile(full))
        .digest(),
    )
}

async function namesIn(path: string): Promise<readonly string[] | undefined> {
  try {
    return (await readdir(path)).toSorted()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined
    throw error
  }
}
