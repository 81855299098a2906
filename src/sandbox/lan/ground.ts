import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { run } from './command.ts'
import type { Exec } from './command.ts'

/** Where network namespaces can be made: the machine itself for root, a user namespace of our own for anyone else. */
export interface Ground {
  readonly kind: 'root' | 'user namespace'
  /** Runs a command where the namespaces have their names. */
  readonly exec: Exec
  close(): Promise<void>
}

/** This machine allows neither; the message says what would. */
export class NoGroundError extends Error {
  override readonly name = 'NoGroundError'
}

export async function openGround(probeName: string): Promise<Ground> {
  requireTools()
  if (process.getuid?.() === 0 && (await canMakeNamespaces(probeName))) {
    return { kind: 'root', exec: [], close: () => Promise.resolve() }
  }
  return openUserNamespace()
}

/** Root inside a container may be root in name only. */
async function canMakeNamespaces(name: string): Promise<boolean> {
  try {
    await run(['ip', 'netns', 'add', name])
    await run(['ip', 'netns', 'delete', name])
    return true
  } catch {
    return false
  }
}

/**
 * A user namespace with a /run of its own for `ip netns` and an empty network to come from (ip wants to return to it),
 * held by a process that reads our pipe: when we are gone, however that came, it ends, and all the namespaces with it.
 * We stay outside: only what runs at a station is elsewhere.
 */
async function openUserNamespace(): Promise<Ground> {
  const script = 'mount -t tmpfs lanlord /run && echo ready && exec cat'
  const holder = spawn('unshare', ['-Urnm', 'sh', '-c', script], { detached: true, stdio: 'pipe' })
  const complaints: string[] = []
  holder.stderr.on('data', (words: Buffer) => complaints.push(words.toString()))
  const ready = await Promise.race([
    once(holder.stdout, 'data').then(() => true),
    once(holder, 'exit').then(() => false),
    once(holder, 'error').then(() => false),
  ])
  if (!ready) throw new NoGroundError(refusal(complaints.join(' ').trim()))
  const exec = ['nsenter', '-t', String(holder.pid), '-U', '-n', '-m', '--preserve-credentials']
  return { kind: 'user namespace', exec, close: () => closeHolder(holder) }
}

async function closeHolder(holder: ChildProcess): Promise<void> {
  if (holder.exitCode !== null || holder.signalCode !== null) return
  const ended = once(holder, 'exit')
  holder.stdin?.end()
  await ended
}

function refusal(words: string): string {
  const asRoot = 'run this as root'
  const cures = Object.entries(switches).flatMap(([path, wanted]) => {
    const value = settingOf(path)
    if (value === undefined || (wanted === 0 ? value === 0 : value > 0)) return []
    return [`sysctl -w ${path.replaceAll('/', '.')}=${wanted}`]
  })
  const allow =
    cures.length > 0 ? `allow user namespaces (as root: ${cures.join('; ')})` : 'allow user namespaces'
  return `a LAN of network namespaces needs root or user namespaces, and neither is to be had here (${words}); ${asRoot}, or ${allow}`
}

/** What distributions switch user namespaces off with, and the value that switches them on. */
const switches: Readonly<Record<string, number>> = {
  'kernel/unprivileged_userns_clone': 1,
  'kernel/apparmor_restrict_unprivileged_userns': 0,
  'user/max_user_namespaces': 10000,
}

function settingOf(path: string): number | undefined {
  try {
    return Number(readFileSync(`/proc/sys/${path}`, 'utf8'))
  } catch {
    return undefined // This kernel does not have it.
  }
}

/** The tools we call, and the Debian packages that have them. */
const packages = { ip: 'iproute2', unshare: 'util-linux', nsenter: 'util-linux', setpriv: 'util-linux' }

function requireTools(): void {
  if (process.platform !== 'linux') throw new NoGroundError('a LAN of network namespaces needs Linux')
  const folders = (process.env['PATH'] ?? '').split(':')
  for (const [tool, debianPackage] of Object.entries(packages)) {
    if (folders.some((folder) => existsSync(join(folder, tool)))) continue
    const install = `apt-get update && apt-get install -y ${debianPackage}`
    throw new NoGroundError(`${tool} is not on PATH; on Debian, as root: ${install}`)
  }
}
