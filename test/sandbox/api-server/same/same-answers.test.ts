import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { ApiClient } from '../api-client.ts'
import { define, freshNamespace } from '../ground.ts'
import { LocalApi } from '../local-api.ts'
import { widgetDefinition } from '../manifests.ts'
import { RealApi } from '../real-api.ts'
import { alike } from './alike.ts'
import { customRows } from './custom.ts'
import { eventRows } from './events.ts'
import { garbageRows } from './garbage.ts'
import { kindRows } from './kinds.ts'
import { objectRows } from './objects.ts'
import { ownRows } from './own-kinds.ts'
import { readRows } from './reads.ts'
import { ruleRows } from './rules.ts'
import { serviceRows } from './services.ts'
import { play } from './steps.ts'

let real: ApiClient & AsyncDisposable
let embedded: ApiClient & AsyncDisposable
const crds = new URL('../../../../crds/', import.meta.url)

beforeAll(async () => {
  real = await RealApi.start(['garbage-collector-controller', 'namespace-controller'])
  embedded = await LocalApi.start()
  for (const api of [real, embedded]) {
    await define(api, widgetDefinition)
    for (const file of readdirSync(crds)) {
      await define(api, parse(readFileSync(new URL(file, crds), 'utf8')) as typeof widgetDefinition)
    }
  }
})
afterAll(async () => {
  await real?.[Symbol.asyncDispose]()
  await embedded?.[Symbol.asyncDispose]()
})

const rows = [
  ...garbageRows,
  ...serviceRows,
  ...ownRows,
  ...customRows,
  ...ruleRows,
  ...objectRows,
  ...kindRows,
  ...eventRows,
  ...readRows,
]

test.each(rows)('both servers answer the same to $title', async ({ steps }) => {
  const namespace = await freshNamespace(real)
  await embedded.ok('POST', '/api/v1/namespaces', { metadata: { name: namespace } })
  const [wanted, found] = await Promise.all([real, embedded].map((api) => play(api, steps, namespace)))
  expect(alike(found ?? [], namespace)).toEqual(alike(wanted ?? [], namespace))
})
