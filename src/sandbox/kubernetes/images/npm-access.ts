import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../lan/command.ts'

/** Where a Debian keeps the certificates that it trusts. */
const certificates = '/etc/ssl/certs/ca-certificates.crt'

/**
 * Flags by which a build reaches npm's registry as this machine does: its settings and the certificates that it trusts
 * are mounted for as long as the build runs, and nothing of them comes into the image.
 */
export async function npmAccess(folder: string): Promise<readonly string[]> {
  const trusted = [process.env['NODE_EXTRA_CA_CERTS'], process.env['SSL_CERT_FILE'], certificates]
  const bundle = trusted.find((path) => path !== undefined && path !== '' && existsSync(path))
  const [ofAll, ofUser] = [
    await textOf(await setting('globalconfig')),
    await textOf(await setting('userconfig')),
  ]
  // What comes later counts, as the user's own settings do for npm.
  const lines = [ofAll, bundle ? `cafile=${certificates}` : '', ofUser]
  await writeFile(join(folder, 'npmrc'), `${lines.join('\n')}\n`)
  return [
    ...mount(join(folder, 'npmrc'), '/usr/local/etc/npmrc'),
    ...(bundle ? mount(bundle, certificates) : []),
  ]
}

function mount(from: string, to: string): readonly string[] {
  return ['--volume', `${from}:${to}:ro`]
}

async function setting(name: string): Promise<string> {
  return (await run(['npm', 'config', 'get', name])).trim()
}

async function textOf(path: string): Promise<string> {
  return existsSync(path) ? readFile(path, 'utf8') : ''
}
