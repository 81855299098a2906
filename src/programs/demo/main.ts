import { Command } from 'commander'
import { NoGroundError } from '../../sandbox/lan/ground.ts'
import { openSandbox } from '../../sandbox/open-sandbox.ts'
import { openKubectl } from './kubectl.ts'
import { tellStory } from './story.ts'
import { showOutput, tell } from './terminal.ts'

const stop = new AbortController()

async function run(): Promise<void> {
  tell('A LAN with three nodes and a client, in network namespaces of this machine.')
  await using sandbox = await openSandbox({ nodes: 3, signal: stop.signal })
  const kubectl = openKubectl(sandbox.kubeconfig, sandbox.server)
  if (!kubectl.isReal)
    showOutput('(There is no kubectl on PATH; a small reader of the demo stands in for it.)')
  for (const node of sandbox.nodes) showOutput(`${node.name}  ${node.address}  ${node.mac}`)
  await Promise.race([tellStory({ sandbox, kubectl }), interrupted()])
  tell('Done. Everything that was made is removed again.')
}

function interrupted(): Promise<never> {
  return new Promise((_, reject) => stop.signal.addEventListener('abort', () => reject(stop.signal.reason)))
}

function fail(error: unknown): void {
  process.exitCode = error instanceof NoGroundError ? 2 : 1
  if (stop.signal.aborted) return
  process.stderr.write(`lanlord demo: ${error instanceof Error ? error.message : String(error)}\n`)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort())

await new Command('lanlord demo')
  .description('Tells the whole story on a LAN of its own, in under a minute; needs root or user namespaces')
  .action(() => run().catch(fail))
  .parseAsync()
