import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { RequestLog } from '../../../src/sandbox/api-server/request-log.ts'
import { apiServer } from '../../../src/sandbox/api-server/server.ts'
import { openCluster } from '../../../src/sandbox/api-server/start.ts'
import { ApiClient } from './api-client.ts'

/** The server in this process, on a port of its own, with its state in a folder of its own. */
export class LocalApi extends ApiClient {
  readonly #folder: string
  readonly #historySize: number
  #server: Server | undefined
  #cluster: ReturnType<typeof openCluster> | undefined
  #url = ''

  private constructor(historySize: number) {
    super(() => ({ url: this.#url }))
    this.#folder = mkdtempSync(join(tmpdir(), 'lanlord-local-api-'))
    this.#historySize = historySize
  }

  static async start(historySize = 1000): Promise<LocalApi> {
    const api = new LocalApi(historySize)
    await api.#open()
    return api
  }

  async restart(): Promise<void> {
    await this.#close()
    await this.#open()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
    await this.#close()
    rmSync(this.#folder, { recursive: true })
  }

  async #open(): Promise<void> {
    const state = join(this.#folder, 'state')
    const cluster = openCluster({ state, historySize: this.#historySize, compactAfter: this.#historySize })
    const log = pino({ level: 'silent' })
    const server = apiServer({ cluster, requests: new RequestLog(), log })
    this.#cluster = cluster
    this.#server = server
    server.listen({ host: '127.0.0.1', port: 0 })
    await once(server, 'listening')
    this.#url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  async #close(): Promise<void> {
    const closed = this.#server === undefined ? undefined : once(this.#server, 'close')
    this.#server?.close()
    this.#server?.closeAllConnections()
    await closed
    this.#cluster?.store.close()
  }
}
