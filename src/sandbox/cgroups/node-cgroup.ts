import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from '../until.ts'
import type { CgroupTree } from './tree.ts'

/** Where a node's own programs are; the kubelet's Pods are beside it, in `kubepods`. */
export const systemGroup = 'system'

export interface CgroupProcess {
  /** As this machine sees it. */
  readonly pid: number
  readonly cgroup: string
}

/** The cgroup, in each hierarchy, below which everything of one node runs. */
export class NodeCgroup {
  readonly #tree: CgroupTree
  readonly name: string

  constructor(tree: CgroupTree, name: string) {
    this.#tree = tree
    this.name = name
  }

  async make(): Promise<void> {
    for (const root of this.#tree.roots) {
      await mkdir(join(root, this.name), { recursive: true })
      await inheritCpuset(root, join(root, this.name))
    }
    if (this.#tree.version === 2) await delegate([this.#tree.main, this.#main])
    await mkdir(join(this.#main, systemGroup), { recursive: true })
  }

  processes(): Promise<readonly CgroupProcess[]> {
    return processesBelow(this.#main)
  }

  /** Every process stands still from when this resolves; what they do next waits until `thaw`, their end included. */
  async freeze(): Promise<void> {
    const { file, frozen, state, isFrozen } = freezers[this.#tree.version]
    await writeFile(join(this.#main, file), frozen)
    await until(async () => isFrozen.test(await readFile(join(this.#main, state), 'utf8')), {
      describe: () => `waiting until everything in ${this.name} stands still`,
      timeoutMs: 10_000,
      everyMs: 5,
    })
  }

  async thaw(): Promise<void> {
    const { file, running } = freezers[this.#tree.version]
    await writeFile(join(this.#main, file), running)
  }

  get #main(): string {
    return join(this.#tree.main, this.name)
  }
}

const freezers = {
  1: {
    file: 'freezer.state',
    frozen: 'FROZEN',
    running: 'THAWED',
    state: 'freezer.state',
    isFrozen: /^FROZEN/,
  },
  2: { file: 'cgroup.freeze', frozen: '1', running: '0', state: 'cgroup.events', isFrozen: /^frozen 1/m },
} as const

/** A new cpuset of version 1 is empty, and takes no process until it is not. */
async function inheritCpuset(parent: string, child: string): Promise<void> {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    const value = await readFile(join(parent, file), 'utf8').catch(() => '')
    if (value.trim() !== '') await writeFile(join(child, file), value)
  }
}

/** In version 2 a cgroup has only the controllers that the one above passes on. */
async function delegate(cgroups: readonly string[]): Promise<void> {
  for (const cgroup of cgroups) {
    const controllers = (await readFile(join(cgroup, 'cgroup.controllers'), 'utf8')).trim()
    const passOn = controllers.split(' ').map((name) => `+${name}`)
    await writeFile(join(cgroup, 'cgroup.subtree_control'), passOn.join(' '))
  }
}

async function processesBelow(cgroup: string): Promise<readonly CgroupProcess[]> {
  const entries = await readdir(cgroup, { withFileTypes: true }).catch(() => [])
  const below = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(cgroup, name))
  const own = await readFile(join(cgroup, 'cgroup.procs'), 'utf8').catch(() => '')
  const pids = own.split('\n').filter((line) => line !== '')
  const nested = await Promise.all(below.map(processesBelow))
  return [...pids.map((pid) => ({ pid: Number(pid), cgroup })), ...nested.flat()]
}
