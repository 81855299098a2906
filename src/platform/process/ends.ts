import type { CommanderError } from 'commander'
import type { Log } from '../telemetry/log.ts'

/** What was typed cannot be used; the message names it and says what would mend it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** How a process ends that was started in a way that cannot be meant. */
const wrongUsage = 2

/** For commander, which would end the process with 1. */
export function endByUsage({ exitCode }: CommanderError): never {
  process.exit(exitCode === 0 ? 0 : wrongUsage)
}

/** Runs a program to its end, says in the log how that was, and ends the process: nothing that is left keeps it. */
export async function runToEnd(log: Log, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (err) {
    if (err instanceof UsageError) {
      log.fatal(err.message)
      process.exit(wrongUsage)
    }
    log.fatal({ err }, err instanceof Error ? err.message : String(err))
    process.exit(1)
  }
  log.info('ended')
  process.exit(0)
}

/** Whether the work ends within the time; if not, it goes on, and nobody waits for it. */
export async function endsWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms)
  })
  try {
    return await Promise.race([work.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}
