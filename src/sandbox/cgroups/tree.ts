import { readFileSync } from 'node:fs'

/** The cgroup hierarchies of this machine: one for each controller (version 1), or one for all of them (version 2). */
export interface CgroupTree {
  readonly version: 1 | 2
  readonly roots: readonly string[]
  /** The one that knows which processes belong together, and can stop them. */
  readonly main: string
}

/** Reads what is mounted; undefined where nothing can stop processes. */
export function cgroupTree(mounts: string = readFileSync('/proc/mounts', 'utf8')): CgroupTree | undefined {
  const all = mounts.split('\n').map((line) => line.split(' '))
  const roots = all.filter(([, path, type]) => type?.startsWith('cgroup') && path?.startsWith(place))
  const paths = roots.map(([, path = '']) => path)
  if (paths.includes(place)) return { version: 2, roots: [place], main: place }
  const freezer = roots.find(([, , , options]) => options?.split(',').includes('freezer'))?.[1]
  return freezer === undefined ? undefined : { version: 1, roots: paths, main: freezer }
}

const place = '/sys/fs/cgroup'
