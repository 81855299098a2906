import { open } from 'node:fs/promises'
import { endianness } from 'node:os'
import { join } from 'node:path'
import type { Address } from '../../core/ip/address.ts'

/** A router that this host reaches through one of its interfaces. */
export interface Gateway {
  readonly interface: string
  readonly address: Address
}

const flag = { up: 0x1, gateway: 0x2, reject: 0x200 }
const hostIsLittleEndian = endianness() === 'LE'

/** A host may have a million routes. The default ones are first among those of IPv4, and what is cut off is not told. */
const mostBytes = 1_048_576

/** The routers of the default routes of this host: /proc/net/route and /proc/net/ipv6_route (proc(5)). */
export async function readGateways(directory = '/proc/net'): Promise<readonly Gateway[]> {
  const [ipv4, ipv6] = await Promise.all([
    readSome(join(directory, 'route')),
    readSome(join(directory, 'ipv6_route')),
  ])
  return [...linesOf(ipv4).flatMap(gatewayInRoute), ...linesOf(ipv6).flatMap(gatewayInIpv6Route)]
}

/** A host without IPv6 has no such file. */
async function readSome(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined)
  if (!file) return ''
  try {
    return await readUpTo(mostBytes, (buffer) => file.read(buffer))
  } finally {
    await file.close()
  }
}

/** Such a file tells its size only by its end, and gives a few kilobytes at a time. */
async function readUpTo(
  most: number,
  read: (buffer: Uint8Array) => Promise<{ readonly bytesRead: number }>,
): Promise<string> {
  const decoder = new TextDecoder()
  const buffer = new Uint8Array(65_536)
  let text = ''
  for (let total = 0; total < most;) {
    const { bytesRead } = await read(buffer)
    if (bytesRead === 0) break
    total += bytesRead
    text += decoder.decode(buffer.subarray(0, bytesRead), { stream: true })
  }
  return text
}

function linesOf(text: string): readonly (readonly string[])[] {
  return text.split('\n').map((line) => line.trim().split(/\s+/))
}

/** `eth0 00000000 010200C0 0003 0 0 0 00000000 …`: addresses as the host's own numbers. */
function gatewayInRoute(fields: readonly string[]): readonly Gateway[] {
  const [name = '', destination, gateway = '', flags = '', , , , mask] = fields
  if (destination !== '00000000' || mask !== '00000000' || !isThroughGateway(flags)) return []
  if (!/^[0-9A-F]{8}$/i.test(gateway)) return []
  const bytes = hostIsLittleEndian ? [...gateway.matchAll(/../g)].toReversed().join('') : gateway
  return gatewayOf(name, { family: 'IPv4', value: BigInt(`0x${bytes}`) })
}

/** `0…0 00 0…0 00 fd00…01 00000400 00000003 00000000 00000003 eth0`: addresses in network order, the name last. */
function gatewayInIpv6Route(fields: readonly string[]): readonly Gateway[] {
  const [destination, length, , , gateway = '', , , , flags = '', name = ''] = fields
  if (length !== '00' || !/^0{32}$/.test(destination ?? '') || !isThroughGateway(flags)) return []
  if (!/^[0-9a-f]{32}$/i.test(gateway)) return []
  return gatewayOf(name, { family: 'IPv6', value: BigInt(`0x${gateway}`) })
}

function isThroughGateway(text: string): boolean {
  const flags = Number.parseInt(text, 16)
  return (flags & (flag.up | flag.gateway)) === (flag.up | flag.gateway) && (flags & flag.reject) === 0
}

function gatewayOf(name: string, address: Address): readonly Gateway[] {
  return address.value === 0n ? [] : [{ interface: name, address }]
}
