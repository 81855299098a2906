import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { describeOnLinks } from '../../support/namespaces.ts'
import { address, newDirectory, statusIn } from './speaker-process.ts'
import { openTwoNodes, type TwoNodes } from './two-nodes.ts'
import { openUntilTheEnd, until } from './wire-harness.ts'

const { open, lanOfThree } = openUntilTheEnd(afterEach)

const twoNodes = (): TwoNodes => openTwoNodes(open, lanOfThree())

// Several programs on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

describeOnLinks('a speaker that joins others', () => {
  test('is ready when it hears them, and stays ready while the API server is away', async () => {
    const { api, one, two, start, isReady, asker } = twoNodes()
    const first = start('one', one)
    await until('it is ready, for it is alone', () => isReady(first))
    await until('its status says so', () => statusIn(api).conditions?.[0]?.status === 'True')
    const second = start('two', two)
    await until('it is ready', () => isReady(second))
    const joined = second.linesWith('has joined the other speakers')
    expect(joined.map((line) => (JSON.parse(line) as { peers: number }).peers)).toEqual([1])
    api.goAway()
    await until('it says so', () => second.has('what it said last goes on to hold'))
    expect([await isReady(first), await isReady(second)]).toEqual([true, true])
    expect(asker.ask(address)).toBe(one.mac)
  })

  test('is not ready with a key of its own, and says whom it does not hear', async () => {
    const { api, one, two, start, isReady } = twoNodes()
    const first = start('one', one)
    await until('it is ready', () => isReady(first))
    await until('its status says so', () => statusIn(api).conditions?.[0]?.status === 'True')
    const { path } = open(newDirectory())
    writeFileSync(join(path, 'current'), Buffer.alloc(32, 99))
    const second = start('two', two, path)
    await until(
      'it says so',
      async () => (await second.fetched('/readyz'))?.text.startsWith('it hears none of one') === true,
    )
    expect((await second.fetched('/readyz'))?.text).toContain('whether all have the same key')
    expect(await isReady(first)).toBe(true)
  })

  test('hands over on SIGTERM though the API server is away, and ends with 0', async () => {
    const { api, one, two, start, isReady, asker } = twoNodes()
    const [first, second] = [start('one', one), start('two', two)]
    await until('both are ready', async () => (await isReady(first)) && isReady(second))
    await until('one answers', () => asker.ask(address) === one.mac)
    api.goAway()
    await until('both know', () =>
      [first, second].every((each) => each.has('what it said last goes on to hold')),
    )
    let ended: number | null | undefined
    void first.ended.then((code) => (ended = code))
    first.signal('SIGTERM')
    let longestMs = 0
    for (let lastMs = performance.now(); ended === undefined;) {
      if (asker.ask(address, 2) !== undefined) lastMs = performance.now()
      longestMs = Math.max(longestMs, performance.now() - lastMs)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(ended).toBe(0)
    await until('the other answers', () => asker.ask(address) === two.mac)
    // A dead interval is 150 ms; the margin is for a busy machine.
    expect(longestMs).toBeLessThan(100)
  })
})
