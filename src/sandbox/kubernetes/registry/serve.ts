import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { Layouts, type Descriptor } from './layouts.ts'
import { parseRequest, type Request } from './request.ts'

export interface RegistryOptions {
  /** A folder with one OCI image layout in each sub-folder. */
  readonly layouts: string
  readonly host: string
  readonly port: number
}

export interface Registry extends AsyncDisposable {
  /** The port in use, also when 0 was asked for. */
  readonly port: number
  close(): Promise<void>
}

/** Codes of the OCI distribution specification. */
type Code = 'MANIFEST_UNKNOWN' | 'BLOB_UNKNOWN' | 'NAME_UNKNOWN' | 'UNSUPPORTED'

/** Serves images to whoever pulls them, and takes none: an OCI registry (distribution specification 1.1), read only. */
export async function serveRegistry({ layouts, host, port }: RegistryOptions): Promise<Registry> {
  const images = new Layouts(layouts)
  const server = createServer((request, response) => void respond(images, request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ host, port }, resolve)
  })
  const close = (): Promise<void> => closed(server)
  return { port: (server.address() as AddressInfo).port, close, [Symbol.asyncDispose]: close }
}

async function respond(images: Layouts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('Docker-Distribution-Api-Version', 'registry/2.0')
  try {
    await answer(images, request, response)
  } catch (error) {
    // The client is told as far as it still can be; half an answer must not look like a whole one.
    if (response.headersSent) response.destroy()
    else refuse(response, 500, 'UNSUPPORTED', String(error))
  }
}

async function answer(images: Layouts, { method, url = '' }: IncomingMessage, response: ServerResponse) {
  if (method !== 'GET' && method !== 'HEAD') {
    return refuse(response, 405, 'UNSUPPORTED', 'this registry is read only')
  }
  const wanted = parseRequest(url)
  if (wanted.kind === 'version') return void response.writeHead(200).end()
  const found = await find(images, wanted)
  if (!found) return refuse(response, 404, codeOf(wanted), `not found: ${url}`)
  response.writeHead(200, {
    'Content-Type': found.mediaType,
    'Content-Length': found.size,
    'Docker-Content-Digest': found.digest,
  })
  const content = method === 'GET' ? await images.read(found.digest) : undefined
  if (content) await pipeline(content, response)
  else response.end()
}

function find(images: Layouts, wanted: Request): Promise<Descriptor | undefined> | undefined {
  if (wanted.kind === 'tag') return images.tagged(wanted.image)
  if (wanted.kind === 'manifest') return images.manifest(wanted.digest)
  return wanted.kind === 'blob' ? images.blob(wanted.digest) : undefined
}

function codeOf({ kind }: Request): Code {
  if (kind === 'blob') return 'BLOB_UNKNOWN'
  return kind === 'tag' || kind === 'manifest' ? 'MANIFEST_UNKNOWN' : 'NAME_UNKNOWN'
}

function refuse(response: ServerResponse, status: number, code: Code, message: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify({ errors: [{ code, message }] }))
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
