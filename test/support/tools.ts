import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { ensureTools } from '../../src/sandbox/kubernetes/carried-tools.ts'

/** Runs once before all tests: what they need beyond npm packages is put in place, or it is said what is missing. */
export async function setup(): Promise<void> {
  try {
    const folder = await ensureTools()
    process.env['LANLORD_KUBECTLS'] ??= join(folder, 'kubectl')
    if (['kubectl', 'helm'].some((tool) => !isOnPath(tool))) process.env['PATH'] += delimiter + folder
  } catch (error) {
    const words = `kubectl 1.36 could not be fetched: ${error instanceof Error ? error.message : String(error)}`
    if (process.env['CI']) throw new Error(words, { cause: error })
    console.warn(`${words}; tests run with the kubectl on PATH alone`)
  }
}

function isOnPath(command: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.some((folder) => existsSync(join(folder, command)))
}
