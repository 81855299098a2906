import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Cluster } from './ground.ts'

/** Something that watches an address from the client until it is stopped, and answers what it saw. */
export interface Probe<T> {
  stop(): Promise<T>
}

/** Starts `probe …args` at the client; it runs when the first answer came. */
export async function startProbe<T>(cluster: Cluster, ...args: readonly string[]): Promise<Probe<T>> {
  const argv = [...cluster.client.exec, process.execPath, 'dist/probe.js', ...args]
  const child = spawn(argv[0] ?? '', argv.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  await lines.next()
  return {
    stop: async () => {
      child.kill('SIGINT')
      return JSON.parse(String((await lines.next()).value)) as T
    },
  }
}
