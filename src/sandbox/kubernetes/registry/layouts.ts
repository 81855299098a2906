import { createReadStream, type ReadStream } from 'node:fs'
import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Where the name stands that an image is pulled by, as the specification of image layouts has it. */
const nameAnnotation = 'org.opencontainers.image.ref.name'

/** Content by its digest. */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

interface NamedDescriptor extends Descriptor {
  readonly annotations?: Readonly<Record<string, string>>
}

/**
 * Images that lie in a folder, one OCI image layout in each sub-folder. The `index.json` of a layout names its image in
 * full, `docker.io/lanlord/lanlord:0.1.0`. It is read anew each time, so an image can be replaced while it is served.
 */
export class Layouts {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** The manifest of an image by its name in full. */
  async tagged(name: string): Promise<Descriptor | undefined> {
    for (const layout of await this.#layouts()) {
      const found = (await manifestsOf(layout)).find(
        ({ annotations }) => annotations?.[nameAnnotation] === name,
      )
      if (found) return { mediaType: found.mediaType, digest: found.digest, size: found.size }
    }
    return undefined
  }

  /** A manifest by its digest; what kind it is, it says itself. */
  async manifest(digest: string): Promise<Descriptor | undefined> {
    const path = await this.#find(digest)
    if (!path) return undefined
    const text = await readFile(path)
    const { mediaType } = JSON.parse(text.toString()) as Partial<Descriptor>
    return { mediaType: mediaType ?? 'application/vnd.oci.image.manifest.v1+json', digest, size: text.length }
  }

  async blob(digest: string): Promise<Descriptor | undefined> {
    const path = await this.#find(digest)
    return path ? { mediaType: 'application/octet-stream', digest, size: (await stat(path)).size } : undefined
  }

  /** The content itself. */
  async read(digest: string): Promise<ReadStream | undefined> {
    const path = await this.#find(digest)
    return path ? createReadStream(path) : undefined
  }

  async #layouts(): Promise<readonly string[]> {
    return (await readdir(this.#folder)).map((name) => join(this.#folder, name))
  }

  async #find(digest: string): Promise<string | undefined> {
    const hash = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1]
    if (hash === undefined) return undefined
    for (const layout of await this.#layouts()) {
      const path = join(layout, 'blobs', 'sha256', hash)
      if (await exists(path)) return path
    }
    return undefined
  }
}

async function manifestsOf(layout: string): Promise<readonly NamedDescriptor[]> {
  const path = join(layout, 'index.json')
  if (!(await exists(path))) return []
  const { manifests } = JSON.parse(await readFile(path, 'utf8')) as { manifests?: NamedDescriptor[] }
  return manifests ?? []
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    return false // Whatever the reason, there is nothing to serve from it.
  }
}
