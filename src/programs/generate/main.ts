import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { staleFiles } from './compare.ts'
import type { GeneratedFile } from './files.ts'
import { generatedFiles } from './files.ts'

interface Options {
  readonly check: boolean
  readonly folder: string
}

const besideDist = relative('.', fileURLToPath(new URL('../crds', import.meta.url)))

await new Command('generate')
  .description('write the CustomResourceDefinitions from the schemas in src/core/api')
  .option('--check', 'write nothing; exit 1 when a file is not what would be written', false)
  .option('--folder <path>', 'where the files are', besideDist)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(async ({ check, folder }: Options) => {
    await (check ? report(folder, generatedFiles()) : write(folder, generatedFiles()))
  })
  .parseAsync()

async function report(folder: string, files: readonly GeneratedFile[]): Promise<void> {
  const problems = await staleFiles(folder, files)
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
}

async function write(folder: string, files: readonly GeneratedFile[]): Promise<void> {
  await mkdir(folder, { recursive: true })
  await Promise.all(files.map((file) => writeFile(join(folder, file.name), file.text)))
}
