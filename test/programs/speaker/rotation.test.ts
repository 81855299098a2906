import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { describeOnLinks } from '../../support/namespaces.ts'
import { address, newDirectory, statusIn, type SpeakerProcess } from './speaker-process.ts'
import { openTwoNodes } from './two-nodes.ts'
import { clusterKey, openUntilTheEnd, until } from './wire-harness.ts'

const { open, lanOfThree } = openUntilTheEnd(afterEach)

// Several programs on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000 })

interface Files {
  readonly current: Uint8Array
  readonly previous?: Uint8Array
}

/** A volume of a Secret as a kubelet keeps it: all files change at once, when a link is put over another one. */
function volume(): { readonly path: string; readonly change: (files: Files) => void } {
  const { path } = open(newDirectory())
  let changes = 0
  return {
    path,
    change: (files) => {
      const version = `..v${++changes}`
      mkdirSync(join(path, version))
      for (const [name, key] of Object.entries(files))
        writeFileSync(join(path, version, name), key as Uint8Array)
      symlinkSync(version, join(path, '..new'))
      renameSync(join(path, '..new'), join(path, '..data'))
      for (const name of ['current', 'previous']) {
        symlinkSync(join('..data', name), join(path, `${name}.new`))
        renameSync(join(path, `${name}.new`), join(path, name))
      }
    },
  }
}

const [second, third] = [77, 88].map((byte) => new Uint8Array(32).fill(byte)) as [Uint8Array, Uint8Array]

describeOnLinks('a key that is changed in the Secret, and reaches the nodes at different moments', () => {
  test('parts nobody, step by step or all at once: not one heartbeat is refused, and nothing moves', async () => {
    const { api, one, two, start, asker } = openTwoNodes(open, lanOfThree())
    const volumes = [volume(), volume()] as const
    for (const each of volumes) each.change({ current: clusterKey })
    const first = start('one', one, volumes[0].path)
    const last = start('two', two, volumes[1].path)
    await until(
      'they have joined',
      () => last.has('has joined the other speakers') && statusIn(api).count === 1,
    )
    const inUse = (speaker: SpeakerProcess): number => speaker.linesWith('in use').length
    const steps: readonly Files[] = [
      { current: second, previous: clusterKey },
      { current: second },
      // The careless way: in one step.
      { current: third },
    ]
    for (const [at, files] of steps.entries()) {
      const order = at % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)
      for (const which of order) {
        const speaker = which === 0 ? first : last
        const before = inUse(speaker)
        volumes[which].change(files)
        await until('it was read', () => inUse(speaker) > before)
      }
    }
    const metrics = await Promise.all([first, last].map((each) => each.fetched('/metrics')))
    for (const each of metrics) {
      expect(each?.text).toMatch(
        /^lanlord_frames_dropped_total\{kind="heartbeat",reason="badSignature"\} 0$/m,
      )
      expect(each?.text).toMatch(/^lanlord_peers 1$/m)
    }
    expect(last.has('announcing')).toBe(false)
    expect(asker.ask(address)).toBe(one.mac)
  })
})
