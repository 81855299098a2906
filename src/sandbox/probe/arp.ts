import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { decodeArpFrame, encodeArpFrame } from '../../core/wire/arp.ts'
import { broadcastMac, etherTypeArp, parseMac } from '../../core/wire/ethernet.ts'
import { parseAddress } from '../../core/ip/address.ts'
import { arpFilter } from '../../platform/network/filter.ts'
import { PacketSocket } from '../../platform/network/packet-socket.ts'
import type { Question } from './ask.ts'

/** "Who has `address`", asked of everyone by ARP in the interface's own name. */
export function arpQuestion(name: string, address: string): Question & Disposable {
  const socket = new PacketSocket({
    interfaceIndex: indexOf(name),
    etherType: etherTypeArp,
    filter: arpFilter,
  })
  const targetIp = ipv4Of(address)
  return {
    socket,
    frame: questionFrame(name, targetIp),
    answerIn: (frame, length) => {
      const packet = decodeArpFrame(frame, length)
      if (typeof packet === 'string' || packet.operation !== 'reply') return undefined
      return packet.senderIp === targetIp ? packet.senderMac : undefined
    },
    [Symbol.dispose]: () => socket[Symbol.dispose](),
  }
}

/** The number of the interface of that name. */
export function indexOf(name: string): number {
  return Number(readFileSync(`/sys/class/net/${name}/ifindex`, 'utf8'))
}

/** The interface's own MAC, and its first address of the family on the link's subnet. */
export function ownOf(
  name: string,
  family: 'IPv4' | 'IPv6',
): { readonly address: string; readonly mac: bigint } {
  const own = networkInterfaces()[name]?.find(
    (entry) => entry.family === family && !entry.address.startsWith('fe80'),
  )
  if (!own) throw new Error(`${name} has no ${family} address to ask from`)
  return { address: own.address, mac: parseMac(own.mac) ?? 0n }
}

function questionFrame(name: string, targetIp: number): Uint8Array {
  const { address, mac } = ownOf(name, 'IPv4')
  return encodeArpFrame(broadcastMac, mac, {
    operation: 'request',
    senderMac: mac,
    senderIp: ipv4Of(address),
    targetMac: 0n,
    targetIp,
  })
}

function ipv4Of(text: string): number {
  const address = parseAddress(text)
  if (address?.family !== 'IPv4') throw new Error(`${text} is not an IPv4 address`)
  return Number(address.value)
}
