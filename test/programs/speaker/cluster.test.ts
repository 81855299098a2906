import { afterEach, expect, test } from 'vitest'
import { Cluster } from '../../../src/programs/speaker/cluster.ts'
import { Api } from '../../../src/platform/kubernetes/api.ts'
import { ContactLog } from '../../../src/platform/kubernetes/contact-log.ts'
import { createLog } from '../../../src/platform/telemetry/log.ts'
import { plainConfig } from '../../../src/platform/kubernetes/config.ts'
import { SmallApi } from '../../support/small-api.ts'

const speakers = '/apis/lanlord.dev/v1beta1/speakers'
const nodes = '/api/v1/nodes'

const ends: (() => unknown)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

test('what is written about nodes and speakers is a change only where it says something new of what is kept', async () => {
  const server = new SmallApi()
  server.listen(0)
  const spec = { revision: 1, addresses: [{ address: '10.0.0.1', revision: 1, pool: 'lan', services: [] }] }
  const interfaces = [{ name: 'eth0', addresses: ['10.0.0.5/24'] }]
  server.put(speakers, { metadata: { name: 'one' }, spec, status: { interfaces } })
  server.put(nodes, { metadata: { name: 'one' } })
  const api = new Api(plainConfig(server.url))
  const log = createLog({ name: 'speaker', level: 'silent' })
  const contactLog = new ContactLog({ log, meaning: { before: '', after: '' } })
  let changes = 0
  const onChange = (): number => changes++
  const cluster = new Cluster(api, contactLog, {
    onChange,
    onLooks: () => undefined,
    onContact: () => undefined,
  })
  ends.push(
    () => server[Symbol.dispose](),
    () => api.close(),
    () => cluster[Symbol.asyncDispose](),
  )
  cluster.start()
  await cluster.synced

  /** How many changes there were before the other kind's next one, which is always told. */
  const told = async (write: () => void, path: string): Promise<number> => {
    const before = changes
    write()
    server.put(path, { metadata: { name: `last-${changes}` } })
    const { nodes: known, speakers: heard } = cluster.view
    const last = path === nodes ? known : heard
    const size = last.size
    await expect.poll(() => last.size).toBeGreaterThanOrEqual(size + 1)
    return changes - before - 1
  }
  const beat = { conditions: [{ type: 'Ready', status: 'False', lastHeartbeatTime: 'now' }] }
  const peers = [{ node: 'two', interface: 'eth0', since: 'now' }]
  const put =
    (path: string, status: object, labels = {}) =>
    () =>
      server.put(path, { metadata: { name: 'one', labels }, spec: path === nodes ? {} : spec, status })
  expect(await told(put(nodes, beat), nodes)).toBe(0)
  expect(await told(put(speakers, { interfaces, peers }), speakers)).toBe(0)
  expect(await told(put(nodes, beat, { rack: 'b' }), nodes)).toBe(1)
  expect(await told(put(speakers, { interfaces: [] }), speakers)).toBe(1)
})
