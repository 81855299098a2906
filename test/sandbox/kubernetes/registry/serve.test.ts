import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveRegistry, type Registry } from '../../../../src/sandbox/kubernetes/registry/serve.ts'

const manifestType = 'application/vnd.oci.image.manifest.v1+json'
const layer = Buffer.alloc(300_000, 'layer')
const layerDigest = digestOf(layer)
let layouts: string
let registry: Registry

function digestOf(content: Buffer | string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}

/** One layout with one image, and what its manifest says; answers the manifest's digest. */
async function layOut(folder: string, name: string, manifest: object): Promise<string> {
  const blobs = join(layouts, folder, 'blobs', 'sha256')
  await mkdir(blobs, { recursive: true })
  const text = JSON.stringify(manifest)
  for (const content of [layer, text]) await writeFile(join(blobs, digestOf(content).slice(7)), content)
  const annotations = { 'org.opencontainers.image.ref.name': name }
  const entry = { mediaType: manifestType, digest: digestOf(text), size: text.length, annotations }
  await writeFile(
    join(layouts, folder, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [entry] }),
  )
  return digestOf(text)
}

function request(path: string, method = 'GET'): Promise<Response> {
  return fetch(`http://127.0.0.1:${registry.port}${path}`, { method })
}

beforeAll(async () => {
  layouts = await mkdtemp(join(tmpdir(), 'lanlord-layouts-'))
  registry = await serveRegistry({ layouts, host: '127.0.0.1', port: 0 })
})

afterAll(async () => {
  await registry.close()
  await rm(layouts, { recursive: true })
})

describe('the registry', () => {
  it('says that it is one', async () => {
    expect((await request('/v2/')).status).toBe(200)
  })

  it('finds a manifest by its tag and by its digest, and says its type and digest', async () => {
    const digest = await layOut('one', 'docker.io/library/one:1', {
      schemaVersion: 2,
      mediaType: manifestType,
    })
    for (const reference of ['1', digest]) {
      const response = await request(`/v2/library/one/manifests/${reference}?ns=docker.io`)
      expect(response.headers.get('content-type')).toBe(manifestType)
      expect(response.headers.get('docker-content-digest')).toBe(digest)
      expect(digestOf(await response.text())).toBe(digest)
    }
  })

  it('tells images of two registries apart that have the same name', async () => {
    const hub = await layOut('hub', 'docker.io/same/name:1', { schemaVersion: 2, of: 'hub' })
    const other = await layOut('other', 'lanlord.dev/same/name:1', { schemaVersion: 2, of: 'other' })
    const digest = async (query: string) =>
      (await request(`/v2/same/name/manifests/1${query}`, 'HEAD')).headers.get('docker-content-digest')
    expect(await digest('?ns=docker.io')).toBe(hub)
    expect(await digest('?ns=lanlord.dev')).toBe(other)
    expect(await digest('')).toBe(hub)
  })

  it('serves the image that took the place of another', async () => {
    await layOut('moving', 'docker.io/library/moving:1', { schemaVersion: 2, turn: 1 })
    const second = await layOut('moving', 'docker.io/library/moving:1', { schemaVersion: 2, turn: 2 })
    const response = await request('/v2/library/moving/manifests/1')
    expect(response.headers.get('docker-content-digest')).toBe(second)
  })

  it('streams a layer whole', async () => {
    await layOut('layered', 'docker.io/library/layered:1', { schemaVersion: 2 })
    const response = await request(`/v2/library/layered/blobs/${layerDigest}`)
    expect(response.headers.get('content-length')).toBe(String(layer.length))
    expect(digestOf(Buffer.from(await response.arrayBuffer()))).toBe(layerDigest)
  })

  it('tells the size of a layer without sending it', async () => {
    await layOut('layered', 'docker.io/library/layered:1', { schemaVersion: 2 })
    const response = await request(`/v2/library/layered/blobs/${layerDigest}`, 'HEAD')
    expect(response.headers.get('content-length')).toBe(String(layer.length))
    expect(await response.text()).toBe('')
  })

  it.each([
    ['/v2/library/none/manifests/1', 'MANIFEST_UNKNOWN'],
    [`/v2/library/none/manifests/sha256:${'0'.repeat(64)}`, 'MANIFEST_UNKNOWN'],
    [`/v2/library/none/blobs/sha256:${'0'.repeat(64)}`, 'BLOB_UNKNOWN'],
    ['/v2/library/none/blobs/sha256:..%2f..%2findex.json', 'NAME_UNKNOWN'],
    ['/somewhere/else', 'NAME_UNKNOWN'],
  ])('answers %s with the error of the specification, %s', async (path, code) => {
    const response = await request(path)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ errors: [{ code }] })
  })

  it('takes no image', async () => {
    const response = await request('/v2/library/one/blobs/uploads/', 'POST')
    expect(response.status).toBe(405)
    expect(await response.json()).toMatchObject({ errors: [{ code: 'UNSUPPORTED' }] })
  })
})
