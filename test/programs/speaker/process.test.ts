import { type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { describeOnLinks, execOn, inNamespace, spawnOn, type Host } from '../../support/namespaces.ts'
import { SmallApi } from '../../support/small-api.ts'
import { Asker, clusterKey, openUntilTheEnd, until } from './wire-harness.ts'

const { open, lanOfThree } = openUntilTheEnd(afterEach)
const address = '10.88.0.200'
const apiPort = 6443
const speakers = '/apis/lanlord.dev/v1beta1/speakers'
const services = '/api/v1/services'
const slices = '/apis/discovery.k8s.io/v1/endpointslices'

/** A speaker as it runs in a cluster, and its log. */
class SpeakerProcess implements AsyncDisposable {
  readonly node: string
  readonly log: string[] = []
  readonly ended: Promise<number | null>
  readonly #process: ChildProcess

  constructor(node: string, host: Host, directory: string) {
    this.node = node
    const program = new URL('../../../dist/speaker.js', import.meta.url).pathname
    const kubeconfig = join(directory, 'kubeconfig')
    const flags = [
      '--kubeconfig',
      kubeconfig,
      '--node',
      node,
      '--key-directory',
      directory,
      '--http',
      '127.0.0.1:7472',
    ]
    this.#process = spawnOn(host, ['node', program, ...flags])
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (chunk: Buffer) => this.log.push(...chunk.toString().trimEnd().split('\n')))
    }
    this.ended = new Promise((resolve) => this.#process.once('exit', resolve))
  }

  /** `ip netns exec` becomes the program, so that this is the speaker itself. */
  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal)
  }

  /** Every thread of it: a signal does not reach them at once. */
  get isStopped(): boolean {
    const tasks = `/proc/${this.#process.pid ?? 0}/task`
    return readdirSync(tasks).every((task) => / T /.test(readFileSync(`${tasks}/${task}/stat`, 'utf8')))
  }

  has(word: string): boolean {
    return this.log.some((line) => line.includes(word))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.signal('SIGKILL')
    await this.ended
  }
}

function directoryOf(): string {
  const directory = mkdtempSync(join(tmpdir(), 'lanlord-speaker-'))
  open({ [Symbol.dispose]: () => rmSync(directory, { recursive: true }) })
  writeFileSync(join(directory, 'current'), clusterKey)
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'small', cluster: { server: `http://127.0.0.1:${apiPort}` } }],
    contexts: [{ name: 'small', context: { cluster: 'small', user: 'nobody' } }],
    users: [{ name: 'nobody', user: {} }],
    'current-context': 'small',
  }
  writeFileSync(join(directory, 'kubeconfig'), JSON.stringify(config))
  return directory
}

/** A Service with an address, placed on node one, with an endpoint on each node. */
function clusterWithOneService(firstVersion?: number): SmallApi {
  const api = open(new SmallApi(firstVersion))
  for (const name of ['one', 'two']) api.put('/api/v1/nodes', { metadata: { name } })
  const placed = { address, revision: 1, pool: 'lan', services: ['shop/web'] }
  api.put(speakers, { metadata: { name: 'one' }, spec: { revision: 1, addresses: [placed] } })
  api.put('/apis/lanlord.dev/v1beta1/addresspools', {
    metadata: { name: 'lan' },
    spec: { addresses: ['10.88.0.200'] },
  })
  api.put(services, {
    metadata: { name: 'web', namespace: 'shop' },
    spec: { type: 'LoadBalancer', loadBalancerClass: 'lanlord.dev/lanlord' },
    status: { loadBalancer: { ingress: [{ ip: address }] } },
  })
  api.put(slices, {
    metadata: { name: 'web-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
    endpoints: [{ nodeName: 'one' }, { nodeName: 'two' }],
  })
  return api
}

/** Both nodes reach the one API server, each by a port of its own namespace. */
function cluster(): {
  readonly api: SmallApi
  readonly asker: Asker
  readonly one: Host
  readonly start: (node: string, host: Host) => SpeakerProcess
} {
  const { client, one } = lanOfThree()
  const api = clusterWithOneService()
  inNamespace(one, () => api.listen(apiPort))
  const directory = directoryOf()
  const start = (node: string, host: Host): SpeakerProcess => open(new SpeakerProcess(node, host, directory))
  return { api, asker: open(new Asker(client)), one, start }
}

interface Status {
  readonly count?: number
  readonly summary?: string
  readonly announcing?: readonly object[]
  readonly interfaces?: readonly object[]
  readonly conditions?: readonly { readonly status: string; readonly reason: string }[]
}

function statusIn(api: SmallApi): Status {
  return (api.objectAt(speakers, 'one')?.status ?? {}) as Status
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
    const back = clusterWithOneService(5_000)
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
    const back = clusterWithOneService(5_000)
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
    start('one', one)
    await until('it answers', () => asker.ask(address) === one.mac)
    const fetched = (path: string): string =>
      execOn(one, [
        'node',
        '-e',
        `fetch('http://127.0.0.1:7472${path}').then(async (r) => process.stdout.write(await r.text()))`,
      ])
    expect(fetched('/healthz')).toBe('ok\n')
    expect(fetched('/readyz')).toBe('ok\n')
    const metrics = fetched('/metrics')
    expect(metrics).toMatch(/^lanlord_frames_total\{direction="sent",kind="reply"\} [1-9]/m)
    expect(metrics).toMatch(/^lanlord_takeovers_total\{cause="placed"\} 1$/m)
    expect(metrics).toMatch(/^lanlord_announced_addresses 1$/m)
    expect(metrics).toMatch(/^lanlord_api_contact 1$/m)
  })

  test.each([
    ['a key that is too short', 'short', 'holds 5 bytes'],
    ['no key', undefined, 'current is not there'],
  ])('refuses to start with %s, and says what would mend it', async (_, key, words) => {
    const { one } = lanOfThree()
    const directory = directoryOf()
    if (key === undefined) rmSync(join(directory, 'current'))
    else writeFileSync(join(directory, 'current'), key)
    const speaker = open(new SpeakerProcess('one', one, directory))
    expect(await speaker.ended).toBe(1)
    expect(speaker.has(words)).toBe(true)
  })
})
