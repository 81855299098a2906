import { readFile } from 'node:fs/promises'
import { isIPv4 } from 'node:net'
import type { ClusterNode } from '../../cluster/objects.ts'
import type { IpBatch } from '../ip-batch.ts'
import { internalAddressOf } from './node-object.ts'

/** The kernel drops these routes when the link goes down, so they are looked for as often as this. */
const lookMs = 500

/** The way to the Pods of each other node: its Pod range by its LAN address. */
export function peerRoutesOf(nodes: Iterable<ClusterNode>, self: string): ReadonlyMap<string, string> {
  const routes = new Map<string, string>()
  for (const { metadata, spec, status } of nodes) {
    if (metadata.name === self) continue
    const address = internalAddressOf(status) ?? ''
    const range = spec?.podCIDR ?? ''
    if (isIPv4(address) && isRange(range)) routes.set(range, address)
  }
  return routes
}

function isRange(text: string): boolean {
  const [base = '', length = '', ...rest] = text.split('/')
  return isIPv4(base) && /^\d+$/.test(length) && Number(length) <= 32 && rest.length === 0
}

/** The lines that are missing in `/proc/net/route`, for `ip -batch`. */
export function missingRoutes(procRoutes: string, wanted: ReadonlyMap<string, string>): readonly string[] {
  const present = new Set(
    procRoutes.split('\n').map((line) => {
      const [, destination, gateway] = line.split('\t')
      return `${destination} ${gateway}`
    }),
  )
  return [...wanted]
    .filter(([range, gateway]) => !present.has(`${littleEndian(range)} ${littleEndian(gateway)}`))
    .map(([range, gateway]) => `route replace ${range} via ${gateway}`)
}

/** An address (of a range: its base) as /proc writes it on machines of today. */
function littleEndian(address: string): string {
  const octets = (address.split('/')[0] ?? '').split('.').toReversed()
  return octets.map((octet) => Number(octet).toString(16).padStart(2, '0').toUpperCase()).join('')
}

/** Keeps the routes to other nodes' Pods. */
export class PeerRoutes {
  readonly #ip: IpBatch
  readonly #timer: NodeJS.Timeout
  #wanted: ReadonlyMap<string, string> = new Map()
  #work: Promise<void> = Promise.resolve()

  constructor(ip: IpBatch) {
    this.#ip = ip
    this.#timer = setInterval(() => this.#look([]), lookMs)
  }

  set(wanted: ReadonlyMap<string, string>): void {
    const gone = [...this.#wanted.keys()].filter((range) => !wanted.has(range))
    this.#wanted = wanted
    this.#look(gone.map((range) => `route del ${range}`))
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#work
  }

  #look(deletions: readonly string[]): void {
    this.#work = this.#work
      .then(async () => {
        const missing = missingRoutes(await readFile('/proc/net/route', 'utf8'), this.#wanted)
        await this.#ip.run([...deletions, ...missing]) // Refused while the link is down: the next look tries again.
      })
      .catch(() => undefined) // `ip` could not be run: the next look tries again.
  }
}
