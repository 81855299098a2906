import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { heartbeatSecretName, systemNamespace } from '../core/api/names.ts'
import type { Api } from '../platform/kubernetes/api.ts'
import { packageRoot } from './package-root.ts'
import { until } from './until.ts'

/** What an installation would have put there: the kinds, the namespace, and the key that signs heartbeats. */
export async function seed(api: Api, heartbeatKey: Buffer): Promise<void> {
  const definitions = await readDefinitions(join(packageRoot(), 'crds'))
  await Promise.all(definitions.map((body) => api.request('POST', definitionsPath, { body })))
  await api.request('POST', '/api/v1/namespaces', { body: systemNamespaceObject })
  await api.request('POST', `/api/v1/namespaces/${systemNamespace}/secrets`, { body: secretOf(heartbeatKey) })
  await until(async () => (await namesWith(api, definitionsPath, 'Established')).size >= definitions.length, {
    describe: () => 'waiting for the CustomResourceDefinitions to be established',
    timeoutMs: 10_000,
  })
}

const systemNamespaceObject = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: systemNamespace },
}

function secretOf(heartbeatKey: Buffer): unknown {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: heartbeatSecretName },
    type: 'Opaque',
    data: { current: heartbeatKey.toString('base64') },
  }
}

const definitionsPath = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

async function readDefinitions(folder: string): Promise<readonly unknown[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml')).toSorted()
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
  return texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as unknown))
}

interface Conditioned {
  readonly metadata: { readonly name: string }
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] }
}

/** The names of those objects in this collection whose condition is True. */
export async function namesWith(api: Api, path: string, condition: string): Promise<ReadonlySet<string>> {
  const { items } = await api.request<{ items: readonly Conditioned[] }>('GET', path)
  const isTrue = ({ status }: Conditioned): boolean =>
    status?.conditions?.some((one) => one.type === condition && one.status === 'True') ?? false
  return new Set(items.filter(isTrue).map((item) => item.metadata.name))
}
