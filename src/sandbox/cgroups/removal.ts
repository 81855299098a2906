import { join } from 'node:path'
import type { CgroupTree } from './tree.ts'

/** The shell commands that end everything in these cgroups, and remove them. */
export function removeCgroupsScript(tree: CgroupTree, names: readonly string[]): string {
  return names.flatMap((name) => removalOf(tree, name)).join('\n')
}

/** What is frozen cannot even be killed; a process that was just being made is killed in the next round. */
function removalOf({ roots, main, version }: CgroupTree, name: string): readonly string[] {
  const cgroup = join(main, name)
  const thaw = version === 1 ? `echo THAWED > ${cgroup}/freezer.state` : `echo 0 > ${cgroup}/cgroup.freeze`
  const places = roots.map((root) => join(root, name)).join(' ')
  return [
    `[ ! -d ${cgroup} ] || ${thaw}`,
    `for try in $(seq 200); do`,
    `  pids=$(${processesIn(cgroup)})`,
    `  [ -n "$pids" ] || break`,
    `  kill -KILL $pids`,
    `  sleep 0.05`,
    `done 2>/dev/null`,
    removeGroups(places),
  ]
}

/** Prints the pids of everything in the cgroup and below it; 0 stands for what another pid namespace has there, and to `kill` for ourselves. */
export function processesIn(cgroup: string): string {
  return `find ${cgroup} -name cgroup.procs -exec cat {} + 2>/dev/null | grep -vx 0`
}

/** Removes these cgroups, and those below them first. */
export function removeGroups(places: string): string {
  return `for place in ${places}; do [ ! -d $place ] || find $place -depth -type d -exec rmdir {} \\;; done 2>/dev/null || true`
}
