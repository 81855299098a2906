import { join } from 'node:path'
import { CommandError, run } from '../lan/command.ts'
import { packageRoot } from '../package-root.ts'
import { contentKey } from './cache/content-key.ts'
import { cachedFolder, type Say } from './cache/folder.ts'

/** A Go module of test/cluster, and what is built of it. */
export interface GoModule {
  /** Its folder in test/cluster. */
  readonly folder: string
  /** What to build; `tool` are the programs that the go.mod names as its tools. */
  readonly build: string
  /** The name of the program; without it, each is called as its package is. */
  readonly program?: string
  /** Whose version the programs tell, and in which variables they keep it. */
  readonly version?: { readonly of: string; readonly stamps: readonly string[] }
}

/** The folder with the programs of a module: static, and built anew when its sources or the way to build them change. */
export async function ensureGoPrograms(module: GoModule, say: Say): Promise<string> {
  const sources = join(packageRoot(), 'test', 'cluster', module.folder)
  const key = await contentKey(sources, ['.'], [process.arch, JSON.stringify(module)])
  const name = `go-${module.folder.replaceAll('/', '-')}-${key}`
  return cachedFolder(name, say, async (draft) => {
    await mustHaveGo()
    say(`building ${module.folder} from source`)
    const flags = ['-trimpath', '-ldflags', await linkerFlags(sources, module)]
    const output = join(draft, module.program ?? '/')
    await run(['env', 'CGO_ENABLED=0', 'go', 'build', '-C', sources, ...flags, '-o', output, module.build])
  })
}

async function linkerFlags(sources: string, { version }: GoModule): Promise<string> {
  if (!version) return '-s -w'
  const text = (await run(['go', 'list', '-C', sources, '-m', '-f', '{{.Version}}', version.of])).trim()
  const [, major = '', minor = ''] = /^v(\d+)\.(\d+)/.exec(text) ?? []
  const values: Readonly<Record<string, string>> = { VERSION: text, MAJOR: major, MINOR: minor }
  const stamps = version.stamps.map((stamp) => stamp.replace(/[A-Z]+$/, (word) => values[word] ?? word))
  return ['-s -w', ...stamps.map((stamp) => `-X ${stamp}`)].join(' ')
}

async function mustHaveGo(): Promise<void> {
  try {
    await run(['go', 'version'])
  } catch (cause) {
    if (!(cause instanceof CommandError && cause.missing)) throw cause
    const message = 'the programs of the cluster are built from source, and there is no Go on PATH'
    throw new Error(`${message}; install Go 1.26.6 or newer, https://go.dev/dl`, { cause })
  }
}
