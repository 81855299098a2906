import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApiClient } from '../api-client.ts'
import { define } from '../ground.ts'
import { LocalApi } from '../local-api.ts'
import { widgetDefinition } from '../manifests.ts'
import { RealApi } from '../real-api.ts'

let real: ApiClient & AsyncDisposable
let embedded: ApiClient & AsyncDisposable

beforeAll(async () => {
  real = await RealApi.start()
  embedded = await LocalApi.start()
  for (const api of [real, embedded]) await define(api, widgetDefinition)
})
afterAll(async () => {
  await real?.[Symbol.asyncDispose]()
  await embedded?.[Symbol.asyncDispose]()
})

const both = (): readonly ApiClient[] => [real, embedded]

/** Those of a list that the embedded server has as well, which serves a part of what a real one does. */
function shared<Item>(
  wanted: readonly Item[],
  found: readonly Item[],
  nameOf: (item: Item) => string,
): readonly Item[] {
  const names = new Set(found.map(nameOf))
  return wanted.filter((item) => names.has(nameOf(item)))
}

interface Resource {
  readonly name: string
}

const paths = [
  '/api/v1',
  '/apis/apps/v1',
  '/apis/events.k8s.io/v1',
  '/apis/rbac.authorization.k8s.io/v1',
  '/apis/admissionregistration.k8s.io/v1',
  '/apis/apiextensions.k8s.io/v1',
  '/apis/coordination.k8s.io/v1',
  '/apis/discovery.k8s.io/v1',
  '/apis/example.io/v1',
]

test.each(paths)('%s lists its resources as a real server does', async (path) => {
  const lists = await Promise.all(both().map((api) => api.ok('GET', path)))
  const [wanted = [], found = []] = lists.map(({ resources }) => resources as readonly Resource[])
  expect(found).toEqual(shared(wanted, found, ({ name }) => name))
})

test('/apis lists the groups in the order in which a real server does', async () => {
  const lists = await Promise.all(both().map((api) => api.ok('GET', '/apis')))
  const [wanted = [], found = []] = lists.map(({ groups }) => groups as readonly Resource[])
  expect(found.map(({ name }) => name)).toEqual(
    shared(wanted, found, ({ name }) => name).map(({ name }) => name),
  )
})

interface Group {
  readonly metadata: { readonly name?: string }
  readonly versions: readonly { readonly version: string; readonly resources: readonly Found[] }[]
}

interface Found {
  readonly resource: string
  readonly subresources?: readonly { readonly subresource: string }[]
}

const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json'

function nameOf({ metadata: { name = '' } }: Group): string {
  return name
}

function resourcesOf(groups: readonly Group[]): readonly (readonly [string, Found])[] {
  return groups.flatMap((group) =>
    group.versions.flatMap(({ version, resources }) =>
      resources.map((one) => [`${nameOf(group)}/${version}/${one.resource}`, one] as const),
    ),
  )
}

/** Without the parts of a resource that the embedded server does not have. */
function lessened(wanted: Found, found: Found): Found {
  const { subresources = [], ...rest } = wanted
  const kept = shared(subresources, found.subresources ?? [], ({ subresource }) => subresource)
  return kept.length === 0 ? rest : { ...rest, subresources: kept }
}

test.each(['/api', '/apis'])('%s in one answer lists its resources as a real server does', async (path) => {
  const lists = await Promise.all(both().map((api) => api.ok('GET', path, undefined, { accept })))
  const [wanted = [], found = []] = lists.map(({ items }) =>
    resourcesOf(items as unknown as readonly Group[]),
  )
  const known = new Map(wanted)
  for (const [name, one] of found) {
    const real = known.get(name) ?? expect.fail(`${name} is not served by a real server`)
    expect([name, one]).toEqual([name, lessened(real, one)])
  }
  expect(found.length).toBeGreaterThan(5)
})

test.each([
  ['/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', { spec: { namespace: 'default' } }],
  ['/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {}],
])('%s is answered as a real server does', async (path, body) => {
  const [wanted, found] = await Promise.all(both().map((api) => api.request('POST', path, body)))
  expect([found?.status, sorted(found?.object)]).toEqual([wanted?.status, sorted(wanted?.object)])
})

/** Rules come in no order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value))
    return value
      .map(sorted)
      .toSorted((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, sorted(inner)]))
}
