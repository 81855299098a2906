import { expect, test } from 'vitest'
import { arpFilter } from '../../../src/platform/network/filter.ts'
import { InterfaceWatch } from '../../../src/platform/network/interface-watch.ts'
import { usableInterfaces } from '../../../src/platform/network/interfaces.ts'
import { nothing, PacketSocket } from '../../../src/platform/network/packet-socket.ts'
import { describeOnLinks, inNamespace, Lan, type Host } from '../../support/namespaces.ts'

const arp = 0x0806
/** The kernel's default room is for about 280 short frames. */
const frames = 400

function socketOn(host: Host): PacketSocket {
  return inNamespace(host, () => {
    using watch = new InterfaceWatch()
    const [card] = usableInterfaces(watch.read() ?? [], [])
    return new PacketSocket({ interfaceIndex: card?.index ?? 0, etherType: arp, filter: arpFilter })
  })
}

function frameToAll(): Uint8Array {
  const frame = new Uint8Array(60).fill(0xff, 0, 6)
  frame.set([2, 0, 0, 0, 0, 1, arp >> 8, arp & 0xff], 6)
  return frame
}

describeOnLinks('a packet socket that nobody reads for a moment', () => {
  test('keeps more frames than the kernel would by default', () => {
    using lan = new Lan(2)
    const [one, other] = lan.hosts as [Host, Host]
    using sender = socketOn(one)
    using receiver = socketOn(other)
    for (let sent = 0; sent < frames; sent++) expect(sender.send(frameToAll())).toBe(true)
    let received = 0
    for (const buffer = new Uint8Array(2048); receiver.receive(buffer) > nothing;) received++
    expect(received).toBe(frames)
  })
})
