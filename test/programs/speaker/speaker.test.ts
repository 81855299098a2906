import { afterEach, expect, test } from 'vitest'
import { Api } from '../../../src/platform/kubernetes/api.ts'
import { plainConfig } from '../../../src/platform/kubernetes/config.ts'
import { createLog } from '../../../src/platform/telemetry/log.ts'
import { Speaker } from '../../../src/programs/speaker/speaker.ts'
import { SmallApi } from '../../support/small-api.ts'

const speakers = '/apis/lanlord.dev/v1beta1/speakers'
const eth0 = "{ name: 'eth0', index: 2, mac: 0x020000000001n, up: true, addresses: [] }"
const foreign =
  "{ interface: 'eth0', address: { family: 'IPv4', value: 0x0a0000c8n }, mac: 0x02000000000an, at: Date.now() }"

/** A worker on no wire: given keys, it tells of its one interface and of a conflict; given keys again, that this is over. */
const script = `
  import { parentPort } from 'node:worker_threads'
  const say = {
    keys: [
      [
        { kind: 'interfaces', interfaces: [${eth0}], unused: [], trouble: '', isPermitted: true },
        { kind: 'conflict', conflict: ${foreign} },
      ],
      [{ kind: 'conflictOver', conflict: ${foreign} }],
    ],
    leave: [[{ kind: 'left' }]],
  }
  parentPort.on('message', ({ kind }) => say[kind]?.shift()?.forEach((message) => parentPort.postMessage(message)))
`
const program = new URL(`data:text/javascript,${encodeURIComponent(script)}`)

const keys = { current: Buffer.alloc(32, 1) }
const ends: (() => unknown)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

interface Line {
  readonly level: string
  readonly msg: string
  readonly [field: string]: unknown
}

/** A speaker of node one that has not looked at its interfaces yet, and what it logs. */
function openSpeaker(server: SmallApi): { readonly speaker: Speaker; readonly lines: Line[] } {
  const lines: Line[] = []
  const write = (line: string): void => void lines.push(JSON.parse(line) as Line)
  const log = createLog({ name: 'speaker', level: 'info', destination: { write } })
  const api = new Api(plainConfig(server.url))
  const speaker = new Speaker({ api, node: 'one', interfaces: [], keys, log, program })
  ends.push(
    () => server[Symbol.dispose](),
    () => api.close(),
    () => speaker.leave(),
  )
  speaker.start()
  return { speaker, lines }
}

function serverWithOneSpeaker(): SmallApi {
  const server = new SmallApi()
  server.listen(0)
  const status = { interfaces: [{ name: 'eth0', addresses: ['10.0.0.5/24'] }] }
  server.put(speakers, { metadata: { name: 'one' }, spec: { revision: 1, addresses: [] }, status })
  return server
}

test('what it wrote before it was started anew stands until it knows its interfaces', async () => {
  const server = serverWithOneSpeaker()
  const { speaker, lines } = openSpeaker(server)
  await expect.poll(() => lines.some(({ msg }) => msg === 'the API server was read')).toBe(true)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(server.requestsOf('PATCH')).toEqual([])
  speaker.useKeys(keys)
  await expect.poll(() => server.requestsOf('PATCH').length).toBe(1)
  expect(server.objectAt(speakers, 'one')?.status).toMatchObject({
    interfaces: [{ name: 'eth0' }],
    conditions: [{ status: 'True' }],
  })
})

test('somebody else who answers for an address is logged and told in the status, with the node, until it answers no more', async () => {
  const server = serverWithOneSpeaker()
  const mac = '02:00:00:00:00:0a'
  server.put(speakers, { metadata: { name: 'two' }, status: { interfaces: [{ name: 'eth0', mac }] } })
  const { speaker, lines } = openSpeaker(server)
  await expect.poll(() => lines.some(({ msg }) => msg === 'the API server was read')).toBe(true)
  const conflictsTold = (): unknown => {
    return (server.objectAt(speakers, 'one')?.status as { readonly conflicts?: unknown } | undefined)
      ?.conflicts
  }
  const seen = { address: '10.0.0.200', mac, interface: 'eth0' }
  speaker.useKeys(keys)
  await expect.poll(conflictsTold).toEqual([{ ...seen, node: 'two', since: expect.any(String) }])
  expect(await speaker.metrics.metrics()).toMatch(/^lanlord_conflicts 1$/m)
  speaker.useKeys(keys)
  await expect.poll(conflictsTold).toEqual([])
  const told = lines.filter((line) => line['mac'] === mac)
  expect(told).toMatchObject([
    { level: 'warn', ...seen, peer: 'two' },
    { level: 'info', ...seen, peer: 'two' },
  ])
  expect(await speaker.metrics.metrics()).toMatch(/^lanlord_conflicts_total 1$/m)
})

test('an API server that is lost is one line in the log, with the reason, and one when it is back', async () => {
  const server = serverWithOneSpeaker()
  const port = Number(new URL(server.url).port)
  const { lines } = openSpeaker(server)
  await expect.poll(() => lines.some(({ msg }) => msg === 'the API server was read')).toBe(true)
  server.goAway()
  const has = (words: string): boolean => lines.some(({ msg }) => msg.startsWith(words))
  await expect.poll(() => has('the API server is away')).toBe(true)
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  const back = new SmallApi(5_000)
  ends.push(() => back[Symbol.dispose]())
  back.listen(port)
  await expect.poll(() => has('the API server is back'), { timeout: 10_000 }).toBe(true)
  const told = lines.filter(({ msg }) => msg.startsWith('the API server is'))
  expect(told.map(({ level, msg }) => `${level} ${msg}`)).toEqual([
    'info the API server is there',
    'warn the API server is away; what it said last goes on to hold',
    'info the API server is back',
  ])
  expect(lines.filter(({ level }) => level === 'warn')).toMatchObject([{ reason: expect.any(String) }])
})
