// First of all, so that a signal is heard from the first moment, and that they hold for what is loaded after them.
import '../../platform/process/heed-signals.ts'
import '../../platform/memory/small-heap.ts'
import '../../platform/memory/small-malloc.ts'
import { Command } from 'commander'
import { parseCompatibility } from '../../core/allocation/compatibility.ts'
import { leaseName, systemNamespace } from '../../core/api/names.ts'
import { parseListen } from '../../platform/http/listen.ts'
import type { Listen } from '../../platform/http/listen.ts'
import { PatientServer } from '../../platform/http/patient-server.ts'
import { Api } from '../../platform/kubernetes/api.ts'
import { loadConfig } from '../../platform/kubernetes/config.ts'
import { endByUsage, runToEnd, UsageError } from '../../platform/process/ends.ts'
import { firstSignal } from '../../platform/process/first-signal.ts'
import { version, versions } from '../../platform/process/version.ts'
import { createLog } from '../../platform/telemetry/log.ts'
import type { Log } from '../../platform/telemetry/log.ts'
import { Controller } from './controller.ts'
import { ownIdentity } from './own-identity.ts'

interface Flags {
  readonly kubeconfig?: string
  readonly context?: string
  readonly identity: string
  readonly namespace: string
  readonly classLessServices: string
  readonly compatibility: string
  readonly http: string
  readonly logLevel?: string
}

const flags = new Command('controller')
  .description('lease addresses of AddressPools to Services, and say which node should announce them')
  .version(version)
  .option('--kubeconfig <file>', 'how to reach the API server (default: as a pod, or as kubectl does)')
  .option('--context <name>', 'the context in the kubeconfig')
  .option(
    '--identity <name>',
    'who we are in the Lease (or POD_NAME)',
    process.env['POD_NAME'] ?? ownIdentity(),
  )
  .option(
    '--namespace <name>',
    'where the Lease is (or POD_NAMESPACE)',
    process.env['POD_NAMESPACE'] ?? systemNamespace,
  )
  .option(
    '--class-less-services <yes>',
    'true or false: whether Services without a loadBalancerClass are ours',
    'true',
  )
  .option(
    '--compatibility <list>',
    'whose annotations on Services are read beside our own: metallb, kube-vip, or both with a comma between',
    '',
  )
  .option('--http <place>', 'where to serve /healthz, /readyz and /metrics, or off', '127.0.0.1:7473')
  .option('--log-level <level>', 'trace, debug, info, warn or error')
  .exitOverride(endByUsage)
  .parse()
  .opts<Flags>()

/** Starts everything and runs until a signal ends it. */
async function run(log: Log): Promise<void> {
  const listen = parseListen(flags.http)
  if (listen !== 'off' && 'problem' in listen) throw new UsageError(`--http: ${listen.problem}`)
  const classLess = isYes(flags.classLessServices)
  const compatibility = parseCompatibility(flags.compatibility)
  if ('problem' in compatibility) throw new UsageError(`--compatibility: ${compatibility.problem}`)
  const { kubeconfig, context, identity, namespace } = flags
  log.info({ identity, ...versions }, 'started')
  await using api = new Api(await loadConfig({ kubeconfig, context }), { userAgent: 'lanlord-controller' })
  const lease = { namespace, name: leaseName, identity }
  await using controller = new Controller({ api, lease, classLess, compatibility, log })
  await using http = serveOn(listen, controller, log)
  void http
  controller.start()
  await firstSignal()
}

function serveOn(listen: Listen | 'off', controller: Controller, log: Log): PatientServer | undefined {
  if (listen === 'off') return undefined
  return new PatientServer({
    ...listen,
    readyz: () => controller.obstacles,
    remark: () => controller.remarks,
    metrics: controller.metrics,
    onProblem: ({ message }) => log.warn(`${message}; trying again`),
    onRecovery: () => log.info('serves /healthz, /readyz and /metrics after all'),
  })
}

function isYes(text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  throw new UsageError(`--class-less-services: "${text}" is neither true nor false`)
}

const log = createLog({ name: 'controller', level: flags.logLevel })

await runToEnd(log, () => run(log))
