import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSandbox } from '../src/sandbox/open-sandbox.ts'
import type { SandboxNode } from '../src/sandbox/playground.ts'
import type { Sandbox } from '../src/sandbox/sandbox.ts'
import { until } from '../src/sandbox/until.ts'
import { isInstalled, runThere, startBeside } from './client.ts'
import { row } from './figures.ts'
import { printMoves, repeat, watchMove, type Move } from './move.ts'

/** The same cut for keepalived at its default interval, on a LAN of the same kind. */
export async function benchKeepalived(tries: number): Promise<void> {
  if (!isInstalled('keepalived')) {
    row('keepalived, cable pulled', 'not installed (Debian package keepalived)')
    return
  }
  await using sandbox = await openSandbox({ nodes: 3, controller: false, speakers: false })
  await using group = startGroup(sandbox)
  printMoves(
    'keepalived (advert_int 1), cable pulled',
    await repeat(tries, () => cutMaster(sandbox, group.address)),
  )
}

interface Group extends AsyncDisposable {
  readonly address: string
}

/** keepalived and an echo server on each node; the first has the highest priority. */
function startGroup(sandbox: Sandbox): Group {
  const address = sandbox.subnet.replace(/0\/\d+$/, '240')
  const folder = mkdtempSync(join(tmpdir(), 'lanlord-bench-'))
  const ends = sandbox.nodes.flatMap((node, at) => {
    const file = join(folder, `${node.name}.conf`)
    writeFileSync(file, configuration(node.name, 200 - at * 20, address))
    runThere(node.exec, 'sysctl', '-qw', 'net.ipv4.ip_nonlocal_bind=1')
    const pids = ['-p', join(folder, `${node.name}.pid`), '-r', join(folder, `${node.name}.vrrp.pid`)]
    return [
      startBeside(node.exec, 'keepalived', '-n', '-P', '-f', file, ...pids),
      startBeside(node.exec, process.execPath, '-e', echoServer(address)),
    ]
  })
  return {
    address,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(ends.map((end) => end()))
      rmSync(folder, { recursive: true })
    },
  }
}

async function cutMaster(sandbox: Sandbox, address: string): Promise<Move> {
  await held(sandbox, address, () => true)
  const master = holderOf(sandbox, address)
  const move = await watchMove(sandbox, address, async () => {
    await sandbox.pullCable(master?.name ?? '')
    await held(sandbox, address, (node) => node !== master)
  })
  await sandbox.plugCable(master?.name ?? '')
  await held(sandbox, address, (node) => node === sandbox.nodes[0])
  return move
}

async function held(sandbox: Sandbox, address: string, by: (node: SandboxNode) => boolean): Promise<void> {
  const isSo = (): Promise<boolean> => {
    const holders = sandbox.nodes.filter((node) => holds(node, address))
    return Promise.resolve(holders.some(by))
  }
  await until(isSo, { describe: () => 'keepalived settles', timeoutMs: 30_000, everyMs: 50 })
}

function holderOf(sandbox: Sandbox, address: string): SandboxNode | undefined {
  return sandbox.nodes.find((node) => holds(node, address))
}

function holds(node: SandboxNode, address: string): boolean {
  return runThere(node.exec, 'ip', '-4', 'addr', 'show', 'dev', node.interface).includes(`${address}/`)
}

function configuration(name: string, priority: number, address: string): string {
  return `global_defs {
  router_id ${name}
  vrrp_version 3
}
vrrp_instance bench {
  state BACKUP
  interface eth0
  virtual_router_id 51
  priority ${priority}
  advert_int 1
  virtual_ipaddress {
    ${address}/32 dev eth0
  }
}
`
}

function echoServer(address: string): string {
  return `const s = require('dgram').createSocket('udp4');
    s.on('message', (m, from) => s.send(m, from.port, from.address));
    s.bind(7, '${address}')`
}
