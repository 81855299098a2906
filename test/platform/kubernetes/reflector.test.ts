import type { ServerResponse } from 'node:http'
import { isDeepStrictEqual } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Api } from '../../../src/platform/kubernetes/api.ts'
import { ApiError } from '../../../src/platform/kubernetes/api-error.ts'
import { reconnectLimits } from '../../../src/platform/kubernetes/backoff.ts'
import { plainConfig } from '../../../src/platform/kubernetes/config.ts'
import { knownOf } from '../../../src/platform/kubernetes/object.ts'
import type { Known, KubernetesObject } from '../../../src/platform/kubernetes/object.ts'
import { Reflector } from '../../../src/platform/kubernetes/reflector.ts'
import type { Change, ReflectorOptions } from '../../../src/platform/kubernetes/reflector.ts'
import { EvilServer, lineOf, refuse, reset, streamOf } from './evil-server.ts'
import { until } from './until.ts'

interface RawThing extends KubernetesObject {
  readonly text: string
}

interface Thing extends Known {
  readonly text: string
}

let server: EvilServer
let api: Api
const started: Reflector<Thing, RawThing>[] = []

beforeEach(async () => {
  server = await EvilServer.start()
  api = new Api(plainConfig(server.url))
})

afterEach(async () => {
  await Promise.all(started.splice(0).map((reflector) => reflector.stop()))
  await api.close()
  await server.stop()
})

/** A reflector, what it says, and the things that its changes add up to. */
function observe(options: Partial<ReflectorOptions<Thing, RawThing>> = {}) {
  const told: string[] = []
  const problems: string[] = []
  const contacts: boolean[] = []
  const addedUp = new Map<string, string>()
  const reflector = new Reflector<Thing, RawThing>(api, {
    path: server.path,
    project: (raw) => ({ ...knownOf(raw), text: raw.text }),
    onEvent: (change) => {
      told.push(`${change.kind} ${change.object.key} ${change.object.uid}`)
      addUp(addedUp, change)
    },
    onProblem: (error) => problems.push(error.message),
    onContact: (contact) => contacts.push(contact),
    backoff: { baseMs: 10, capMs: 100 },
    ...options,
  })
  started.push(reflector)
  return { reflector, told, problems, contacts, addedUp }
}

type Observed = ReturnType<typeof observe>

function addUp(things: Map<string, string>, { kind, object }: Change<Thing>): void {
  const known = things.get(object.key)
  if (kind === 'added') expect(known).toBeUndefined()
  else expect(known?.split(' ')[0]).toBe(object.uid)
  if (kind === 'removed') things.delete(object.key)
  else things.set(object.key, `${object.uid} ${object.text}`)
}

function truth(): Record<string, string> {
  return Object.fromEntries(
    [...server.things].map(([key, thing]) => [key, `${thing.metadata.uid} ${thing.text}`]),
  )
}

function knownTo({ reflector }: Observed): Record<string, string> {
  return Object.fromEntries([...reflector.store].map(([key, thing]) => [key, `${thing.uid} ${thing.text}`]))
}

async function settled(observed: Observed): Promise<void> {
  await until('the reflector knows what the server has', () => isDeepStrictEqual(knownTo(observed), truth()))
  expect(Object.fromEntries(observed.addedUp)).toEqual(truth())
}

async function watching(observed: Observed): Promise<void> {
  observed.reflector.start()
  await observed.reflector.synced
  await until('the watch stands', () => server.watchers === 1)
}

/** What goes on while nobody watches: a change, a deletion, and another object under an old name. */
function changeEverything(): void {
  server.put('changed', 'later')
  server.remove('deleted')
  server.remove('recreated')
  server.put('recreated', 'another')
  server.put('new', 'ünï¢ödé 🐙')
}

interface Evil {
  readonly name: string
  readonly happens: (observed: Observed) => Promise<void> | void
  /** Whether the reflector has to list again; if not, it must not. */
  readonly lists: boolean
  readonly options?: Partial<ReflectorOptions<Thing, RawThing>>
}

