// First of all, so that a signal is heard from the first moment, and that they hold for what is loaded after them.
import '../../platform/process/heed-signals.ts'
import '../../platform/memory/small-heap.ts'
import '../../platform/memory/small-malloc.ts'
import { Command } from 'commander'
import { heartbeatSecretName, systemNamespace } from '../../core/api/names.ts'
import { isNodeName } from '../../core/api/node-name.ts'
import { parseHeartbeat, usualIntervalMs } from '../../core/election/heartbeat-setting.ts'
import { parseListen, type Listen } from '../../platform/http/listen.ts'
import { PatientServer } from '../../platform/http/patient-server.ts'
import { Api } from '../../platform/kubernetes/api.ts'
import { loadConfig } from '../../platform/kubernetes/config.ts'
import { endByUsage, runToEnd, UsageError } from '../../platform/process/ends.ts'
import { firstSignal } from '../../platform/process/first-signal.ts'
import { version, versions } from '../../platform/process/version.ts'
import { createLog, type Log } from '../../platform/telemetry/log.ts'
import { KeyDirectory } from './key-directory.ts'
import { Speaker } from './speaker.ts'

interface Flags {
  readonly kubeconfig?: string
  readonly context?: string
  readonly node: string
  readonly namespace: string
  readonly secret: string
  readonly keyDirectory: string
  readonly http: string
  readonly interfaces?: string
  readonly heartbeat: string
  readonly kubeProxyHealth: string
  readonly kubeProxyMetrics: string
  readonly selfTest: string
  readonly logLevel?: string
}

const flags = new Command('speaker')
  .description('answer ARP and NDP for the addresses that this node is elected to announce')
  .version(version)
  .option('--kubeconfig <file>', 'how to reach the API server (default: as a pod, or as kubectl does)')
  .option('--context <name>', 'the context in the kubeconfig')
  .requiredOption(
    '--node <name>',
    'the name of the Node that this is (or NODE_NAME)',
    process.env['NODE_NAME'],
  )
  .option(
    '--namespace <name>',
    'where the Secret with the heartbeat key is (or POD_NAMESPACE)',
    process.env['POD_NAMESPACE'] ?? systemNamespace,
  )
  .option('--secret <name>', 'the name of that Secret', heartbeatSecretName)
  .requiredOption(
    '--key-directory <directory>',
    'where the heartbeat key is: a file `current`, and `previous` if any',
  )
  .option('--http <place>', 'where to serve /healthz, /readyz and /metrics, or off', '127.0.0.1:7472')
  .option(
    '--interfaces <globs>',
    'names of the interfaces to use, separated by commas (default: all usable ones)',
  )
  .option('--heartbeat <interval>', 'how often to send heartbeats', `${usualIntervalMs}ms`)
  .option(
    '--kube-proxy-health <url>',
    'where the kube-proxy of this node tells of its health, or off',
    'http://127.0.0.1:10256/healthz',
  )
  .option(
    '--kube-proxy-metrics <url>',
    'where the kube-proxy of this node has its metrics, or off',
    'http://127.0.0.1:10249/metrics',
  )
  .option('--self-test <on|off>', 'whether to ask if what other nodes announce is answered for', 'on')
  .option('--log-level <level>', 'trace, debug, info, warn or error')
  .exitOverride(endByUsage)
  .parse()
  .opts<Flags>()

/** Starts everything and runs until a signal or the death of the worker ends it. */
async function run(log: Log): Promise<void> {
  const listen = parseListen(flags.http)
  if (listen !== 'off' && 'problem' in listen) throw new UsageError(`--http: ${listen.problem}`)
  const { kubeconfig, context, node, namespace, secret, keyDirectory: directory } = flags
  if (!isNodeName(node))
    throw new UsageError(
      `--node: "${node}" cannot be the name of a Node; write it as kubectl get nodes shows it`,
    )
  const intervalMs = intervalIn(flags.heartbeat)
  const kubeProxy = urlIn('--kube-proxy-health', flags.kubeProxyHealth, 'http://127.0.0.1:10256/healthz')
  const metrics = 'http://127.0.0.1:10249/metrics'
  const kubeProxyMetrics = urlIn('--kube-proxy-metrics', flags.kubeProxyMetrics, metrics)
  const selfTest = isSelfTestOn(flags.selfTest)
  log.info({ node, ...versions }, 'started')
  await using api = new Api(await loadConfig({ kubeconfig, context }), { userAgent: 'lanlord-speaker' })
  const interfaces = (flags.interfaces ?? '').split(',').filter((glob) => glob !== '')
  const asked = { kubeProxy, kubeProxyMetrics, selfTest }
  const speaker = new Speaker({ api, node, interfaces, intervalMs, ...asked, log })
  await using http = serveOn(listen, speaker, log)
  void http
  speaker.start()
  using keys = new KeyDirectory({
    directory,
    namespace,
    secret,
    onKeys: (found) => speaker.useKeys(found),
    onProblem: (words) => speaker.lackKeys(words),
  })
  void keys
  await Promise.race([firstSignal(), speaker.ended])
  await speaker.leave()
}

function intervalIn(text: string): number {
  const setting = parseHeartbeat(text)
  if ('problem' in setting) throw new UsageError(`--heartbeat: ${setting.problem}`)
  return setting.intervalMs
}

function isSelfTestOn(text: string): boolean {
  if (text === 'on' || text === 'off') return text === 'on'
  throw new UsageError(`--self-test: "${text}" is neither on nor off`)
}

function urlIn(flag: string, text: string, example: string): string | undefined {
  if (text === 'off') return undefined
  if (URL.canParse(text) && new URL(text).protocol === 'http:') return text
  throw new UsageError(`${flag}: "${text}" is no URL; write it as ${example}, or off`)
}

/** A port that is taken does not end the speaker: what it does on the LAN matters more. */
function serveOn(listen: Listen | 'off', speaker: Speaker, log: Log): PatientServer | undefined {
  if (listen === 'off') return undefined
  return new PatientServer({
    ...listen,
    readyz: () => speaker.obstacles,
    metrics: speaker.metrics,
    onProblem: ({ message }) => log.warn(`${message}; trying again`),
    onRecovery: () => log.info('serves /healthz, /readyz and /metrics after all'),
  })
}

const log = createLog({ name: 'speaker', level: flags.logLevel })

await runToEnd(log, () => run(log))
