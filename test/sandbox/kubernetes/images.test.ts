import { once } from 'node:events'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import packageJson from '../../../package.json' with { type: 'json' }
import { ensureImages } from '../../../src/sandbox/kubernetes/images/ensure-images.ts'
import { layoutOf, UnpackedImage } from './unpacked-image.ts'

let image: UnpackedImage

beforeAll(async () => {
  image = new UnpackedImage(layoutOf(await ensureImages(), 'lanlord-'))
})

afterAll(() => image[Symbol.dispose]())

describe('the image of Lanlord', () => {
  it('tells its version', () => {
    expect(image.run('--version')).toMatchObject({
      status: 0,
      stdout: `${packageJson.version}\n`,
      stderr: '',
    })
    expect(image.config.Labels).toMatchObject({ 'org.opencontainers.image.version': packageJson.version })
  })

  it.each(['controller', 'speaker'])(
    'starts the %s with no privilege, on a root that is read only',
    (program) => {
      const { status, stdout, stderr } = image.run(program, '--help')
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      expect(stdout).toContain(`Usage: ${program}`)
    },
  )

  it('belongs to root, and runs as a user who may change nothing in it', () => {
    expect(image.config.User).toBe('65532:65532')
  })

  it('has no shell, no package manager, and no program but Node', () => {
    const programs = image.files().filter(({ path, executable }) => executable && !/\.so(\.\d+)*$/.test(path))
    expect(programs.map(({ path }) => path).toSorted()).toEqual([
      'lanlord/dist/lanlord.js',
      'usr/local/bin/node',
    ])
  })

  it('holds the bundles of the programs that a cluster runs, and of the one that needs none, without maps of their sources', () => {
    expect(readdirSync(join(image.root, 'lanlord/dist')).toSorted()).toEqual([
      'controller.js',
      'lanlord.js',
      'plan.js',
      'speaker-wire.js',
      'speaker.js',
    ])
  })

  it('is Node for the most part: what is ours in it is less than a twentieth', () => {
    const size = (under: string): number =>
      image
        .files()
        .filter(({ path }) => path.startsWith(under))
        .reduce((sum, { size }) => sum + size, 0)
    expect(size('usr/local/bin/node')).toBeGreaterThan(0.8 * size(''))
    expect(size('lanlord/')).toBeLessThan(0.05 * size(''))
  })

  it('has what is ours in a layer of its own, the last, so that an upgrade fetches little', () => {
    const last = image.layers.at(-1)?.size ?? Infinity
    expect(last).toBeLessThan(0.05 * image.layers.reduce((sum, { size }) => sum + size, 0))
  })

  it('keeps nothing of the settings and certificates that it was built with', () => {
    const kept = image.files().filter(({ path }) => /npmrc|ca-certificates|\.pem$|\.crt$/.test(path))
    expect(kept).toEqual([])
  })

  it('ends at once when it is told to, as the first process of its container', async () => {
    writeFileSync(join(image.root, 'kubeconfig'), kubeconfig)
    const process = image.start('controller', '--kubeconfig', '/kubeconfig', '--identity', 'x')
    const [line] = (await once(process.stdout!, 'data')) as [Buffer]
    expect(line.toString()).toContain('started')
    const [child = ''] = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').split(' ')
    globalThis.process.kill(Number(child), 'SIGTERM')
    expect(await once(process, 'exit')).toEqual([0, null])
  })
})

/** Of a cluster that nobody can reach. */
const kubeconfig = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'away', cluster: { server: 'http://127.0.0.1:1' } }],
  users: [{ name: 'away', user: {} }],
  contexts: [{ name: 'away', context: { cluster: 'away', user: 'away' } }],
  'current-context': 'away',
})
