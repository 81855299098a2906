import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../lan/command.ts'

/** Fetches a package as npm does, from where npm is told to, and unpacks it into a folder. Nothing of it is run. */
export async function unpackNpmPackage(spec: string, folder: string): Promise<void> {
  const place = await mkdtemp(join(folder, '.fetched-'))
  try {
    await run(['npm', 'pack', '--silent', '--pack-destination', place, spec])
    const [archive = ''] = await readdir(place)
    const plain = ['--no-same-owner', '--strip-components=1']
    await run(['tar', '-xzf', join(place, archive), ...plain, '-C', folder])
  } finally {
    await rm(place, { recursive: true })
  }
}
