import { readFileSync, readlinkSync } from 'node:fs'

/**
 * Everything a sandbox makes carries the name of the process it belongs to: `lanlord-SLOT-PID-START-PIDNS`.
 * Start time and pid namespace tell that process from a later one, or one of another container, with the same pid.
 */
const ownedName = /^lanlord-\d+-(\d+)-([0-9a-z]+)-([0-9a-z]+)-/

export function ownedNamePrefix(slot: number, pid: number = process.pid): string {
  return `lanlord-${slot}-${pid}-${startTimeOf(pid)}-${pidNamespace()}`
}

/** Whether a sandbox made this and its process is gone. */
export function isLeftOver(name: string): boolean {
  const [, pid, start, namespace] = ownedName.exec(name) ?? []
  if (pid === undefined || namespace !== pidNamespace()) return false
  return startTimeOf(Number(pid)) !== start
}

function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return Number(fields[19]).toString(36)
  } catch {
    return undefined // No such process.
  }
}

function pidNamespace(): string {
  return Number(/\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? 0).toString(36)
}
