import { once } from 'node:events'
import { rmSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Command, InvalidArgumentError } from 'commander'
import { pino } from 'pino'
import { RequestLog } from './request-log.ts'
import { apiServer } from './server.ts'
import { openCluster } from './start.ts'

interface Flags {
  readonly socket: string
  readonly state: string
  readonly listen?: { readonly host: string; readonly port: number }
  readonly history: number
}

function tcpAddress(text: string): NonNullable<Flags['listen']> {
  const [, host, port] = /^([^:]+|\[.*\]):(\d{1,5})$/.exec(text) ?? []
  if (host === undefined || Number(port) > 65_535) {
    throw new InvalidArgumentError('write an address and a port, such as 127.0.0.1:6443')
  }
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
}

function count(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('write a number of at least 1')
}

const flags = new Command('api-server')
  .description('A Kubernetes API server for the sandbox, small enough to start in an instant')
  .requiredOption('--socket <path>', 'the Unix socket to listen on')
  .requiredOption('--state <file>', 'the file that keeps the cluster over restarts')
  .option('--listen <address:port>', 'a TCP address to listen on as well', tcpAddress)
  .option('--history <changes>', 'how many changes of each resource a watch may lie back', count, 4096)
  .parse()
  .opts<Flags>()

const log = pino({ base: { program: 'api-server' } })
const requests = new RequestLog()
const { socket, state, history } = flags
const cluster = openCluster({ state, historySize: history, compactAfter: history })
const servers: Server[] = []

async function listen(where: { path: string } | { host: string; port: number }): Promise<Server> {
  const server = apiServer({ cluster, requests, log })
  servers.push(server)
  server.listen(where)
  await once(server, 'listening')
  return server
}

async function listenOnTcp(where: Flags['listen']): Promise<string | undefined> {
  if (where === undefined) return undefined
  const { address, family, port } = (await listen(where)).address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

function stop(signal: string): void {
  log.info({ signal }, 'stopping')
  for (const server of servers) {
    server.close()
    server.closeAllConnections()
  }
  cluster.store.close()
}

for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => stop(signal))

// What is left of a server that was killed; a second one on the same socket would take it over either way.
rmSync(socket, { force: true })
await listen({ path: socket })
const url = await listenOnTcp(flags.listen)
log.info({ socket, url, revision: cluster.store.revision }, 'ready')
