import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { threadId } from 'node:worker_threads'
import koffi from 'koffi'
import { describe } from 'vitest'

/** What keeps real links from being made here, or undefined when nothing does. */
const obstacle = process.getuid?.() === 0 ? undefined : 'network namespaces need root'

/** Like `describe`, for what needs real links: left out where there can be none, but never in CI. */
export function describeOnLinks(title: string, body: () => void): void {
  if (obstacle && process.env['CI']) throw new Error(`${obstacle}; CI must run these tests`)
  describe.skipIf(obstacle !== undefined)(obstacle ? `${title} (left out: ${obstacle})` : title, body)
}

const prefix = 'lanlord-test'
let made = 0

/** One host on a test LAN: a network namespace whose eth0 hangs on the LAN's bridge. */
export interface Host {
  readonly namespace: string
  readonly address: string
  readonly mac: string
  /** Puts a command into the namespace. */
  readonly exec: readonly string[]
}

/** What is between a card and the switch. */
export interface Cable {
  readonly pull: () => void
  readonly plug: () => void
}

/** A bridge in a namespace of its own and hosts on it, all removed with it, also when the run is interrupted. */
export class Lan implements Disposable {
  readonly hosts: readonly Host[]
  readonly #switch: string

  constructor(hostCount: number, settings: readonly string[] = []) {
    removeLeftovers()
    this.#switch = makeNamespace()
    ip('-n', this.#switch, 'link', 'add', 'br0', 'type', 'bridge', 'mcast_snooping', '0', ...settings)
    ip('-n', this.#switch, 'link', 'set', 'br0', 'up')
    for (const kind of ['ip', 'ip6', 'arp']) leaveFramesAlone(this.#switch, kind)
    this.hosts = Array.from({ length: hostCount }, (_, index) => this.#addHost(index + 1))
  }

  #addHost(number: number): Host {
    const namespace = makeNamespace()
    ip('-n', namespace, 'link', 'set', 'lo', 'up')
    const mac = `02:00:00:00:00:${number.toString(16).padStart(2, '0')}`
    const host = { namespace, address: `10.88.0.${number}`, mac, exec: ['ip', 'netns', 'exec', namespace] }
    this.addCard(host)
    return host
  }

  /** Gives the host its eth0, as at the start. */
  addCard(host: Host): void {
    const port = portOf(host)
    ip(
      'link',
      'add',
      port,
      'netns',
      this.#switch,
      'type',
      'veth',
      'peer',
      'name',
      'eth0',
      'netns',
      host.namespace,
    )
    ip('-n', host.namespace, 'link', 'set', 'eth0', 'address', host.mac)
    ip('-n', this.#switch, 'link', 'set', port, 'master', 'br0', 'up')
    ip('-n', host.namespace, 'link', 'set', 'eth0', 'up')
    ip('-n', host.namespace, 'addr', 'add', `${host.address}/24`, 'dev', 'eth0')
  }

  /** One more card of a host that has one already, on this LAN or another one. */
  attach(
    { namespace }: Pick<Host, 'namespace'>,
    name: string,
    mac: string,
    ...addresses: readonly string[]
  ): Cable {
    const port = `q${++made}`
    const peer = ['type', 'veth', 'peer', 'name', name, 'netns', namespace]
    ip('link', 'add', port, 'netns', this.#switch, ...peer)
    ip('-n', namespace, 'link', 'set', name, 'address', mac)
    ip('-n', this.#switch, 'link', 'set', port, 'master', 'br0', 'up')
    ip('-n', namespace, 'link', 'set', name, 'up')
    for (const address of addresses) ip('-n', namespace, 'addr', 'add', address, 'dev', name)
    const set = (to: 'up' | 'down'): string => ip('-n', this.#switch, 'link', 'set', port, to)
    return { pull: () => void set('down'), plug: () => void set('up') }
  }

  removeCard(host: Host): void {
    ip('-n', host.namespace, 'link', 'del', 'eth0')
  }

  /** Frames of up to 9,000 bytes everywhere on the LAN. */
  allowJumboFrames(): void {
    for (const host of this.hosts) {
      ip('-n', this.#switch, 'link', 'set', portOf(host), 'mtu', '9000')
      ip('-n', host.namespace, 'link', 'set', 'eth0', 'mtu', '9000')
    }
  }

  pullCable(host: Host): void {
    ip('-n', this.#switch, 'link', 'set', portOf(host), 'down')
  }

  plugCable(host: Host): void {
    ip('-n', this.#switch, 'link', 'set', portOf(host), 'up')
  }

  /** The switch drops UDP to this port that comes from the host, and passes all else. */
  dropUdp(host: Host, port: number): void {
    const from = ['iifname', portOf(host), 'udp', 'dport', String(port), 'drop']
    this.#nft('add', 'table', 'bridge', 'sieve')
    this.#nft('add', 'chain', 'bridge', 'sieve', 'pass', '{ type filter hook forward priority 0; }')
    this.#nft('add', 'rule', 'bridge', 'sieve', 'pass', ...from)
  }

  /** Drops nothing any more. */
  passAll(): void {
    this.#nft('delete', 'table', 'bridge', 'sieve')
  }

  #nft(...argv: readonly string[]): void {
    execFileSync('ip', ['netns', 'exec', this.#switch, 'nft', ...argv])
  }

  [Symbol.dispose](): void {
    for (const { namespace } of this.hosts) removeNamespace(namespace)
    removeNamespace(this.#switch)
  }
}

/** A switch passes malformed packets on; a bridge that asks netfilter drops them. */
function leaveFramesAlone(namespace: string, kind: string): void {
  const setting = `net.bridge.bridge-nf-call-${kind}tables`
  if (!existsSync(`/proc/sys/${setting.replaceAll('.', '/')}`)) return
  execFileSync('ip', ['netns', 'exec', namespace, 'sysctl', '-qw', `${setting}=0`])
}

function portOf(host: Host): string {
  return `p${host.address.split('.').at(-1) ?? ''}`
}

/** Runs `ip` to its end; what it says when it fails is in the error. */
export function ip(...argv: readonly string[]): string {
  return execFileSync('ip', argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/** Runs a command in the host's namespace to its end; answers what it printed. */
export function execOn(host: Host, argv: readonly string[]): string {
  return execFileSync('ip', ['netns', 'exec', host.namespace, ...argv], { encoding: 'utf8' })
}

/** Starts a program in the host's namespace. */
export function spawnOn(host: Host, argv: readonly string[]): ChildProcess {
  const [command = '', ...rest] = [...host.exec, ...argv]
  return spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] })
}

const namespaces = new Set<string>()

function makeNamespace(): string {
  const name = `${prefix}-${process.pid}-${threadId}-${++made}`
  cleanUpAtEnd()
  namespaces.add(name)
  ip('netns', 'add', name)
  return name
}

function removeNamespace(name: string): void {
  namespaces.delete(name)
  if (existsSync(`/run/netns/${name}`)) ip('netns', 'del', name)
}

let cleaning = false

function cleanUpAtEnd(): void {
  if (cleaning) return
  cleaning = true
  const removeAll = (): void => [...namespaces].forEach(removeNamespace)
  process.on('exit', removeAll)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      removeAll()
      process.kill(process.pid, signal)
    })
  }
}

/** A run that was killed outright could not remove its namespaces: the next one does. */
function removeLeftovers(): void {
  for (const line of ip('netns').split('\n')) {
    const pid = new RegExp(`^${prefix}-(\\d+)-`).exec(line)?.[1]
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) ip('netns', 'del', line.split(' ')[0] ?? line)
  }
}

const libc = koffi.load(null)
const setns = libc.func('int setns(int fd, int kind)')
const gettid = libc.func('int gettid()')

/** Runs a synchronous function with this thread in the host's namespace: its sockets and threads stay there. */
export function inNamespace<T>(host: Host, body: () => T): T {
  const home = openSync(`/proc/self/task/${String(gettid())}/ns/net`, 'r')
  const there = openSync(`/run/netns/${host.namespace}`, 'r')
  try {
    enter(there)
    return body()
  } finally {
    enter(home)
    closeSync(there)
    closeSync(home)
  }
}

function enter(namespace: number): void {
  const network = 0x40000000
  if (setns(namespace, network) !== 0) throw new Error(`setns failed with errno ${koffi.errno()}`)
}
