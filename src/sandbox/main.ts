import { Command, InvalidArgumentError, Option } from 'commander'
import { describeAsJson, describeInWords } from './describe.ts'
import { proxyModes } from './kubernetes/options.ts'
import type { ProxyMode } from './kubernetes/options.ts'
import { bringSupplies } from './kubernetes/supplies.ts'
import { NoGroundError } from './lan/ground.ts'
import { openPlayground } from './open-playground.ts'
import { mostNodes } from './options.ts'
import { groundNames } from './playground.ts'
import type { GroundName, Playground } from './playground.ts'

interface Flags {
  readonly ground: GroundName
  readonly proxyMode: ProxyMode
  readonly dualStack: boolean
  readonly lanlord: boolean
  readonly prepare?: boolean
  readonly nodes: number
  readonly json?: boolean
  readonly speakers: boolean
  readonly controller: boolean
  readonly logLevel?: string
}

const exitCodes = { well: 0, trouble: 1, wrongUsageOrGround: 2 } as const

const command = new Command('lanlord sandbox')
  .description(
    'A LAN of network namespaces with a cluster on it; runs until Ctrl-C and leaves nothing behind',
  )
  .addOption(
    new Option(
      '--ground <name>',
      'embedded: stand-ins for Kubernetes; cluster: Kubernetes itself, which needs root',
    )
      .choices(groundNames)
      .default('embedded'),
  )
  .option('--nodes <n>', `nodes on the LAN, 1 to ${mostNodes}`, nodesOf, 3)
  .option('--json', 'when ready, print one line of JSON for programs instead of words')
  .addOption(yesOrNo('--speakers', 'run a speaker on each node; ground embedded only'))
  .addOption(yesOrNo('--controller', 'run the controller; ground embedded only'))
  .addOption(
    new Option('--proxy-mode <mode>', 'how kube-proxy forwards; ground cluster only')
      .choices(proxyModes)
      .default('nftables'),
  )
  .option('--prepare', 'build what a cluster is made of, and end; ground cluster only')
  .option('--dual-stack', 'IPv6 beside IPv4', false)
  .addOption(yesOrNo('--lanlord', 'install Lanlord; ground cluster only'))
  .option('--log-level <level>', 'of every process: trace, debug, info, warn, error, fatal or silent')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.well : exitCodes.wrongUsageOrGround))
  .action(run)

function nodesOf(text: string): number {
  const nodes = Number(text)
  if (Number.isInteger(nodes) && nodes >= 1 && nodes <= mostNodes) return nodes
  throw new InvalidArgumentError(`a LAN has 1 to ${mostNodes} nodes.`)
}

function yesOrNo(flag: string, description: string): Option {
  return new Option(`${flag} [yes]`, description).default(true).argParser((text: string) => {
    if (text === 'true' || text === 'false') return text === 'true'
    throw new InvalidArgumentError('say true or false.')
  })
}

/** The ground of each flag that only one of them understands. */
const groundOfFlag = {
  speakers: 'embedded',
  controller: 'embedded',
  proxyMode: 'cluster',
  lanlord: 'cluster',
  prepare: 'cluster',
} as const satisfies Partial<Record<keyof Flags, GroundName>>

function refuseMisplaced({ ground }: Flags): void {
  const misplaced = Object.entries(groundOfFlag).find(([name, only]) => {
    return only !== ground && command.getOptionValueSource(name) === 'cli'
  })
  const flag = command.options.find((option) => option.attributeName() === misplaced?.[0])?.long
  if (misplaced) command.error(`error: ${flag} is for --ground ${misplaced[1]} alone`)
}

async function run(flags: Flags): Promise<void> {
  refuseMisplaced(flags)
  if (flags.prepare) return prepare()
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort())
  stopWithNpm(stop)
  process.stdout.on('error', () => stop.abort()) // Whoever started us is gone.
  try {
    const sandbox = await openPlayground({ ...flags, signal: stop.signal, onWords: say })
    await runUntilStopped(sandbox, flags, stop.signal)
  } catch (error) {
    if (stop.signal.aborted && error === stop.signal.reason) return
    fail(error)
  }
}

async function prepare(): Promise<void> {
  try {
    await bringSupplies(say)
  } catch (error) {
    fail(error)
  }
}

function fail(error: unknown): void {
  say(`lanlord sandbox: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = error instanceof NoGroundError ? exitCodes.wrongUsageOrGround : exitCodes.trouble
}

/** npm may end without telling the command that it runs; a sandbox nobody can stop any more is of no use. */
function stopWithNpm(stop: AbortController): void {
  if (process.env['npm_lifecycle_event'] === undefined) return
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && stop.abort(), 250).unref()
}

async function runUntilStopped(sandbox: Playground, flags: Flags, stopped: AbortSignal): Promise<void> {
  const failed = new Promise<never>((_, reject) => {
    process.once('uncaughtException', reject)
    process.once('unhandledRejection', reject)
  })
  try {
    process.stdout.write(flags.json ? `${await describeAsJson(sandbox)}\n` : describeInWords(sandbox))
    await Promise.race([failed, aborted(stopped)])
  } finally {
    await sandbox.close()
  }
}

/** Also when it was aborted before anyone asked. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

function say(words: string): void {
  process.stderr.write(`${words}\n`)
}

await command.parseAsync()
