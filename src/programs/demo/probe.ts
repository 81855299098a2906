import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { packageRoot } from '../../sandbox/package-root.ts'
import type { Outage } from '../../sandbox/probe/outage.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { signalTo } from '../../sandbox/supervised-process.ts'

/** A client that sends a datagram each millisecond and notes which come back. */
export interface RunningProbe {
  /** Ends it and answers what it saw. */
  stop(): Promise<Outage>
}

/** Starts the probe in the client's namespace; fulfilled when the first answer is there. */
export async function startProbe(sandbox: Sandbox, address: string, port: number): Promise<RunningProbe> {
  const program = [process.execPath, join(packageRoot(), 'dist', 'probe.js')]
  const argv = [...sandbox.client.exec, ...program, 'udp', address, String(port)]
  const child = spawn(argv[0] ?? '', argv.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] })
  process.once('exit', () => signalTo(child, 'SIGKILL'))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  await nextLine(lines)
  return {
    stop: async () => {
      signalTo(child, 'SIGINT')
      return JSON.parse(await nextLine(lines)) as Outage
    },
  }
}

async function nextLine(lines: AsyncIterator<string>): Promise<string> {
  const { value, done } = await lines.next()
  if (done === true) throw new Error('the probe ended without a word')
  return value as string
}
