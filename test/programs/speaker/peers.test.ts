import { afterEach, expect, test } from 'vitest'
import {
  decodeHeartbeat,
  encodeHeartbeat,
  heartbeatGroup,
  heartbeatGroupMac,
  heartbeatPort,
  type Heartbeat,
} from '../../../src/core/wire/heartbeat.ts'
import { readPacket } from '../../../src/core/wire/signed.ts'
import { decodeUdpFrame, encodeUdpFrame, type UdpDatagram } from '../../../src/core/wire/ipv4-udp.ts'
import { heartbeatFilter } from '../../../src/platform/network/filter.ts'
import { sign } from '../../../src/platform/network/heartbeat-key.ts'
import { PollSet } from '../../../src/platform/network/poll-set.ts'
import type { PacketSocket } from '../../../src/platform/network/packet-socket.ts'
import { describeOnLinks, type Host } from '../../support/namespaces.ts'
import {
  Asker,
  clusterKey,
  dutyOf,
  ipv4Of,
  openUntilTheEnd,
  socketOn,
  TestSpeaker,
  until,
} from './wire-harness.ts'

const { open, lanOfThree } = openUntilTheEnd(afterEach)
const address = '10.88.0.200'
const duties = [dutyOf(address, ['one', 'two'])]

/** Two speakers that hear each other, the first of which announces, and a client. */
async function pair(): Promise<{
  readonly lan: ReturnType<typeof lanOfThree>['lan']
  readonly client: Host
  readonly asker: Asker
  readonly one: TestSpeaker
  readonly two: TestSpeaker
}> {
  const { lan, client, one: hostOne, two: hostTwo } = lanOfThree()
  const one = open(new TestSpeaker('one', hostOne, duties))
  const two = open(new TestSpeaker('two', hostTwo, duties))
  await until('they hear each other', () => one.peers.includes('two') && two.peers.includes('one'))
  await until('the placed one announces', () => one.announcing.includes(address))
  await until('only that one', () => two.announcing.length === 0)
  return { lan, client, asker: open(new Asker(client)), one, two }
}

/** Asks again and again while something goes on; the longest time without an answer. */
async function askMeanwhile(asker: Asker, something: Promise<unknown>): Promise<number> {
  let over = false
  let [lastMs, longestGapMs] = [performance.now(), 0]
  void something.finally(() => {
    over = true
  })
  while (!over) {
    const mac = asker.ask(address, 2)
    if (mac !== undefined) {
      longestGapMs = Math.max(longestGapMs, performance.now() - lastMs)
      lastMs = performance.now()
    }
    await new Promise(setImmediate)
  }
  return Math.max(longestGapMs, performance.now() - lastMs)
}

function heartbeatsOf(speaker: TestSpeaker): number {
  return speaker.counted('received heartbeat')
}

describeOnLinks('speakers on one LAN', () => {
  test('elect one announcer, and when its cable is pulled the other takes over', async () => {
    const { lan, asker, one, two } = await pair()
    expect(asker.macsAfter(asker.request(address), address, 100, false)).toEqual([one.host.mac])
    lan.pullCable(one.host)
    await until('the other announces', () => two.announcing.includes(address))
    await until('the other answers', () => asker.ask(address) === two.host.mac)
    lan.plugCable(one.host)
    await until('they hear each other again', () => one.peers.includes('two') && two.peers.includes('one'))
    expect(asker.macsAfter(asker.request(address), address, 300, false)).toEqual([two.host.mac])
    expect(one.announcing).toEqual([])
  })

  test('take over from one whose process died', async () => {
    const { asker, one, two } = await pair()
    await one[Symbol.asyncDispose]()
    await until('the other answers', () => asker.ask(address) === two.host.mac)
  })

  test('hand over on leaving without a moment in which nobody answers', async () => {
    const { asker, one, two } = await pair()
    expect(asker.ask(address)).toBe(one.host.mac)
    const longestGapMs = await askMeanwhile(asker, one.thread.leave(5_000))
    expect(one.told.at(-1)).toEqual({ kind: 'left' })
    expect(asker.ask(address)).toBe(two.host.mac)
    // A dead interval is 150 ms; the margin is for a busy machine.
    expect(longestGapMs).toBeLessThan(100)
  })

  test('move the address when the placement moves, and never leave it without an answer', async () => {
    const { asker, one, two } = await pair()
    const moved = [dutyOf(address, ['two', 'one'], 2)]
    const move = until('the other announces', () => two.announcing.includes(address))
    one.say({ kind: 'duties', duties: moved })
    two.say({ kind: 'duties', duties: moved })
    const longestGapMs = await askMeanwhile(asker, move)
    expect(longestGapMs).toBeLessThan(100)
    await until('the former one is silent', () => one.announcing.length === 0)
    expect(asker.macsAfter(asker.request(address), address, 100, false)).toEqual([two.host.mac])
  })

  test('go on while their key is changed step by step, first here and then there', async () => {
    const { asker, one, two } = await pair()
    const fresh = new Uint8Array(32).fill(77)
    const [both, alone] = [{ current: fresh, previous: clusterKey }, { current: fresh }]
    for (const [speaker, keys] of [
      [one, both],
      [two, both],
      [two, alone],
      [one, alone],
    ] as const) {
      const heard = [one, two].map(heartbeatsOf)
      speaker.say({ kind: 'keys', keys })
      await until('many heartbeats later', () =>
        [one, two].every((each, at) => heartbeatsOf(each) > (heard[at] ?? 0) + 10),
      )
    }
    expect([one, two].map((each) => each.counted('heartbeat badSignature'))).toEqual([0, 0])
    expect([one.peers, two.peers]).toEqual([['two'], ['one']])
    expect(asker.ask(address)).toBe(one.host.mac)
  })

  test('are not heard with another key', async () => {
    const { one: hostOne, two: hostTwo } = lanOfThree()
    const one = open(new TestSpeaker('one', hostOne, duties))
    const stranger = open(new TestSpeaker('two', hostTwo, duties, new Uint8Array(32).fill(99)))
    await until('each has refused the other', () => {
      return one.counted('heartbeat badSignature') > 5 && stranger.counted('heartbeat badSignature') > 5
    })
    expect([one.peers, stranger.peers]).toEqual([[], []])
  })
})

