import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { describeOnLinks, inNamespace, spawnOn } from '../../support/namespaces.ts'
import type { SmallApi } from '../../support/small-api.ts'
import {
  address,
  apiPort,
  clusterWithOneService,
  newDirectory,
  SpeakerProcess,
  speakers,
  statusIn,
} from './speaker-process.ts'
import type { SpeakerProcessOptions } from './speaker-process.ts'
import { Asker, clusterKey, openUntilTheEnd, until } from './wire-harness.ts'

const { open, lanOfThree } = openUntilTheEnd(afterEach)

/** A node with an API server beside it, and the directory of its speaker, which a test may spoil before the start. */
function node() {
  const { client, one } = lanOfThree()
  const api = open(clusterWithOneService())
  inNamespace(one, () => api.listen(apiPort))
  const { path } = open(newDirectory())
  const start = (options?: SpeakerProcessOptions): SpeakerProcess =>
    open(new SpeakerProcess('one', one, path, options))
  return { api, one, path, start, asker: open(new Asker(client)) }
}

const second = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 1_000))

function reasonIn(api: SmallApi): string | undefined {
  return statusIn(api).conditions?.[0]?.reason
}

describeOnLinks('a speaker in a Pod whose Secret', () => {
  test.each([
    ['is missing', undefined, 'current is not there: kubectl -n lanlord-system create secret generic'],
    ['is too short', 'short', 'current holds 5 bytes, and a heartbeat key has 16 or more: kubectl -n'],
  ])(
    '%s says so once and what would mend it, waits, and starts when the key is there',
    async (_, key, words) => {
      const { api, one, path, start, asker } = node()
      const file = join(path, 'current')
      if (key === undefined) rmSync(file)
      else writeFileSync(file, key)
      const speaker = start()
      await until('its status says so', () => reasonIn(api) === 'NoKey')
      await second()
      await second()
      expect(speaker.linesWith(words)).toHaveLength(1)
      expect(await speaker.fetched('/healthz')).toEqual({ status: 200, text: 'ok\n' })
      expect(await speaker.fetched('/readyz')).toEqual({ status: 503, text: expect.stringContaining(words) })
      expect(statusIn(api).conditions?.[0]?.message).toContain(words)
      writeFileSync(file, clusterKey)
      await until('it answers', () => asker.ask(address) === one.mac)
      await until('its status says so', () => reasonIn(api) === 'Announcing')
      expect(await speaker.fetched('/readyz')).toEqual({ status: 200, text: 'ok\n' })
    },
  )

  test('is missing ends with 0 when it is told to', async () => {
    const { path, start } = node()
    rmSync(join(path, 'current'))
    const speaker = start()
    await until('it waits', () => speaker.has('is not there'))
    speaker.signal('SIGTERM')
    expect(await speaker.ended).toBe(0)
  })

  test('becomes unreadable while it runs goes on with the key that it has', async () => {
    const { one, path, start, asker } = node()
    const speaker = start()
    await until('it answers', () => asker.ask(address) === one.mac)
    writeFileSync(join(path, 'current'), 'short')
    await until('it says so', () => speaker.has('the heartbeat keys in use stay in use'))
    expect(asker.ask(address)).toBe(one.mac)
    expect((await speaker.fetched('/readyz'))?.status).toBe(200)
  })
})

describeOnLinks('a speaker in a Pod without NET_RAW', () => {
  test('names the capability once, says so in its Speaker object, stays, and ends with 0', async () => {
    const { api, start } = node()
    const speaker = start({ under: ['setpriv', '--bounding-set=-net_raw', '--inh-caps=-net_raw'] })
    await until('its status says so', () => reasonIn(api) === 'NotPermitted')
    await second()
    await second()
    const words = 'securityContext.capabilities.add: [NET_RAW]'
    expect(speaker.linesWith(words)).toHaveLength(1)
    expect((await speaker.fetched('/healthz'))?.status).toBe(200)
    expect(await speaker.fetched('/readyz')).toEqual({ status: 503, text: expect.stringContaining(words) })
    expect(statusIn(api)).toMatchObject({ count: 0, interfaces: [{ name: 'eth0' }] })
    speaker.signal('SIGTERM')
    expect(await speaker.ended).toBe(0)
  })
})

