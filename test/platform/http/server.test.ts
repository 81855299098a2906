import { afterEach, describe, expect, it } from 'vitest'
import { parseListen } from '../../../src/platform/http/listen.ts'
import { serve } from '../../../src/platform/http/server.ts'
import type { HttpServer, ServerOptions } from '../../../src/platform/http/server.ts'
import { Metrics } from '../../../src/platform/telemetry/metrics.ts'

const servers: HttpServer[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function served(options: Partial<ServerOptions> = {}) {
  const server = await serve({ host: '127.0.0.1', port: 0, ...options })
  servers.push(server)
  const ask = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`)
    return [response.status, await response.text()]
  }
  return { server, ask }
}

describe('the HTTP server', () => {
  it('says ok while nothing is wrong', async () => {
    const { ask } = await served()
    expect(await ask('/healthz')).toEqual([200, 'ok\n'])
    expect(await ask('/readyz')).toEqual([200, 'ok\n'])
    expect(await ask('/nothing')).toEqual([404, '404 Not Found'])
  })

  it('gives the reasons why it is not ready as lines of text', async () => {
    const reasons = ['the Services were not read yet', 'the API server is away: connect ECONNREFUSED']
    const { ask } = await served({ readyz: () => reasons, healthz: () => [] })
    expect(await ask('/readyz')).toEqual([503, `${reasons.join('\n')}\n`])
    expect(await ask('/healthz')).toEqual([200, 'ok\n'])
    reasons.length = 0
    expect(await ask('/readyz')).toEqual([200, 'ok\n'])
  })

  it('gives the metrics of the process', async () => {
    const metrics = new Metrics()
    metrics
      .counter('refusals_total', 'Claims that were refused.', ['reason'])
      .inc({ reason: 'PoolExhausted' })
    const { ask } = await served({ metrics: metrics.registry })
    const [status, text] = await ask('/metrics')
    expect(status).toBe(200)
    expect(text).toContain('lanlord_refusals_total{reason="PoolExhausted"} 1')
    expect(text).toContain('process_resident_memory_bytes')
  })

  it('says where it could not listen and what to do', async () => {
    const { server } = await served()
    await expect(serve({ host: '127.0.0.1', port: server.port })).rejects.toThrow(
      `cannot listen on 127.0.0.1:${server.port}`,
    )
  })

  it('closes also while a client keeps its connection', async () => {
    const { server, ask } = await served()
    await ask('/healthz')
    await server.close()
    await expect(ask('/healthz')).rejects.toThrow()
  })
})

describe('where to listen', () => {
  it.each([
    ['127.0.0.1:7472', { host: '127.0.0.1', port: 7472 }],
    ['[::1]:0', { host: '::1', port: 0 }],
    [':80', { port: 80 }],
    ['localhost:8080', { host: 'localhost', port: 8080 }],
    ['off', 'off'],
  ])('%s is understood', (text, expected) => {
    expect(parseListen(text)).toEqual(expected)
  })

  it.each(['', '7472', '127.0.0.1', '::1:80', '1.2.3.4:65536', 'a:b', ':-1'])(
    '"%s" is no place to listen',
    (text) => {
      expect(parseListen(text)).toHaveProperty(
        'problem',
        expect.stringContaining(`"${text}" is no place to listen`),
      )
    },
  )
})
