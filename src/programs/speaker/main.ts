// First of all, so that they hold for what is loaded after them.
import '../../platform/memory/small-heap.ts'
import '../../platform/memory/small-malloc.ts'
import { Command } from 'commander'
import { isNodeName } from '../../core/api/node-name.ts'
import { parseListen, type Listen } from '../../platform/http/listen.ts'
import { serve, type HttpServer } from '../../platform/http/server.ts'
import { Api } from '../../platform/kubernetes/api.ts'
import { loadConfig } from '../../platform/kubernetes/config.ts'
import { endByUsage, firstSignal, runToEnd, UsageError } from '../../platform/process/ends.ts'
import { createLog, type Log } from '../../platform/telemetry/log.ts'
import { KeyDirectory, readKeys } from './key-directory.ts'
import { Speaker } from './speaker.ts'

interface Flags {
  readonly kubeconfig?: string
  readonly context?: string
  readonly node: string
  readonly keyDirectory: string
  readonly http: string
  readonly interfaces?: string
  readonly logLevel?: string
}

const flags = new Command('speaker')
  .description('answer ARP for the addresses that this node is elected to announce')
  .option('--kubeconfig <file>', 'how to reach the API server (default: as a pod, or as kubectl does)')
  .option('--context <name>', 'the context in the kubeconfig')
  .requiredOption(
    '--node <name>',
    'the name of the Node that this is (or NODE_NAME)',
    process.env['NODE_NAME'],
  )
  .requiredOption(
    '--key-directory <directory>',
    'where the heartbeat key is: a file `current`, and `previous` if any',
  )
  .option('--http <place>', 'where to serve /healthz, /readyz and /metrics, or off', '127.0.0.1:7472')
  .option(
    '--interfaces <globs>',
    'names of the interfaces to use, separated by commas (default: all usable ones)',
  )
  .option('--log-level <level>', 'trace, debug, info, warn or error')
  .exitOverride(endByUsage)
  .parse()
  .opts<Flags>()

/** Starts everything and runs until a signal or the death of the worker ends it. */
async function run(log: Log): Promise<void> {
  const listen = parseListen(flags.http)
  if (listen !== 'off' && 'problem' in listen) throw new UsageError(`--http: ${listen.problem}`)
  const { kubeconfig, context, node } = flags
  if (!isNodeName(node))
    throw new UsageError(
      `--node: "${node}" cannot be the name of a Node; write it as kubectl get nodes shows it`,
    )
  const keys = readKeys(flags.keyDirectory)
  await using api = new Api(await loadConfig({ kubeconfig, context }))
  const interfaces = (flags.interfaces ?? '').split(',').filter((glob) => glob !== '')
  const speaker = new Speaker({ api, node, interfaces, keys, log })
  const signal = firstSignal()
  const http = await serveOn(listen, speaker)
  using watched = new KeyDirectory(flags.keyDirectory, keys, {
    change: (changed) => speaker.useKeys(changed),
    problem: (err) =>
      log.warn({ err }, 'the heartbeat keys could not be read again; those in use stay in use'),
  })
  void watched
  speaker.start()
  log.info({ node }, 'started')
  await Promise.race([signal, speaker.ended])
  await speaker.leave()
  await http?.close()
}

function serveOn(listen: Listen | 'off', speaker: Speaker): Promise<HttpServer> | undefined {
  if (listen === 'off') return undefined
  return serve({ ...listen, readyz: () => speaker.obstacles, metrics: speaker.metrics })
}

const log = createLog({ name: 'speaker', level: flags.logLevel })

await runToEnd(log, () => run(log))
