import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { foreignFiles, staleFiles } from './compare.ts'
import { definitionFiles } from './files.ts'
import type { GeneratedFile } from './files.ts'
import { plainManifests } from './plain-manifests.ts'
import { renderChart } from './render-chart.ts'

interface Options {
  readonly check: boolean
  readonly root: string
  readonly helm: string
}

const aboveDist = relative('.', fileURLToPath(new URL('..', import.meta.url))) || '.'

await new Command('generate')
  .description(
    'write the CustomResourceDefinitions from the schemas in src/core/api, and deploy/ from the chart',
  )
  .option('--check', 'write nothing; exit 1 when a file is not what would be written', false)
  .option('--root <path>', 'the root of the repository', aboveDist)
  .option('--helm <path>', 'the program that renders the chart', 'helm')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(async (options: Options) => {
    await (options.check ? report(options) : write(options))
  })
  .parseAsync()

async function report({ root, helm }: Options): Promise<void> {
  const definitions = definitionFiles()
  const foreign = await foreignFiles(root, definitions)
  const stale = await staleFiles(root, definitions)
  const manifests = await manifestFiles(root, helm)
  const command = `npm run generate -- --helm ${helm}`
  const problems = [...stale, ...foreign, ...(await staleFiles(root, manifests, command))]
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
}

/** The definitions first: the chart that the manifests are rendered from has a copy of them. */
async function write({ root, helm }: Options): Promise<void> {
  await writeAll(root, definitionFiles())
  await writeAll(root, await manifestFiles(root, helm))
}

async function writeAll(root: string, files: readonly GeneratedFile[]): Promise<void> {
  for (const { path, text } of files) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
}

async function manifestFiles(root: string, helm: string): Promise<readonly GeneratedFile[]> {
  const rendered = await renderChart(helm, join(root, 'charts/lanlord'))
  if (rendered === undefined) {
    console.error(`deploy/lanlord.yaml was passed over: there is no ${helm}; name one with --helm`)
    return []
  }
  const namespace = await readFile(join(root, 'deploy/namespace.yaml'), 'utf8')
  return [{ path: 'deploy/lanlord.yaml', text: plainManifests(namespace, rendered) }]
}
