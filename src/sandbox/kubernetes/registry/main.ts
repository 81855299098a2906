import { Command } from 'commander'
import { serveRegistry } from './serve.ts'

interface Flags {
  readonly layouts: string
  readonly host: string
  readonly port: string
}

const { layouts, host, port } = new Command('registry')
  .description('A registry of container images for the sandbox, read only')
  .requiredOption('--layouts <folder>', 'one OCI image layout in each sub-folder')
  .requiredOption('--host <address>', 'the address to listen on')
  .requiredOption('--port <port>', 'the port to listen on')
  .parse()
  .opts<Flags>()

const registry = await serveRegistry({ layouts, host, port: Number(port) })
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void registry.close())
process.stdout.write(`{"port":${registry.port}}\n`)
