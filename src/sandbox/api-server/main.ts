import { once } from 'node:events'
import { rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { Command } from 'commander'
import { pino } from 'pino'
import { RequestLog } from './request-log.ts'
import { apiServer } from './server.ts'
import { openCluster } from './start.ts'

interface Flags {
  readonly socket: string
  readonly state: string
  readonly listen?: string
  readonly history: string
}

const flags = new Command('api-server')
  .description('A Kubernetes API server for the sandbox, small enough to start in an instant')
  .requiredOption('--socket <path>', 'the Unix socket to listen on')
  .requiredOption('--state <file>', 'the file that keeps the cluster over restarts')
  .option('--listen <address:port>', 'a TCP address to listen on as well')
  .option('--history <changes>', 'how many changes of each resource a watch may lie back', '4096')
  .parse()
  .opts<Flags>()

const log = pino({ base: { program: 'api-server' } })
const history = Number(flags.history)
const cluster = openCluster({ state: flags.state, historySize: history, compactAfter: history })
const servers: Server[] = []

async function listen(where: { path: string } | { host: string; port: number }): Promise<void> {
  const server = apiServer({ cluster, requests, log })
  servers.push(server)
  server.listen(where)
  await once(server, 'listening')
}

function stop(signal: string): void {
  log.info({ signal }, 'stopping')
  for (const server of servers) {
    server.close()
    server.closeAllConnections()
  }
  cluster.store.close()
}

const requests = new RequestLog()
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => stop(signal))

// What is left of a server that was killed; a second one on the same socket would take it over either way.
rmSync(flags.socket, { force: true })
await listen({ path: flags.socket })
if (flags.listen !== undefined) {
  const [, host = '127.0.0.1', port] = /^(.*):(\d+)$/.exec(flags.listen) ?? []
  await listen({ host, port: Number(port) })
}
log.info({ socket: flags.socket, listen: flags.listen, revision: cluster.store.revision }, 'ready')
