import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { ApiProcess } from '../api-process.ts'
import { ApiClient } from '../api-client.ts'
import { define, freshNamespace } from '../ground.ts'
import { kubectls, Session } from '../kubectl.ts'
import { widgetDefinition } from '../manifests.ts'
import { RealApi } from '../real-api.ts'
import { stories } from './kubectl-stories.ts'
import { tell } from './stories.ts'

let real: RealApi
let process: ApiProcess
let home: string
let sessions: readonly Session[]
const crds = new URL('../../../../crds/', import.meta.url)

beforeAll(async () => {
  real = await RealApi.start(['garbage-collector-controller', 'namespace-controller'])
  process = await ApiProcess.start()
  home = mkdtempSync(join(tmpdir(), 'lanlord-kubectl-'))
  const [kubectl] = kubectls()
  if (kubectl === undefined) throw new Error('there is no kubectl on PATH and none in LANLORD_KUBECTLS')
  sessions = [real, process].map((server) => new Session(kubectl, home, server.kubeconfig))
  for (const api of [real, embedded()]) {
    await define(api, widgetDefinition)
    for (const file of readdirSync(crds)) {
      await define(api, parse(readFileSync(new URL(file, crds), 'utf8')) as typeof widgetDefinition)
    }
  }
})
afterAll(async () => {
  await real?.[Symbol.asyncDispose]()
  await process?.[Symbol.asyncDispose]()
  if (home !== undefined) rmSync(home, { recursive: true, force: true })
})

function embedded(): ApiClient {
  return new ApiClient(() => ({ url: process.url }))
}

test.each(stories)('kubectl prints the same of both servers: $title', async (story) => {
  const namespace = await freshNamespace(real)
  await embedded().ok('POST', '/api/v1/namespaces', { metadata: { name: namespace } })
  const [wanted, found] = await Promise.all(sessions.map((session) => tell(session, story, namespace)))
  expect(found).toEqual(wanted)
})
