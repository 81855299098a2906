import { rm } from 'node:fs/promises'
import { Command } from 'commander'
import { startRelay } from '../../relay.ts'
import { serveNames } from '../dns/serve-names.ts'
import { dnsPort } from '../networks.ts'
import { serveRegistry } from '../registry/serve.ts'

interface Flags {
  readonly socket: string
  readonly apiPort: string
  readonly layouts: string
  readonly host: string
  readonly port: string
  readonly kubeconfig: string
}

const flags = new Command('control-agent')
  .description(
    "Stands in the control plane's network: a way in from this machine, the registry of images, and DNS",
  )
  .requiredOption('--socket <path>', 'the Unix socket that leads to the API server')
  .requiredOption('--api-port <port>', 'where the API server listens on 127.0.0.1')
  .requiredOption('--layouts <folder>', 'images, one OCI image layout in each sub-folder')
  .requiredOption('--host <address>', 'where registry and DNS listen')
  .requiredOption('--port <port>', 'the port of the registry')
  .requiredOption('--kubeconfig <file>', 'leads to the API server, for DNS to know its Services')
  .parse()
  .opts<Flags>()

await serveRegistry({ layouts: flags.layouts, host: flags.host, port: Number(flags.port) })
await serveNames({ kubeconfig: flags.kubeconfig, host: flags.host, port: dnsPort })
await rm(flags.socket, { force: true }) // A former run of ours may have left it.
await startRelay({ path: flags.socket }, { port: Number(flags.apiPort), host: '127.0.0.1' })
