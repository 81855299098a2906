import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { GeneratedFile } from './files.ts'

/** What is wrong in the folder, one sentence for each file; empty when it holds exactly these files. */
export async function staleFiles(
  folder: string,
  files: readonly GeneratedFile[],
): Promise<readonly string[]> {
  const present = await readdir(folder).catch(() => [])
  const foreign = present.filter((name) => !files.some((file) => file.name === name))
  const verdicts = await Promise.all(files.map((file) => verdictOn(folder, file, present)))
  return [
    ...verdicts.filter((verdict) => verdict !== undefined),
    ...foreign.map((name) => `${join(folder, name)} belongs to no schema; remove it`),
  ]
}

async function verdictOn(folder: string, file: GeneratedFile, present: readonly string[]) {
  const path = join(folder, file.name)
  if (!present.includes(file.name)) return `${path} is missing; run: npm run generate`
  const text = await readFile(path, 'utf8')
  return text === file.text ? undefined : `${path} is stale; run: npm run generate`
}
