import { createServer, request as forward } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { writeFileSync } from 'node:fs'

/** Stands before an API server: refuses what a role would not allow, and can hold back what watches say. */
export class Gate implements Disposable {
  /** What is refused with 403, as `GET /api/v1/services`. */
  forbids: (request: string) => boolean = () => false
  /** What is never answered. */
  stalls: (request: string) => boolean = () => false
  readonly #server = createServer((request, response) => this.#answer(request, response))
  readonly #target: string
  readonly #watches = new Set<IncomingMessage>()

  private constructor(target: string) {
    this.#target = target
  }

  static async before(target: string): Promise<Gate> {
    const gate = new Gate(target)
    await new Promise<void>((resolve) => gate.#server.listen(0, '127.0.0.1', resolve))
    return gate
  }

  /** A kubeconfig that leads through the gate, beside that one. */
  kubeconfigBeside(file: string): string {
    const { port } = this.#server.address() as AddressInfo
    const server = `http://127.0.0.1:${port}`
    const context = { name: 'gate', context: { cluster: 'gate' } }
    const config = { clusters: [{ name: 'gate', cluster: { server } }], contexts: [context], users: [] }
    const path = `${file}-gate-${port}`
    writeFileSync(path, JSON.stringify({ ...config, 'current-context': 'gate' }))
    return path
  }

  /** From now on the watches that are open say nothing; those that are opened later do. */
  holdWatches(): void {
    for (const watch of this.#watches) watch.pause()
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { method = '', url = '', headers } = request
    const [path = ''] = url.split('?', 1)
    const isWatch = url.includes('watch=true')
    const line = `${isWatch ? 'WATCH' : method} ${path}`
    if (this.stalls(line)) return
    if (this.forbids(line)) return refuse(response, line)
    const onward = forward(this.#target + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      response.flushHeaders()
      if (isWatch) this.#watches.add(answer)
      answer.on('data', (chunk: Buffer) => response.write(chunk))
      answer.on('end', () => response.end())
    })
    onward.on('error', () => response.destroy())
    response.on('close', () => onward.destroy())
    request.pipe(onward)
  }

  [Symbol.dispose](): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}

function refuse(response: ServerResponse, line: string): void {
  response.writeHead(403, { 'content-type': 'application/json' })
  const message = `User "x" cannot ${line}`
  response.end(JSON.stringify({ kind: 'Status', code: 403, reason: 'Forbidden', message }))
}
