import { pino } from 'pino'
import type { DestinationStream, Logger } from 'pino'

export type Log = Logger

export interface LogOptions {
  /** The program: `controller`, `speaker`. */
  readonly name: string
  readonly level?: string | undefined
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly destination?: DestinationStream
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/** One JSON object a line on stdout. The level is what the flag says, else LOG_LEVEL, else info. */
export function createLog(options: LogOptions): Log {
  const env = options.env ?? process.env
  const level = options.level ?? (env['LOG_LEVEL'] || 'info')
  if (!levels.includes(level))
    throw new Error(`log level ${level} is not known; use one of ${levels.join(', ')}`)
  const settings = {
    name: options.name,
    level,
    base: { name: options.name },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  return options.destination ? pino(settings, options.destination) : pino(settings)
}
