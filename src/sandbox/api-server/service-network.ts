import { formatAddress, parseAddress } from '../../core/ip/address.ts'
import type { Family } from '../../core/ip/address.ts'
import type { KubeObject } from './object.ts'
import type { Change } from './shelf.ts'

const first: Readonly<Record<Family, string>> = { IPv4: '10.96.0.0', IPv6: 'fd00:10:96::' }
const size = 65_536
const lowestPort = 30_000
const highestPort = 32_767
/** The first of each are for those who ask for one, and given out last. */
const askedAddresses = 256
const askedPorts = 86

const taken = 'provided port is already allocated'

/** Where the numbers come from that a Service is given. */
export type Numbers = Pick<ServiceNetwork, 'whyNotAddress' | 'whyNotPort' | 'freeAddress' | 'freePort'>

/** Whether an address lies in the range that cluster addresses come from. */
function isInRange(text: string): boolean {
  const address = parseAddress(text)
  if (address === undefined) return false
  const offset = address.value - (parseAddress(first[address.family])?.value ?? 0n)
  return offset > 0n && offset < BigInt(size)
}

/** What a Service holds of the cluster's numbers. */
interface Holding {
  readonly clusterIPs?: readonly string[]
  readonly ports?: readonly { readonly nodePort?: number }[]
  readonly healthCheckNodePort?: number
}

function holdingOf(object: KubeObject | undefined): Holding {
  return (object?.spec ?? {}) as unknown as Holding
}

function portsOf(holding: Holding): readonly number[] {
  const ports = (holding.ports ?? []).map((port) => port.nodePort ?? 0)
  return [...ports, holding.healthCheckNodePort ?? 0].filter((port) => port !== 0)
}

/** The numbers that Services are given out of one range for the whole cluster: cluster addresses and node ports. */
export class ServiceNetwork {
  readonly #addresses = new Set<string>()
  readonly #ports = new Map<number, number>()
  readonly #next: Record<Family, number> = { IPv4: askedAddresses + 1, IPv6: askedAddresses + 1 }
  #nextPort = lowestPort + askedPorts

  /** Follows what is stored: only that counts as held, so a refused or dry request holds nothing. */
  follow(change: Change): void {
    if (change.previous !== undefined) this.#drop(holdingOf(change.previous.object))
    if (change.type !== 'DELETED') this.hold(change.entry.object)
  }

  hold(service: KubeObject): void {
    const holding = holdingOf(service)
    for (const address of holding.clusterIPs ?? []) this.#addresses.add(address)
    for (const port of portsOf(holding)) this.#ports.set(port, (this.#ports.get(port) ?? 0) + 1)
  }

  /** Why an address cannot be a cluster address, if it cannot. */
  whyNotAddress(address: string): string | undefined {
    if (!isInRange(address)) return 'the provided network does not match the current range'
    return this.#addresses.has(address) ? 'provided IP is already allocated' : undefined
  }

  /** Why a port cannot be a node port, if it cannot. */
  whyNotPort(port: number): string | undefined {
    if (port < lowestPort || port > highestPort) {
      return `provided port is not in the valid range. The range of valid ports is ${lowestPort}-${highestPort}`
    }
    return this.isPortTaken(port) ? taken : undefined
  }

  isPortTaken(port: number): boolean {
    return this.#ports.has(port)
  }

  freeAddress(family: Family): string {
    const start = parseAddress(first[family])?.value ?? 0n
    for (let tries = 0; tries < size; tries++) {
      const offset = this.#next[family]
      this.#next[family] = offset + 1 < size - 1 ? offset + 1 : 1
      const text = formatAddress({ family, value: start + BigInt(offset) })
      if (!this.#addresses.has(text)) return text
    }
    throw new Error(`no free ${family} cluster address is left`)
  }

  /** A port that nobody holds and that is not among those the same request was just given. */
  freePort(given: ReadonlySet<number>): number {
    for (let tries = 0; tries <= highestPort - lowestPort; tries++) {
      const port = this.#nextPort
      this.#nextPort = port < highestPort ? port + 1 : lowestPort
      if (!this.#ports.has(port) && !given.has(port)) return port
    }
    throw new Error('no free node port is left')
  }

  #drop(holding: Holding): void {
    for (const address of holding.clusterIPs ?? []) this.#addresses.delete(address)
    for (const port of portsOf(holding)) {
      const holders = (this.#ports.get(port) ?? 1) - 1
      if (holders === 0) this.#ports.delete(port)
      else this.#ports.set(port, holders)
    }
  }
}

/** For a request that is only tried, nothing is given: it sees numbers that no Service can have. */
export function dryNumbers(network: ServiceNetwork): Numbers {
  return {
    whyNotAddress: (address) => {
      if (isInRange(address)) return undefined
      const range = address.includes(':') ? `${first.IPv6}/112` : `${first.IPv4}/16`
      return `the provided IP (${address}) is not in the valid range. The range of valid IPs is ${range}`
    },
    whyNotPort: (port) => (network.isPortTaken(port) ? taken : undefined),
    freeAddress: (family) => first[family],
    freePort: (given) => (given.size === 0 ? highestPort + 1 : Math.max(...given)) + 1,
  }
}
