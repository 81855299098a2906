import { afterEach, expect, test } from 'vitest'
import { describeOnLinks, inNamespace, type Host } from '../../support/namespaces.ts'
import type { SmallApi } from '../../support/small-api.ts'
import {
  address,
  apiPort,
  clusterWithOneService,
  newDirectory,
  services,
  slices,
  SpeakerProcess,
  speakers,
  statusIn,
} from './speaker-process.ts'
import { Asker, openUntilTheEnd, until } from './wire-harness.ts'

const { open, lanOfThree } = openUntilTheEnd(afterEach)

/** Both nodes reach the one API server, each by a port of its own namespace. */
function cluster(): {
  readonly api: SmallApi
  readonly asker: Asker
  readonly one: Host
  readonly start: (node: string, host: Host) => SpeakerProcess
} {
  const { client, one } = lanOfThree()
  const api = open(clusterWithOneService())
  inNamespace(one, () => api.listen(apiPort))
  const { path } = open(newDirectory())
  const start = (node: string, host: Host): SpeakerProcess => open(new SpeakerProcess(node, host, path))
  return { api, asker: open(new Asker(client)), one, start }
}

describeOnLinks('the speaker process', () => {
  test('announces what the cluster wants, says so in its Speaker object, and is silent and gone on SIGTERM', async () => {
    const { api, asker, one, start } = cluster()
    const speaker = start('one', one)
    await until('it answers', () => asker.ask(address) === one.mac)
    await until('its status says so', () => statusIn(api).count === 1)
    expect(statusIn(api)).toMatchObject({
      summary: address,
      announcing: [{ address, interface: 'eth0', mac: one.mac }],
      interfaces: [{ name: 'eth0', mac: one.mac }],
      conditions: [{ type: 'Ready', status: 'True' }],
    })
    speaker.signal('SIGTERM')
    expect(await speaker.ended).toBe(0)
    expect(asker.ask(address)).toBeUndefined()
    expect(statusIn(api)).toMatchObject({ count: 0, conditions: [{ status: 'False', reason: 'Leaving' }] })
  })

  test('makes its own Speaker object when there is none, owned by its Node', async () => {
    const { api, one, start } = cluster()
    api.remove(speakers, 'one')
    start('one', one)
    await until('it is there', () => statusIn(api).conditions?.[0]?.status === 'True')
    expect(api.objectAt(speakers, 'one')?.metadata).toMatchObject({
      ownerReferences: [
        { kind: 'Node', name: 'one', uid: api.objectAt('/api/v1/nodes', 'one')?.metadata.uid },
      ],
    })
    api.remove(speakers, 'one')
    await until('it is there again', () => statusIn(api).conditions?.[0]?.status === 'True')
  })

  test('writes nothing while nothing changes', async () => {
    const { api, asker, one, start } = cluster()
    start('one', one)
    await until('its status says so', () => statusIn(api).count === 1)
    const writes = api.requestsOf('PATCH').length
    for (let asked = 0; asked < 300; asked++) asker.ask(address)
    api.put('/api/v1/nodes', { metadata: { name: 'two', labels: { seen: 'again' } } })
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(api.requestsOf('PATCH')).toHaveLength(writes)
  })

  test('waits for an API server that is away at the start, and says so', async () => {
    const { api, asker, one, start } = cluster()
    api.goAway()
    const speaker = start('one', one)
    await until('it says so', () => speaker.has('the API server is away; nothing is announced'))
    expect(asker.ask(address)).toBeUndefined()
    const back = open(clusterWithOneService(5_000))
    inNamespace(one, () => back.listen(apiPort))
    await until('it answers', () => asker.ask(address) === one.mac, 30_000)
  })

  test('goes on answering while the API server is away, and catches up when it is back', async () => {
    const { api, asker, one, start } = cluster()
    const speaker = start('one', one)
    await until('it answers', () => asker.ask(address) === one.mac)
    api.goAway()
    await until('it says so', () => speaker.has('the API server is away'))
    expect(asker.ask(address)).toBe(one.mac)
    const back = open(clusterWithOneService(5_000))
    back.remove(services, 'shop/web')
    inNamespace(one, () => back.listen(apiPort))
    await until('it knows that the Service is gone', () => asker.ask(address) === undefined, 30_000)
  })

  test('outlives objects that are not as they should be', async () => {
    const { api, asker, one, start } = cluster()
    const nonsense = { addresses: [{ address: 'x' }, { address: 7, services: 'no' }, null], revision: 'many' }
    api.put(speakers, {
      metadata: { name: 'three' },
      spec: nonsense,
      status: { interfaces: [{ addresses: 5 }, null] },
    })
    api.put(services, {
      metadata: { name: 'odd', namespace: 'shop' },
      spec: 5,
      status: { loadBalancer: { ingress: 9 } },
    })
    api.put(slices, { metadata: { name: 'odd', namespace: 'shop', labels: 4 }, endpoints: { no: 1 } })
    api.put('/apis/lanlord.dev/v1beta1/addresspools', {
      metadata: { name: 'odd' },
      spec: { addresses: [1, 'a-b'], l2: 3 },
    })
    api.put('/api/v1/nodes', { metadata: { name: 'odd' }, spec: null, status: { conditions: 'none' } })
    const speaker = start('one', one)
    await until('it answers', () => asker.ask(address) === one.mac)
    expect(speaker.has('fatal')).toBe(false)
  })

  test('is silent after a pause that was longer than its word, and then answers again', async () => {
    const { api, asker, one, start } = cluster()
    const speaker = start('one', one)
    await until('it answers', () => asker.ask(address) === one.mac)
    await until('its status says so', () => statusIn(api).count === 1)
    speaker.signal('SIGSTOP')
    await until('it stands still', () => speaker.isStopped)
    // Asked during the pause: another may have answered meanwhile, and for long.
    expect(asker.ask(address, 400)).toBeUndefined()
    speaker.signal('SIGCONT')
    expect(asker.macsWithin(address, 100)).toEqual([])
    await until('it answers again', () => asker.ask(address) === one.mac)
  })

  test('serves its health and its metrics', async () => {
    const { asker, one, start } = cluster()
    const speaker = start('one', one)
    await until('it answers', () => asker.ask(address) === one.mac)
    expect(await speaker.fetched('/healthz')).toEqual({ status: 200, text: 'ok\n' })
    expect(await speaker.fetched('/readyz')).toEqual({ status: 200, text: 'ok\n' })
    const metrics = (await speaker.fetched('/metrics'))?.text
    expect(metrics).toMatch(/^lanlord_frames_total\{direction="sent",kind="reply"\} [1-9]/m)
    expect(metrics).toMatch(/^lanlord_takeovers_total\{cause="placed"\} 1$/m)
    expect(metrics).toMatch(/^lanlord_announced_addresses 1$/m)
    expect(metrics).toMatch(/^lanlord_api_contact 1$/m)
  })
})
