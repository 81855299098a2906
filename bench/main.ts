import { cpus } from 'node:os'
import { Argument, Command, Option } from 'commander'
import { openPlayground } from '../src/sandbox/open-playground.ts'
import { groundNames, type GroundName } from '../src/sandbox/playground.ts'
import { benchAllocationCore } from './allocation-core.ts'
import { benchAllocation } from './allocation.ts'
import { benchApiAway } from './api-away.ts'
import { benchArp } from './arp.ts'
import { BenchCluster } from './cluster.ts'
import { benchCreation } from './creation.ts'
import { benchFailover } from './failover.ts'
import { heading } from './figures.ts'
import { benchLoad, loadNames, type LoadName } from './load.ts'
import { benchMemory } from './memory.ts'
import { announced } from './published.ts'
import { benchResources } from './resources.ts'
import { benchRollout } from './rollout.ts'

const usual = ['arp', 'creation', 'failover', 'rollout', 'allocation', 'memory'] as const
/** They take so many minutes that they are done only where they are named; the embedded ground is theirs. */
const lengthy = ['load', 'resources', 'api-away'] as const
type Part = (typeof usual)[number] | (typeof lengthy)[number]

interface Flags {
  readonly ground: GroundName
  readonly tries: number
  readonly services?: number
  readonly minutes: number
  readonly under?: readonly LoadName[]
  readonly only: readonly string[]
  readonly short: boolean
}

/** The parts that need a cluster of their own. */
const alone: Partial<Record<Part, (flags: Flags) => Promise<void>>> = {
  allocation: async ({ ground, services = 10_000 }) => {
    benchAllocationCore()
    await benchAllocation(ground, services)
  },
  failover: ({ ground, tries, only, short: isShort }) => benchFailover({ ground, tries, only, isShort }),
  memory: ({ ground, services = 1_000 }) => benchMemory(ground, services),
  load: ({ minutes, under = loadNames }) => benchLoad(minutes, under),
  resources: ({ minutes }) => benchResources(minutes),
  'api-away': ({ minutes }) => benchApiAway(minutes),
}

async function run(chosen: readonly Part[], flags: Flags): Promise<void> {
  const wanted = chosen.length === 0 ? usual : chosen
  const where = flags.ground === 'cluster' ? 'Kubernetes' : 'the embedded API server'
  heading(
    `On ${where}; Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}`,
  )
  if (wanted.some((part) => alone[part] === undefined)) await onOneCluster(wanted, flags)
  for (const part of wanted) await alone[part]?.(flags)
}

/** The parts that share a LAN with one published Service. */
async function onOneCluster(
  wanted: readonly Part[],
  { ground, tries, short: isShort }: Flags,
): Promise<void> {
  await using playground = await openPlayground({ ground, nodes: 3 })
  await using cluster = await BenchCluster.on(playground)
  await cluster.addPool('lab', `${cluster.network}.200-${cluster.network}.249`)
  await cluster.addWorkload()
  await cluster.addService('web', 'Local')
  await announced(cluster, 'web')
  if (wanted.includes('arp')) await benchArp(cluster)
  if (wanted.includes('creation')) await benchCreation(cluster, isShort ? 10 : Math.max(30, tries))
  if (wanted.includes('rollout')) await benchRollout(cluster, tries)
}

await new Command('bench')
  .description('Numbers of this machine, all in one run. Compare within a run, not between machines.')
  .addArgument(
    new Argument('[part...]', 'which parts; all but the lengthy ones unless told').choices([
      ...usual,
      ...lengthy,
    ]),
  )
  .addOption(new Option('--ground <ground>', 'what to take them on').choices(groundNames).default('embedded'))
  .option('--tries <n>', 'how often each move is tried', Number, 10)
  .option(
    '--services <n>',
    'of how many the parts allocation and memory are (default: 10000 and 1000)',
    Number,
  )
  .option('--minutes <m>', `how long the parts ${lengthy.join(', ')} look at each thing`, Number, 10)
  .addOption(new Option('--under <load...>', 'the loads of the part load (default: all)').choices(loadNames))
  .option(
    '--only <word>',
    'of failover only the rows with this word in their names; may be said again',
    (word: string, words: readonly string[]) => [...words, word],
    [] as readonly string[],
  )
  .option(
    '--short',
    '10 new Services, not 30, and of failover only the rows that take a few seconds each',
    false,
  )
  .action(run)
  .parseAsync()
