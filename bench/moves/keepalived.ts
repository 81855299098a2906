import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSandbox } from '../../src/sandbox/open-sandbox.ts'
import type { SandboxNode } from '../../src/sandbox/playground.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { until } from '../../src/sandbox/until.ts'
import { isInstalled, runThere, startBeside } from '../client.ts'
import { row } from '../figures.ts'
import { make } from './lab.ts'
import type { Row, Series, Setting } from './rows.ts'
import type { Seen } from './seen.ts'
import { watch } from './watch.ts'

/** keepalived on a LAN of the same kind, with an address that one of the nodes holds. */
interface Group {
  readonly sandbox: Sandbox
  readonly address: string
}

/** Its default, in seconds; what is recommended to those for whom that is too slow; and as often as our fast setting. */
const intervals = [1, 0.1, 0.01]

export const keepalived: readonly Series<Group>[] = intervals.map((interval) => ({
  rows: [rowOf(interval)],
  open: (setting) => openGroup(setting, interval),
}))

function rowOf(interval: number): Row<Group> {
  const isDefault = interval === 1
  const name = isDefault ? 'keepalived' : `keepalived-${interval}`
  return { name, what: `master cut off, with advert_int ${interval}`, isShort: isDefault, once: cutMaster }
}

/** An echo and an answer to HTTP on each node beside it; the first node has the highest priority. */
async function openGroup(
  { ground }: Setting,
  interval: number,
): Promise<(Group & AsyncDisposable) | undefined> {
  if (ground === 'cluster') row('keepalived', 'is measured on the embedded ground only')
  else if (!isInstalled('keepalived')) row('keepalived', 'is not installed (Debian package keepalived)')
  else
    return make(async (undo) => {
      const sandbox = await openSandbox({ nodes: 3, controller: false, speakers: false })
      undo.defer(() => sandbox.close())
      const address = sandbox.subnet.replace(/0\/\d+$/, '240')
      const folder = mkdtempSync(join(tmpdir(), 'lanlord-bench-'))
      undo.defer(() => rmSync(folder, { recursive: true }))
      for (const [at, node] of sandbox.nodes.entries()) {
        const file = join(folder, `${node.name}.conf`)
        writeFileSync(file, configuration(node.name, { priority: 200 - at * 20, interval, address }))
        runThere(node.exec, 'sysctl', '-qw', 'net.ipv4.ip_nonlocal_bind=1')
        const pids = ['-p', join(folder, `${node.name}.pid`), '-r', join(folder, `${node.name}.vrrp.pid`)]
        undo.defer(startBeside(node.exec, 'keepalived', '-n', '-P', '-f', file, ...pids))
        undo.defer(startBeside(node.exec, process.execPath, '-e', servers(address)))
      }
      return { sandbox, address }
    })
  return undefined
}

async function cutMaster({ sandbox, address }: Group): Promise<Seen> {
  const [first] = sandbox.nodes
  const name = first?.name ?? ''
  await held(sandbox, address, (node) => node === first)
  const { seen } = await watch(sandbox, address, { port: 7, perSecond: 1_000, flows: 1 }, async () => {
    await sandbox.pullCable(name)
    await held(sandbox, address, (node) => node !== first)
  })
  await sandbox.plugCable(name)
  return seen
}

/** Waits until one node holds the address, and it is this one. */
async function held(sandbox: Sandbox, address: string, by: (node: SandboxNode) => boolean): Promise<void> {
  const isSo = (): Promise<boolean> =>
    Promise.resolve(sandbox.nodes.some((node) => holds(node, address) && by(node)))
  await until(isSo, { describe: () => 'keepalived settles', timeoutMs: 30_000, everyMs: 50 })
}

function holds(node: SandboxNode, address: string): boolean {
  return runThere(node.exec, 'ip', '-4', 'addr', 'show', 'dev', node.interface).includes(`${address}/`)
}

interface Instance {
  readonly priority: number
  readonly interval: number
  readonly address: string
}

function configuration(name: string, { priority, interval, address }: Instance): string {
  return `global_defs {
  router_id ${name}
  vrrp_version 3
}
vrrp_instance bench {
  state BACKUP
  interface eth0
  virtual_router_id 51
  priority ${priority}
  advert_int ${interval}
  virtual_ipaddress {
    ${address}/32 dev eth0
  }
}
`
}

function servers(address: string): string {
  return `const s = require('dgram').createSocket('udp4');
    s.on('message', (m, from) => s.send(m, from.port, from.address));
    s.bind(7, '${address}');
    require('http').createServer((_, answer) => answer.end('here')).listen(80, '${address}')`
}
