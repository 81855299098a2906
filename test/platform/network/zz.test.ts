import { test } from 'vitest'
import { arpFilter, heartbeatFilter } from '../../../src/platform/network/filter.ts'
import { InterfaceWatch } from '../../../src/platform/network/interface-watch.ts'
import { PacketSocket } from '../../../src/platform/network/packet-socket.ts'
import { PollSet } from '../../../src/platform/network/poll-set.ts'
import { inNamespace, Lan } from '../../support/namespaces.ts'
test('x', () => {
  const lan = new Lan(2)
  const [a, b] = lan.hosts
  const mk = (h: any, f: any, t = 0x0800) =>
    inNamespace(h, () => {
      const w = new InterfaceWatch()
      const i = w.read()!.find((x) => x.name === 'eth0')!.index
      return new PacketSocket({ interfaceIndex: i, etherType: t, filter: f })
    })
  const f = heartbeatFilter(0xe00000fe, 4114)
  console.log(Buffer.from(f).toString('hex').match(/.{16}/g))
  const s = mk(a, arpFilter),
    r1 = mk(b, arpFilter),
    r2 = mk(b, f)
  const p = [
    0x01, 0, 0x5e, 0, 0, 0xfe, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 32, 0, 0, 0x40, 0, 255, 17, 0, 0, 10, 88,
    0, 1, 224, 0, 0, 254, 0x10, 0x12, 0x10, 0x12, 0, 12, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0,
  ]
  console.log(s.send(Uint8Array.from(p)))
  const buf = new Uint8Array(2000)
  for (const r of [r1, r2]) {
    console.log(
      new PollSet([r.descriptor]).wait(300),
      r.receive(buf),
      Buffer.from(buf.subarray(0, 60)).toString('hex'),
    )
  }
  for (const d of [[0xff,0xff,0xff,0xff,0xff,0xff],[2,0,0,0,0,2],[1,0,0x5e,1,2,3],[0x33,0x33,0,0,0,1]]) { const q=[...d, ...p.slice(6)]; s.send(Uint8Array.from(q)); console.log(d, new PollSet([r1.descriptor]).wait(300), r1.receive(buf), r2.receive(buf)) }
  for (const n of [14, 15, 16, 20, 30, 42, 59]) {
    s.send(Uint8Array.from(p.slice(0, n)))
    console.log(n, new PollSet([r1.descriptor]).wait(100), r1.receive(buf))
  }
  lan[Symbol.dispose]()
})
