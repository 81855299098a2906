import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cachedFolder, cacheRoot } from '../../../../src/sandbox/kubernetes/cache/folder.ts'

const former = process.env['XDG_CACHE_HOME']
const quietly = (): void => undefined
let home: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'lanlord-cache-'))
  process.env['XDG_CACHE_HOME'] = home
})

afterEach(async () => {
  if (former === undefined) delete process.env['XDG_CACHE_HOME']
  else process.env['XDG_CACHE_HOME'] = former
  await rm(home, { recursive: true })
})

/** A folder in the cache that was last used so many hours ago. */
async function usedBefore(name: string, hours: number): Promise<void> {
  const then = new Date(Date.now() - hours * 3_600_000)
  await mkdir(join(cacheRoot(), name), { recursive: true })
  await utimes(join(cacheRoot(), name), then, then)
}

describe('a folder in the cache', () => {
  it('is made once', async () => {
    let made = 0
    const make = async (draft: string): Promise<void> => {
      await writeFile(join(draft, 'file'), String(++made))
    }
    const first = await cachedFolder('thing', quietly, make)
    expect(await cachedFolder('thing', quietly, make)).toBe(first)
    expect(await readFile(join(first, 'file'), 'utf8')).toBe('1')
  })

  it('is made once when two ask for it at the same time, and the second is told that it waits', async () => {
    const words: string[] = []
    let made = 0
    const make = async (): Promise<void> => void (await new Promise((go) => setTimeout(go, 50)), made++)
    const ask = () => cachedFolder('thing', (word) => words.push(word), make)
    const [one, two] = await Promise.all([ask(), ask()])
    expect(one).toBe(two)
    expect(made).toBe(1)
    expect(words).toEqual(['waiting for another process that makes thing'])
  })

  it('does not appear when making it fails, and can be made then', async () => {
    const failing = cachedFolder('thing', quietly, async () => {
      throw new Error('no room')
    })
    await expect(failing).rejects.toThrow('no room')
    expect(await readdir(cacheRoot())).toEqual([])
    expect(existsSync(await cachedFolder('thing', quietly, async () => undefined))).toBe(true)
  })

  it('starts empty, whatever somebody left who did not finish', async () => {
    await mkdir(join(cacheRoot(), 'thing.part'), { recursive: true })
    await writeFile(join(cacheRoot(), 'thing.part', 'half'), '')
    expect(await readdir(await cachedFolder('thing', quietly, async () => undefined))).toEqual([])
  })

  it('takes the place of those with another key that nobody used for a day', async () => {
    await usedBefore('thing-aaaaaaaaaaaa', 25)
    await usedBefore('thing-bbbbbbbbbbbb', 23)
    await usedBefore('thing-cccccccccccc.part', 25)
    await usedBefore('other-dddddddddddd', 25)
    await cachedFolder('thing-eeeeeeeeeeee', quietly, async () => undefined)
    expect((await readdir(cacheRoot())).toSorted()).toEqual([
      'other-dddddddddddd',
      'thing-bbbbbbbbbbbb',
      'thing-eeeeeeeeeeee',
    ])
  })

  it('is used by whoever asks for it', async () => {
    await usedBefore('thing-aaaaaaaaaaaa', 25)
    await cachedFolder('thing-aaaaaaaaaaaa', quietly, async () => undefined)
    await cachedFolder('thing-bbbbbbbbbbbb', quietly, async () => undefined)
    expect(existsSync(join(cacheRoot(), 'thing-aaaaaaaaaaaa'))).toBe(true)
  })
})
