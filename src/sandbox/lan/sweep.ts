import { readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { removeCgroupsScript } from '../cgroups/removal.ts'
import { cgroupTree } from '../cgroups/tree.ts'
import { run } from './command.ts'
import { isLeftOver } from './owner.ts'
import { removeNamespaces } from './script.ts'

/** Removes what sandboxes that were killed without a chance to do so left outside of files; only root's can outlive them. */
export async function sweepNamespaces(): Promise<void> {
  const names = entriesOf('/run/netns').filter(isLeftOver)
  if (names.length > 0) await run(['sh', '-c', removeNamespaces(names)])
}

/** Ends what is still alive in the cgroups of such sandboxes, and removes them. */
export async function sweepCgroups(): Promise<void> {
  const tree = cgroupTree()
  const names = entriesOf(tree?.main ?? '').filter(isLeftOver)
  if (tree && names.length > 0) await run(['sh', '-c', removeCgroupsScript(tree, names)])
}

/** Removes the scratch directories of such sandboxes. */
export async function sweepDirectories(parent: string): Promise<void> {
  const names = entriesOf(parent).filter(isLeftOver)
  await Promise.all(names.map((name) => removeIfOurs(join(parent, name))))
}

async function removeIfOurs(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true })
  } catch {
    // Another user's: that user's next sandbox will remove it.
  }
}

function entriesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}
