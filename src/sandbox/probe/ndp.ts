import { parseAddress } from '../../core/ip/address.ts'
import { etherTypeIpv6 } from '../../core/wire/ethernet.ts'
import { multicastMac, solicitedNodeGroup } from '../../core/wire/ipv6.ts'
import { decodeNdpFrame, encodeNdpFrame } from '../../core/wire/ndp.ts'
import { ndpFilter } from '../../platform/network/filter.ts'
import { PacketSocket } from '../../platform/network/packet-socket.ts'
import { indexOf, ownOf } from './arp.ts'
import type { Question } from './ask.ts'

/** A neighbour solicitation for `address`, sent to its group in the interface's own name. */
export function ndpQuestion(name: string, address: string): Question & Disposable {
  const socket = new PacketSocket({
    interfaceIndex: indexOf(name),
    etherType: etherTypeIpv6,
    filter: ndpFilter,
  })
  const target = ipv6Of(address)
  const own = ownOf(name, 'IPv6')
  const group = solicitedNodeGroup(target)
  return {
    socket,
    frame: encodeNdpFrame(multicastMac(group), own.mac, {
      source: ipv6Of(own.address),
      destination: group,
      message: { type: 'solicitation', target, sourceLinkLayer: own.mac },
    }),
    answerIn: (frame, length) => {
      const packet = decodeNdpFrame(frame, length)
      if (typeof packet === 'string' || packet.message.type !== 'advertisement') return undefined
      return packet.message.target === target ? packet.message.targetLinkLayer : undefined
    },
    [Symbol.dispose]: () => socket[Symbol.dispose](),
  }
}

function ipv6Of(text: string): bigint {
  const address = parseAddress(text)
  if (address?.family !== 'IPv6') throw new Error(`${text} is not an IPv6 address`)
  return address.value
}
