import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { run } from '../../lan/command.ts'
import { cacheRoot, type Say } from '../cache/folder.ts'
import { takeTurn } from '../cache/turn.ts'
import type { ContainerConfig } from './layout.ts'

/** So many layers are kept of former builds; each of the build's own is some hundred megabytes. */
const mostLayers = 80

/**
 * buildah with a store of its own in the cache, for one at a time. Its mounts are in a namespace of their own, and go with
 * it.
 */
export class Buildah implements AsyncDisposable {
  readonly #folder: string
  readonly #turn: AsyncDisposable

  private constructor(folder: string, turn: AsyncDisposable) {
    this.#folder = folder
    this.#turn = turn
  }

  static async open(say: Say): Promise<Buildah> {
    const folder = join(cacheRoot(), 'buildah')
    const turn = await takeTurn(folder, () => say('waiting for another build of an image'))
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'policy.json'), '{"default": [{"type": "insecureAcceptAnything"}]}\n')
    await writeFile(join(folder, 'registries.conf'), '')
    const buildah = new Buildah(folder, turn)
    if ((await layersIn(folder)) > mostLayers) await buildah.forget()
    return buildah
  }

  /** Empties the store. */
  async forget(): Promise<void> {
    await rm(join(this.#folder, 'root'), { recursive: true, force: true, maxRetries: 3 })
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#turn[Symbol.asyncDispose]()
  }

  /** Puts a layout into the store, and answers the image's ID. */
  async pull(layout: string): Promise<string> {
    const id = await this.#run('pull', ['--quiet', `oci:${basename(layout)}`], dirname(layout))
    return id.trim()
  }

  /** Builds what the Dockerfile in a folder says, and answers the image's ID. */
  async build(context: string, flags: readonly string[]): Promise<string> {
    const place = ['--isolation', 'chroot', '--network', 'host', '--pull-never', '--layers']
    const words = await this.#run('bud', [...place, ...flags, context])
    return words.trim().split('\n').at(-1) ?? ''
  }

  /** Unpacks an image into a folder: answers its layers, uncompressed, the lowest first, and what it runs. */
  async save(id: string, folder: string): Promise<{ layers: readonly string[]; config: ContainerConfig }> {
    const archive = join(folder, 'archive.tar')
    await this.#run('push', ['--quiet', id, `docker-archive:${archive}`])
    await run(['tar', '-xf', archive, '-C', folder])
    await rm(archive)
    const [saved] = await readJson<readonly Saved[]>(join(folder, 'manifest.json'))
    const { config } = await readJson<{ config: ContainerConfig }>(join(folder, saved?.Config ?? ''))
    return { layers: (saved?.Layers ?? []).map((layer) => join(folder, layer)), config }
  }

  #run(command: string, args: readonly string[], cwd = '/'): Promise<string> {
    const alone = ['unshare', '--mount', '--propagation', 'private']
    const settings = `CONTAINERS_REGISTRIES_CONF=${join(this.#folder, 'registries.conf')}`
    const store = ['--root', join(this.#folder, 'root'), '--runroot', join(this.#folder, 'run')]
    const policy = ['--signature-policy', join(this.#folder, 'policy.json')]
    const buildah = ['buildah', ...store, '--storage-driver', 'overlay', command, ...policy]
    return run([...alone, 'env', '-C', cwd, settings, ...buildah, ...args])
  }
}

interface Saved {
  readonly Config: string
  readonly Layers: readonly string[]
}

async function readJson<Value>(path: string): Promise<Value> {
  return JSON.parse(await readFile(path, 'utf8')) as Value
}

async function layersIn(folder: string): Promise<number> {
  const layers = join(folder, 'root', 'overlay')
  return existsSync(layers) ? (await readdir(layers)).length : 0
}