/** Somebody on the LAN who records heartbeats and sends what they like. */
function eavesdrop(client: Host): PacketSocket {
  return open(socketOn(client, 0x0800, heartbeatFilter(heartbeatGroup, heartbeatPort)))
}

/** Recorded heartbeats of the node, the next ones on the wire. */
function record(socket: PacketSocket, node: string, count: number): readonly Uint8Array[] {
  const frames: Uint8Array[] = []
  const buffer = new Uint8Array(2048)
  const ready = new PollSet([socket.descriptor])
  while (frames.length < count && ready.wait(1_000)) {
    const length = socket.receive(buffer)
    const frame = buffer.slice(0, Math.max(0, length))
    if (length > 0 && heartbeatIn(frame).node === node) frames.push(frame)
  }
  return frames
}

function datagramIn(frame: Uint8Array): UdpDatagram {
  const datagram = decodeUdpFrame(frame, frame.length)
  if (typeof datagram === 'string') throw new Error(`a frame of our own speaker is ${datagram}`)
  return datagram
}

function heartbeatIn(frame: Uint8Array): Heartbeat {
  const heartbeat = decodeHeartbeat(readPacket(datagramIn(frame).payload)?.body ?? new Uint8Array())
  if (!heartbeat) throw new Error('a heartbeat of our own speaker cannot be read')
  return heartbeat
}

function frameWith(change: Partial<UdpDatagram>): Uint8Array {
  return encodeUdpFrame(0x020000000001n, heartbeatGroupMac, {
    source: ipv4Of('10.88.0.1'),
    destination: heartbeatGroup,
    sourcePort: heartbeatPort,
    destinationPort: heartbeatPort,
    ttl: 255,
    payload: new Uint8Array(),
    ...change,
  })
}

describeOnLinks('heartbeats that are not to be believed', () => {
  /** Sends them to a speaker that announces, and sees that it stays as it is. */
  async function survives(
    forge: (recorded: readonly Uint8Array[]) => readonly Uint8Array[],
    counted: Parameters<TestSpeaker['counted']>[0],
  ): Promise<void> {
    const { client, asker, one, two } = await pair()
    const socket = eavesdrop(client)
    const forged = forge(record(socket, 'two', 3))
    const before = one.counted(counted)
    for (const frame of forged) expect(socket.send(frame)).toBe(true)
    await until(
      `${forged.length} were counted as ${counted}`,
      () => one.counted(counted) >= before + forged.length,
    )
    expect([one.peers, two.peers]).toEqual([['two'], ['one']])
    expect(one.announcing).toEqual([address])
    expect(asker.macsAfter(asker.request(address), address, 100, false)).toEqual([one.host.mac])
  }

  const farewell = (frame: Uint8Array): Uint8Array =>
    encodeHeartbeat({ ...heartbeatIn(frame), leaving: true, sequence: heartbeatIn(frame).sequence + 1_000 })

  test('change nothing when they were signed with another key', async () => {
    const key = { current: new Uint8Array(32).fill(1) }
    await survives(
      (recorded) => recorded.map((frame) => frameWith({ payload: sign(farewell(frame), key) })),
      'heartbeat badSignature',
    )
  })

  test('change nothing when they are recorded ones', async () => {
    await survives((recorded) => [...recorded, ...recorded], 'heartbeat replayed')
  })

  test('change nothing when a router has passed them on', async () => {
    const key = { current: clusterKey }
    await survives(
      (recorded) => recorded.map((frame) => frameWith({ ttl: 254, payload: sign(farewell(frame), key) })),
      'heartbeat badTtl',
    )
  })

  test('change nothing when their body is no heartbeat, though well signed', async () => {
    const key = { current: clusterKey }
    const bodies = [new Uint8Array(4), new Uint8Array(64).fill(255), new Uint8Array(1_300)]
    await survives(
      () => bodies.map((body) => frameWith({ payload: sign(body, key) })),
      'heartbeat unreadable',
    )
  })

  test('change nothing when they are cut short', async () => {
    const payload = sign(new Uint8Array(100), { current: clusterKey })
    const lengths = Array.from({ length: 32 }, (_, length) =>
      frameWith({ payload: payload.subarray(0, length) }),
    )
    await survives(() => lengths, 'heartbeat badSignature')
  })

  test('change nothing when the packet is longer than its frame, or its checksum is wrong', async () => {
    const frame = frameWith({ payload: sign(new Uint8Array(100), { current: clusterKey }) })
    const [tooLong, corrupt] = [frame.slice(0, 100), frame.slice()]
    corrupt[60] = (corrupt[60] ?? 0) ^ 1
    await survives(() => [tooLong], 'heartbeat badHeader')
    await survives(() => [corrupt], 'heartbeat badChecksum')
  })
})