const gone = { type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' } }
const failing = {
  type: 'ERROR',
  object: { kind: 'Status', code: 500, reason: 'InternalError', message: 'etcd' },
}

const evils: readonly Evil[] = [
  { name: 'the server closes the watch in order', lists: false, happens: () => server.endWatches() },
  { name: 'the connection is reset', lists: false, happens: () => server.resetWatches() },
  {
    name: 'the connection is reset and the server refuses three times more',
    lists: false,
    happens: () => {
      server.nextWatches.push(reset, reset, reset)
      server.resetWatches()
    },
  },
  {
    name: 'the connection is half open: it says nothing and does not end',
    lists: false,
    options: { idleMs: 100 },
    happens: () => server.silenceWatches(),
  },
  {
    name: 'the version is gone, said as HTTP 410',
    lists: true,
    happens: () => {
      server.compact()
      server.endWatches()
    },
  },
  {
    name: 'the version is gone, said as an ERROR event',
    lists: true,
    happens: () => server.say(lineOf(gone)),
  },
  {
    name: 'the version is gone, and again in the middle of the new list',
    lists: true,
    options: { pageSize: 2 },
    happens: async () => {
      server.nextLists.push(streamOf('{"metadata":{"resourceVersion":"1","continue":"2"},"items":[]}'))
      server.nextLists.push(refuse(410, 'Expired'))
      server.say(lineOf(gone))
      await until('the list was begun anew', () => server.lists.length >= 4)
    },
  },
  {
    name: 'the watch is ended by an ERROR event of another kind',
    lists: false,
    happens: () => server.say(lineOf(failing)),
  },
  {
    name: 'the server answers 429 with Retry-After',
    lists: false,
    happens: () => {
      server.nextWatches.push(refuse(429, 'TooManyRequests', { 'retry-after': '0.05' }))
      server.endWatches()
    },
  },
  {
    name: 'the server answers 500, 502 with no JSON, and 503',
    lists: false,
    happens: () => {
      server.nextWatches.push(refuse(500, 'InternalError'), badGateway, refuse(503, 'ServiceUnavailable'))
      server.endWatches()
    },
  },
  { name: 'a line is no JSON', lists: false, happens: () => server.say('}{ what?\n') },
  {
    name: 'a line is JSON of another world',
    lists: false,
    happens: () => server.say('[1]\nnull\n{"a":1}\n'),
  },
  {
    name: 'the server always says the same junk from this version on',
    lists: true,
    happens: () => {
      server.nextWatches.push(streamOf('junk\n'))
      server.say('junk\n')
    },
  },
  {
    name: 'a line is cut off in the middle',
    lists: false,
    happens: () => {
      server.say('{"type":"MODIFIED","object":{"metadata":{"na')
      server.endWatches()
    },
  },
  {
    name: 'nothing came but a bookmark, and what was before it is forgotten',
    lists: false,
    happens: async ({ reflector }) => {
      server.compact()
      server.bookmark()
      await until('the bookmark was read', () => reflector.stats.bookmarks === 1)
      server.endWatches()
    },
  },
]

function badGateway(response: ServerResponse): void {
  response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>')
}

describe('a reflector knows all that happened, with the deletions it missed, when', () => {
  it.each(evils)('$name', async ({ happens, lists, options }) => {
    for (const name of ['kept', 'changed', 'deleted', 'recreated']) server.put(name)
    const observed = observe(options)
    await watching(observed)
    const before = server.lists.length
    await happens(observed)
    changeEverything()
    await settled(observed)
    expect(server.lists.length > before, 'listed again').toBe(lists)
    expect(observed.told.filter((line) => line.includes('shop/recreated'))).toEqual([
      'added shop/recreated uid-4',
      'removed shop/recreated uid-4',
      'added shop/recreated uid-5',
    ])
    server.put('afterwards')
    await settled(observed)
  })
})

describe('a reflector', () => {
  it('reads a line that comes byte by byte, cut also inside a character', async () => {
    const observed = observe()
    await watching(observed)
    const metadata = { namespace: 'shop', name: 'octopus', uid: 'u', resourceVersion: '200' }
    const line = Buffer.from(lineOf({ type: 'ADDED', object: { metadata, text: 'ünï🐙' } }))
    for (const byte of line) {
      server.say(new Uint8Array([byte]))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await until('the thing is known', () => observed.reflector.store.get('shop/octopus')?.text === 'ünï🐙')
    expect(observed.problems).toEqual([])
  })

  it('reads a collection in pages and watches from where the list ended', async () => {
    for (let i = 0; i < 7; i++) server.put(`thing-${i}`)
    const observed = observe({ pageSize: 3 })
    await watching(observed)
    expect(server.lists.map((query) => query.get('continue'))).toEqual([null, '3', '6'])
    expect(server.watches[0]?.get('resourceVersion')).toBe('107')
    expect(server.watches[0]?.get('allowWatchBookmarks')).toBe('true')
    const seconds = Number(server.watches[0]?.get('timeoutSeconds'))
    expect(seconds >= 300 && seconds <= 600).toBe(true)
    await settled(observed)
  })

  it('waits for a server that is not there yet, and is synced only when a whole list was read', async () => {
    server.put('one')
    server.nextLists.push(
      reset,
      refuse(503, 'ServiceUnavailable'),
      streamOf('{"kind":"Status"'),
      streamOf('{}'),
    )
    const observed = observe()
    let synced = false
    void observed.reflector.synced.then(() => (synced = true))
    observed.reflector.start()
    await until('four lists failed', () => observed.problems.length >= 4)
    expect(synced).toBe(server.lists.length > 4)
    await observed.reflector.synced
    await settled(observed)
  })

  it('does not try again before the time that the server asked for', async () => {
    const asked = 0.3
    server.nextLists.push(refuse(429, 'TooManyRequests', { 'retry-after': String(asked) }))
    const observed = observe()
    const before = performance.now()
    observed.reflector.start()
    await observed.reflector.synced
    // A timer may fire a millisecond early.
    expect(performance.now() - before).toBeGreaterThanOrEqual(asked * 1000 - 2)
  })

  it('tries again at once when it is woken, but not before the time that the server asked for', async () => {
    const asked = 0.3
    const busy = refuse(429, 'TooManyRequests', { 'retry-after': String(asked) })
    server.nextLists.push(refuse(500, 'InternalError'), busy)
    const observed = observe({ backoff: { baseMs: 1e9, capMs: 1e9 } })
    observed.reflector.start()
    await until('a list failed', () => observed.problems.length === 1)
    const before = performance.now()
    observed.reflector.wake()
    await until('another list failed', () => observed.problems.length === 2)
    observed.reflector.wake()
    await observed.reflector.synced
    // A timer may fire a millisecond early.
    expect(performance.now() - before).toBeGreaterThanOrEqual(asked * 1000 - 2)
  })

  it('looks for a server that is not there every few seconds, and asks one that refuses less often', () => {
    const failure = (status: number): ApiError => new ApiError('no', { status, reason: 'No' })
    expect([0, 500].map((status) => reconnectLimits(failure(status)).capMs)).toEqual([5_000, 30_000])
  })

  it('does not spin when the server closes every watch at once', async () => {
    server.alwaysWatch = streamOf()
    const observed = observe({ backoff: { baseMs: 20, capMs: 100_000 } })
    observed.reflector.start()
    await until('some watches were closed', () => server.watches.length >= 3)
    const count = server.watches.length
    await new Promise((resolve) => setTimeout(resolve, 150))
    // Unbounded, it would be hundreds; doubling from 20 ms, it is a few.
    expect(server.watches.length - count).toBeLessThan(12)
  })

  it('knows at once that the server was lost, and that it is back', async () => {
    const observed = observe()
    await watching(observed)
    expect(observed.contacts).toEqual([true])
    server.nextWatches.push(reset, refuse(500, 'InternalError'))
    server.resetWatches()
    await until('the loss was told', () => observed.contacts.length >= 2)
    await until('the watch stands again', () => server.watchers === 1 && observed.reflector.contact)
    expect(observed.contacts).toEqual([true, false, true])
    expect(performance.now() - observed.reflector.lastContactMs).toBeLessThan(5_000)
  })

  it('takes a closed watch and a forgotten version for no loss of contact', async () => {
    const observed = observe()
    await watching(observed)
    server.endWatches()
    await until('a second watch', () => server.watches.length === 2 && server.watchers === 1)
    server.say(lineOf(gone))
    await until('a third watch', () => server.watches.length === 3 && server.watchers === 1)
    expect(observed.contacts).toEqual([true])
  })

  it('survives a handler that throws, and says so', async () => {
    const seen: string[] = []
    const observed = observe({
      onEvent: ({ object }) => {
        seen.push(object.key)
        throw new Error(`cannot stand ${object.key}`)
      },
    })
    await watching(observed)
    server.put('one')
    server.put('two')
    await until('both were handed over', () => seen.length === 2)
    expect(observed.problems).toEqual(['cannot stand shop/one', 'cannot stand shop/two'])
    expect([...observed.reflector.store.keys()]).toEqual(['shop/one', 'shop/two'])
    expect(server.watches.length).toBe(1)
  })

  it('keeps the last version that it could read of an object, and forgets it with the object', async () => {
    const observed = observe({
      project: (raw) => {
        if (raw.text === 'bad') throw new Error('unreadable')
        return { ...knownOf(raw), text: raw.text }
      },
    })
    server.put('one', 'good')
    await watching(observed)
    server.put('one', 'bad')
    await until('the bad version was met', () => observed.problems.length === 1)
    expect(observed.reflector.store.get('shop/one')?.text).toBe('good')
    server.remove('one')
    await until('it is forgotten', () => observed.reflector.store.size === 0)
  })

  it('can be stopped while it starts, while it waits and while it watches, and leaves no connection', async () => {
    for (const when of [0, 1, 5]) {
      const observed = observe()
      observed.reflector.start()
      await new Promise((resolve) => setTimeout(resolve, when))
      await observed.reflector.stop()
    }
    server.nextLists.push(refuse(429, 'TooManyRequests', { 'retry-after': '100' }))
    const waiting = observe()
    waiting.reflector.start()
    await until('it was told to wait', () => waiting.problems.length === 1)
    await waiting.reflector.stop()
    await expect(waiting.reflector.synced).rejects.toThrow('stopped before')
    await until('no watch is open', () => server.watchers === 0)
  })

  it('says nothing more once it is stopped', async () => {
    const observed = observe()
    await watching(observed)
    await observed.reflector.stop()
    server.put('late')
    await until('the watch was left', () => server.watchers === 0)
    expect(observed.told).toEqual([])
    expect(observed.problems).toEqual([])
  })
})