describeOnLinks('a speaker in a Pod without its role', () => {
  test('says what it may not read, and announces once it is granted', async () => {
    const { api, one, start, asker } = node()
    api.forbids = (request) => request.endsWith('/services')
    const speaker = start()
    await until('it says so', () => speaker.has('the API server refuses'))
    await second()
    expect(speaker.linesWith('cannot GET /api/v1/services')).toHaveLength(1)
    expect(await speaker.fetched('/readyz')).toEqual({
      status: 503,
      text: expect.stringMatching(
        /has not been read yet: .*403 .*cannot GET \/api\/v1\/services; bind the role/,
      ),
    })
    api.forbids = () => false
    await until('it answers', () => asker.ask(address) === one.mac, 30_000)
    expect((await speaker.fetched('/readyz'))?.status).toBe(200)
  })

  test('announces though it may not write its status, is not ready meanwhile, and writes once it is granted', async () => {
    const { api, one, start, asker } = node()
    api.forbids = (request) => request.startsWith('PATCH')
    const speaker = start()
    await until('it answers', () => asker.ask(address) === one.mac)
    await until('it says so', () => speaker.has('could not be written'))
    await second()
    expect(speaker.linesWith('could not be written')).toHaveLength(1)
    expect(await speaker.fetched('/readyz')).toEqual({
      status: 503,
      text: expect.stringMatching(/cannot PATCH .*\/speakers\/one\/status; bind the role/),
    })
    api.forbids = () => false
    await until('its status says so', () => statusIn(api).count === 1, 30_000)
    expect((await speaker.fetched('/readyz'))?.status).toBe(200)
  })
})

describeOnLinks('a speaker in a Pod whose port is taken', () => {
  test('announces all the same, says so once, and serves when the port is free', async () => {
    const { one, start, asker } = node()
    const script = `require('net').createServer().listen(7472, () => console.log('there'))`
    const other = spawnOn(one, ['node', '-e', script])
    open({ [Symbol.dispose]: () => void other.kill('SIGKILL') })
    await new Promise((resolve) => other.stdout?.once('data', resolve))
    const speaker = start({ http: ':7472' })
    await until('it answers', () => asker.ask(address) === one.mac)
    await until('it says so', () => speaker.has('another program listens there'))
    await second()
    await second()
    await second()
    expect(speaker.linesWith('cannot listen on :7472')).toHaveLength(1)
    other.kill('SIGKILL')
    await until('it serves', async () => (await speaker.fetched('/readyz'))?.status === 200)
  })
})

describeOnLinks('a speaker in a Pod', () => {
  test('has no Speaker object before there is a Node of its name, and says so', async () => {
    const { api, start } = node()
    api.remove('/api/v1/nodes', 'one')
    api.remove(speakers, 'one')
    const speaker = start()
    await until('it has read', () => speaker.has('the API server was read'))
    await until(
      'it says so',
      async () => (await speaker.fetched('/readyz'))?.text.includes('there is no Node "one"') === true,
    )
    expect(api.objectAt(speakers, 'one')).toBeUndefined()
    api.put('/api/v1/nodes', { metadata: { name: 'one' } })
    await until('it is there', () => api.objectAt(speakers, 'one') !== undefined)
    expect(api.objectAt(speakers, 'one')?.metadata).toHaveProperty('ownerReferences')
  })

  test('that is recreated with its Node has the new Node for its owner', async () => {
    const { api, start } = node()
    start()
    await until('its status says so', () => reasonIn(api) === 'Announcing')
    api.remove('/api/v1/nodes', 'one')
    api.remove(speakers, 'one')
    api.put('/api/v1/nodes', { metadata: { name: 'one' } })
    await until('it is there again', () => reasonIn(api) === 'Announcing')
    const uid = api.objectAt('/api/v1/nodes', 'one')?.metadata.uid
    expect(api.objectAt(speakers, 'one')?.metadata).toMatchObject({ ownerReferences: [{ uid }] })
  })
})
