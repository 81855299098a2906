import { describe, expect, it } from 'vitest'
import { createLog } from '../../../src/platform/telemetry/log.ts'
import type { LogOptions } from '../../../src/platform/telemetry/log.ts'

function logged(options: Partial<LogOptions> = {}) {
  const lines: string[] = []
  const destination = { write: (line: string) => void lines.push(line) }
  const log = createLog({ name: 'controller', env: {}, destination, ...options })
  return { log, read: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) }
}

describe('the log', () => {
  it('is one JSON object a line with its level as a word, the time, the program and the fields', () => {
    const { log, read } = logged()
    log.info({ service: 'shop/web', pool: 'lan' }, 'assigned')
    const [line] = read()
    expect(line).toMatchObject({
      level: 'info',
      name: 'controller',
      service: 'shop/web',
      pool: 'lan',
      msg: 'assigned',
    })
    expect(line?.['time']).toMatch(/^\d{4}-.*Z$/)
  })

  it('shows an error with its causes', () => {
    const { log, read } = logged()
    log.error({ err: new Error('no status', { cause: new Error('connection reset') }) }, 'failed')
    expect(read()[0]?.['err']).toMatchObject({ message: 'no status: connection reset' })
  })

  it('takes its level from the flag before LOG_LEVEL, and is info without either', () => {
    expect(logged({ level: 'warn', env: { LOG_LEVEL: 'debug' } }).log.level).toBe('warn')
    expect(logged({ env: { LOG_LEVEL: 'debug' } }).log.level).toBe('debug')
    expect(logged().log.level).toBe('info')
    expect(() => logged({ level: 'loud' })).toThrow('log level loud is not known; use one of trace, debug')
  })
})
