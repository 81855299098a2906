import type { ApiClient } from './api-client.ts'
import { LocalApi } from './local-api.ts'
import { RealApi } from './real-api.ts'

/** Whether the tests of this folder ask a real server, as they do on a real cluster; else they ask the embedded one. */
export const asksReal = process.env['LANLORD_GROUND'] === 'cluster'

/** A server for the tests of a file. What they want of it holds for both, so each of them is a test of both. */
export function startApi(): Promise<ApiClient & AsyncDisposable> {
  return asksReal ? RealApi.start(['garbage-collector-controller', 'namespace-controller']) : LocalApi.start()
}

let made = 0

/** A namespace that nobody else uses. */
export async function freshNamespace(api: ApiClient): Promise<string> {
  const name = `test-${process.pid}-${++made}`
  await api.ok('POST', '/api/v1/namespaces', { metadata: { name } })
  return name
}

interface Definition {
  readonly metadata: { readonly name: string }
  readonly spec: {
    readonly group: string
    readonly names: { readonly plural: string }
    readonly versions: readonly { readonly name: string }[]
  }
}

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

/** Defines a kind; it is served a moment later. */
export async function define(api: ApiClient, definition: Definition): Promise<void> {
  await api.ok('POST', definitions, definition)
  await served(api, definition, true)
}

/** Takes back the definition of a kind, with its objects, and waits until it is served no more. */
export async function undefine(api: ApiClient, definition: Definition): Promise<void> {
  await api.ok('DELETE', `${definitions}/${definition.metadata.name}`)
  await served(api, definition, false)
}

async function served(api: ApiClient, { metadata, spec }: Definition, wanted: boolean): Promise<void> {
  const [version] = spec.versions
  const path = `/apis/${spec.group}/${version?.name}/${spec.names.plural}`
  for (let tries = 0; tries < 300; tries++) {
    const { status } = await api.request('GET', path)
    const known = await api.request('GET', `${definitions}/${metadata.name}`)
    if ((status === 200) === wanted && (known.status === 200) === wanted) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`${path} is ${wanted ? 'not yet' : 'still'} served after 30 s`)
}
