import { execFile } from 'node:child_process'
import { delimiter } from 'node:path'
import { promisify } from 'node:util'
import { systemNamespace } from '../src/core/api/names.ts'
import { ensureTools } from '../src/sandbox/kubernetes/carried-tools.ts'
import type { BenchCluster } from './cluster.ts'
import { heading, row } from './figures.ts'
import { moveHeadings, printMoves, quiet, repeat, watchMove } from './move.ts'

const execute = promisify(execFile)

/** What clients notice when Lanlord itself is replaced, by kubectl and by Helm. */
export async function benchRollout(cluster: BenchCluster, tries: number): Promise<void> {
  heading(`Lanlord replaced under the same two clients, ${tries} tries each`)
  if (cluster.playground.ground !== 'cluster') {
    row('there are no rollouts here', 'take them with --ground cluster')
    return
  }
  row('', ...moveHeadings)
  const address = (await cluster.addressOf('web')) ?? ''
  const administrator = await administratorOf(cluster.playground.kubeconfig)
  const measure = async (name: string, roll: (turn: number) => Promise<void>): Promise<void> => {
    let turn = 0
    const moves = await repeat(tries, async () => {
      await cluster.settled()
      const happening = async (): Promise<void> => {
        await roll(turn++)
        await cluster.settled()
      }
      return watchMove(cluster.playground, address, happening, cluster.playground.nodes[0]?.address)
    })
    printMoves(name, moves)
  }
  await measure('nothing happens for 10 s', () => quiet(10_000))
  await measure('rollout restart of the DaemonSet', () => administrator.restart('daemonset/lanlord-speaker'))
  await measure('rollout restart of the Deployment', () =>
    administrator.restart('deployment/lanlord-controller'),
  )
  await measure('helm upgrade of both', (turn) => administrator.upgrade(turn))
}

interface Administrator {
  restart(workload: string): Promise<void>
  upgrade(turn: number): Promise<void>
}

async function administratorOf(kubeconfig: string): Promise<Administrator> {
  const path = [await ensureTools(), process.env['PATH']].join(delimiter)
  const env = { ...process.env, PATH: path, KUBECONFIG: kubeconfig }
  const run = async (command: string, ...args: readonly string[]): Promise<void> => {
    await execute(command, [...args, '--namespace', systemNamespace], { env })
  }
  const rolledOut = (workload: string): Promise<void> => run('kubectl', 'rollout', 'status', workload)
  return {
    restart: async (workload) => {
      await run('kubectl', 'rollout', 'restart', workload)
      await rolledOut(workload)
    },
    upgrade: async (turn) => {
      const set = ['controller', 'speaker'].flatMap((part) => [
        '--set-string',
        `${part}.podAnnotations.turn=${turn}`,
      ])
      await run('helm', 'upgrade', 'lanlord', 'charts/lanlord', '--reuse-values', ...set)
      await Promise.all(['daemonset/lanlord-speaker', 'deployment/lanlord-controller'].map(rolledOut))
    },
  }
}
