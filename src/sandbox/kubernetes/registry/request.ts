/** What a client of a registry asks for, in the words of the OCI distribution specification. */
export type Request =
  | { readonly kind: 'version' }
  | { readonly kind: 'tag'; readonly image: string }
  | { readonly kind: 'manifest' | 'blob'; readonly digest: string }
  | { readonly kind: 'unknown' }

const form = /^\/v2\/(?<name>[a-z0-9._/-]+)\/(?<kind>manifests|blobs)\/(?<reference>[\w][\w.:-]*)$/

/**
 * Reads the target of a request. A registry that stands in for others hears of them in `?ns=docker.io`; one that is not
 * told stands in for Docker Hub.
 */
export function parseRequest(target: string): Request {
  const { pathname, searchParams } = new URL(target, 'http://registry')
  if (pathname === '/v2/' || pathname === '/v2') return { kind: 'version' }
  const { name = '', kind, reference = '' } = form.exec(pathname)?.groups ?? {}
  if (kind === 'blobs') return { kind: 'blob', digest: reference }
  return kind ? manifest(`${searchParams.get('ns') ?? 'docker.io'}/${name}`, reference) : { kind: 'unknown' }
}

/** No tag has a colon in it, and every digest has. */
function manifest(repository: string, reference: string): Request {
  if (reference.includes(':')) return { kind: 'manifest', digest: reference }
  return { kind: 'tag', image: `${repository}:${reference}` }
}
