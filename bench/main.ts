import { cpus } from 'node:os'
import { Argument, Command } from 'commander'
import { openSandbox } from '../src/sandbox/open-sandbox.ts'
import { benchArp } from './arp.ts'
import { BenchCluster } from './cluster.ts'
import { benchCreation } from './creation.ts'
import { benchFailover } from './failover.ts'
import { heading } from './figures.ts'
import { benchKeepalived } from './keepalived.ts'
import { benchMemory } from './memory.ts'

const parts = ['arp', 'creation', 'failover', 'memory'] as const
type Part = (typeof parts)[number]

async function run(chosen: readonly Part[], { tries }: { tries: number }): Promise<void> {
  const wanted = chosen.length === 0 ? parts : chosen
  heading(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}`)
  if (wanted.some((part) => part !== 'memory')) await onOneCluster(wanted, tries)
  if (wanted.includes('failover')) await benchKeepalived(tries)
  if (wanted.includes('memory')) await benchMemory(1000)
}

/** The parts that share a LAN with one published Service. */
async function onOneCluster(wanted: readonly Part[], tries: number): Promise<void> {
  await using sandbox = await openSandbox({ nodes: 3 })
  const cluster = new BenchCluster(sandbox)
  await cluster.addPool('lab', `${cluster.network}.200-${cluster.network}.229`)
  await cluster.addWorkload()
  await cluster.addService('web', 'Local')
  await cluster.eventually('Service web is announced', async () => {
    const address = await cluster.addressOf('web')
    return address !== undefined && (await cluster.announcerOf(address)) !== undefined
  })
  if (wanted.includes('arp')) await benchArp(cluster)
  if (wanted.includes('creation')) await benchCreation(cluster, 30)
  if (wanted.includes('failover')) await benchFailover(cluster, tries)
  await cluster.api.close()
}

await new Command('bench')
  .description('Numbers of this machine, all in one run. Compare within a run, not between machines.')
  .addArgument(new Argument('[part...]', 'which parts; all of them unless told').choices(parts))
  .option('--tries <n>', 'how often each move is tried', Number, 7)
  .action(run)
  .parseAsync()
