import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { GeneratedFile } from './files.ts'

/** What is wrong below the root, one sentence for each file; empty when all is as the command would write it. */
export async function staleFiles(
  root: string,
  files: readonly GeneratedFile[],
  command = 'npm run generate',
): Promise<readonly string[]> {
  const verdicts = await Promise.all(files.map((file) => verdictOn(root, file, command)))
  return verdicts.filter((verdict) => verdict !== undefined)
}

/** Files in the folders of these that are none of them, one sentence for each. */
export async function foreignFiles(
  root: string,
  files: readonly GeneratedFile[],
): Promise<readonly string[]> {
  const folders = [...new Set(files.map(({ path }) => dirname(path)))]
  const present = await Promise.all(folders.map((folder) => namesIn(root, folder)))
  const foreign = present.flat().filter((path) => !files.some((file) => file.path === path))
  return foreign.map((path) => `${join(root, path)} belongs to no schema; remove it`)
}

async function namesIn(root: string, folder: string): Promise<readonly string[]> {
  const names = await readdir(join(root, folder)).catch(() => [])
  return names.map((name) => `${folder}/${name}`)
}

async function verdictOn(
  root: string,
  { path, text }: GeneratedFile,
  command: string,
): Promise<string | undefined> {
  const file = join(root, path)
  const present = await readFile(file, 'utf8').catch(() => undefined)
  if (present === undefined) return `${file} is missing; run: ${command}`
  return present === text ? undefined : `${file} is stale; run: ${command}`
}
