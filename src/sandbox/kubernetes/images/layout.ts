import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { link, mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** What a container of an image runs, in the words of the OCI image specification. */
export interface ContainerConfig {
  readonly Entrypoint?: readonly string[]
  readonly Cmd?: readonly string[]
  readonly Env?: readonly string[]
  readonly User?: string
  readonly WorkingDir?: string
  readonly ExposedPorts?: Readonly<Record<string, object>>
  readonly Labels?: Readonly<Record<string, string>>
}

export interface Image {
  /** In full: `docker.io/library/web:1`. */
  readonly name: string
  /** Files that tar wrote, the lowest first, on the disk of the layouts: they are linked, not copied. */
  readonly layers: readonly string[]
  readonly config: ContainerConfig
}

interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

const architectures: Readonly<Record<string, string>> = { x64: 'amd64' }

/** Writes an image as an OCI image layout. Its layers stay uncompressed: they travel inside one machine. */
export async function writeLayout(folder: string, { name, layers, config }: Image): Promise<void> {
  const blobs = join(folder, 'blobs', 'sha256')
  await mkdir(blobs, { recursive: true })
  const contents: Descriptor[] = []
  for (const layer of layers) contents.push(await addLayer(blobs, layer))
  const configBlob = await addJson(blobs, 'application/vnd.oci.image.config.v1+json', {
    architecture: architectures[process.arch] ?? process.arch,
    os: 'linux',
    config,
    rootfs: { type: 'layers', diff_ids: contents.map(({ digest }) => digest) },
    history: layers.map(() => ({ created_by: 'lanlord' })), // buildah builds on no layer that has no history.
  })
  const mediaType = 'application/vnd.oci.image.manifest.v1+json'
  const manifest = { schemaVersion: 2, mediaType, config: configBlob, layers: contents }
  const named = { 'org.opencontainers.image.ref.name': name }
  const entry = { ...(await addJson(blobs, mediaType, manifest)), annotations: named }
  await writeFile(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [entry] }))
  await writeFile(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }))
}

async function addLayer(blobs: string, path: string): Promise<Descriptor> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  const digest = hash.digest('hex')
  await link((await sameBlob(blobs, digest)) ?? path, join(blobs, digest))
  const { size } = await stat(path)
  return { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: `sha256:${digest}`, size }
}

/** A layer that a layout beside this one has as well lies on the disk once. */
async function sameBlob(blobs: string, digest: string): Promise<string | undefined> {
  const layouts = join(blobs, '../../..')
  const whole = (await readdir(layouts)).filter((name) => !name.endsWith('.part'))
  const candidates = whole.map((name) => join(layouts, name, 'blobs/sha256', digest))
  return candidates.find((path) => existsSync(path))
}

async function addJson(blobs: string, mediaType: string, value: object): Promise<Descriptor> {
  const text = JSON.stringify(value)
  const digest = createHash('sha256').update(text).digest('hex')
  await writeFile(join(blobs, digest), text)
  return { mediaType, digest: `sha256:${digest}`, size: Buffer.byteLength(text) }
}
