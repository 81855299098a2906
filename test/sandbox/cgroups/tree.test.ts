import { describe, expect, test } from 'vitest'
import { cgroupTree } from '../../../src/sandbox/cgroups/tree.ts'

describe('the cgroups of a machine', () => {
  test('of version 1 are a hierarchy for each controller, and the freezer is the main one', () => {
    const mounts = `tmpfs /sys/fs/cgroup tmpfs rw 0 0
cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,relatime,cpu,cpuacct 0 0
cgroup /sys/fs/cgroup/freezer cgroup rw,relatime,freezer 0 0
cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0
`
    expect(cgroupTree(mounts)).toEqual({
      version: 1,
      roots: ['/sys/fs/cgroup/cpu,cpuacct', '/sys/fs/cgroup/freezer', '/sys/fs/cgroup/unified'],
      main: '/sys/fs/cgroup/freezer',
    })
  })

  test('of version 2 are one hierarchy', () => {
    const mounts = 'cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nodev,noexec,relatime,nsdelegate 0 0\n'
    expect(cgroupTree(mounts)).toEqual({ version: 2, roots: ['/sys/fs/cgroup'], main: '/sys/fs/cgroup' })
  })

  test.each(['', 'cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\n', 'cgroup2 /elsewhere cgroup2 rw 0 0\n'])(
    'are of no use without anything that can stop processes: %j',
    (mounts) => expect(cgroupTree(mounts)).toBeUndefined(),
  )
})
