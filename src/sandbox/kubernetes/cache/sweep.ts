import { readdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Whoever still works with what a folder holds has used it since. */
const longUnusedMs = 24 * 60 * 60 * 1000

/** Removes what a folder took the place of: those of its name with another key, when nobody used them for a day. */
export async function sweep(folder: string): Promise<void> {
  const place = dirname(folder)
  const current = basename(folder)
  const former = (await readdir(place)).filter((name) => name !== current && kindOf(name) === kindOf(current))
  for (const name of former) {
    const path = join(place, name)
    if (Date.now() - (await lastUseOf(path)) > longUnusedMs) await rm(path, { recursive: true, force: true })
  }
}

/** The name without the key; what is no name with a key is a kind of its own. */
function kindOf(name: string): string {
  return name.replace(/-[0-9a-f]{12}(\.part(\.work)?)?$/, '')
}

/** Another process may have swept it away this instant. */
async function lastUseOf(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs
  } catch {
    return Date.now()
  }
}
