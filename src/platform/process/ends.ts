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

/** Fulfilled by the first signal that asks the process to end. */
export function firstSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
  })
}

/** Runs a program to its end, and says in the log how that was. */
export async function runToEnd(log: Log, run: () => Promise<void>): Promise<void> {
  try {
    await run()
    log.info('ended')
  } catch (err) {
    if (err instanceof UsageError) {
      log.fatal(err.message)
      process.exit(wrongUsage)
    }
    log.fatal({ err }, err instanceof Error ? err.message : String(err))
    process.exit(1)
  }
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
