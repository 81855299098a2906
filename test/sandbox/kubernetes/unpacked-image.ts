import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ContainerConfig } from '../../../src/sandbox/kubernetes/images/layout.ts'

interface Manifest {
  readonly config: { readonly digest: string }
  readonly layers: readonly { readonly digest: string; readonly size: number }[]
}

/** What runs in a container: the image as its root, read only, in namespaces of its own, as the user that it says. */
const container = [
  'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1"',
  'root=$1; user=$2; shift 2',
  'exec chroot --userspec="$user" "$root" "$@"',
].join('\n')
const apart = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--propagation', 'private']

/** Nothing of ours comes along. */
const env = { PATH: process.env['PATH'] }

/** An image's files in a folder, and what it says of itself. */
export class UnpackedImage implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'lanlord-image-'))
  readonly config: ContainerConfig
  readonly layers: Manifest['layers']

  constructor(layout: string) {
    const blob = (digest: string): string => join(layout, 'blobs', digest.replace(':', '/'))
    const read = <Value>(path: string): Value => JSON.parse(readFileSync(path, 'utf8')) as Value
    const { manifests } = read<{ manifests: readonly { digest: string }[] }>(join(layout, 'index.json'))
    const manifest = read<Manifest>(blob(manifests[0]?.digest ?? ''))
    this.config = read<{ config: ContainerConfig }>(blob(manifest.config.digest)).config
    this.layers = manifest.layers
    for (const { digest } of manifest.layers) execFileSync('tar', ['-xf', blob(digest), '-C', this.root])
  }

  /** Every file that is no folder and no link, with its size and whether it can be executed. */
  files(): readonly { readonly path: string; readonly size: number; readonly executable: boolean }[] {
    const lines = execFileSync('find', [this.root, '-type', 'f', '-printf', '%P\\t%s\\t%m\\n'], {
      encoding: 'utf8',
    })
    return lines
      .trim()
      .split('\n')
      .map((line) => line.split('\t'))
      .map(([path = '', size, mode = '']) => ({
        path,
        size: Number(size),
        executable: (parseInt(mode, 8) & 0o111) !== 0,
      }))
  }

  run(...args: readonly string[]) {
    return spawnSync('unshare', this.#command(args), { encoding: 'utf8', env })
  }

  start(...args: readonly string[]): ChildProcess {
    return spawn('unshare', this.#command(args), { stdio: ['ignore', 'pipe', 'inherit'], env })
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true })
  }

  #command(args: readonly string[]): readonly string[] {
    const { User = '0', Entrypoint = [] } = this.config
    return [...apart, 'sh', '-ec', container, 'sh', this.root, User, ...Entrypoint, ...args]
  }
}

/** The layout of an image in a folder of layouts, by how its name begins. */
export function layoutOf(folder: string, name: string): string {
  const found = readdirSync(folder).find((layout) => layout.startsWith(`image-${name}`))
  if (found === undefined) throw new Error(`there is no image ${name} in ${folder}`)
  return join(folder, found)
}
