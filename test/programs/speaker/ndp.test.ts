import { afterEach, expect, test } from 'vitest'
import { advertise, advertisementBytes } from '../../../src/core/announcement/advertise.ts'
import { formatMac, macBytes, parseMac } from '../../../src/core/wire/ethernet.ts'
import { upperChecksum } from '../../../src/core/wire/ipv6.ts'
import { describeOnLinks, ip, Lan, type Host } from '../../support/namespaces.ts'
import { giveIpv6, groupsOf, ndisc6, Ndp6Asker } from './ndp-harness.ts'
import { knock, neighbourOf, setNeighbour } from './neighbours.ts'
import { addressOf, dutyOf, openUntilTheEnd, TestSpeaker, until } from './wire-harness.ts'

const { open, lanOfThree } = openUntilTheEnd(afterEach)

const address = 'fd88::200'
const alike = 'fd88:0:0:1::200'
const group = 'ff02::1:ff00:200'

/** A speaker alone on its LAN that announces the address, and a client that asks. */
async function announcer(duties = [address]): Promise<{
  readonly lan: Lan
  readonly speaker: TestSpeaker
  readonly asker: Ndp6Asker
  readonly client: Host
  readonly one: Host
  readonly two: Host
}> {
  const hosts = lanOfThree()
  giveIpv6(hosts.lan.hosts)
  const asker = open(new Ndp6Asker(hosts.client))
  const speaker = open(
    new TestSpeaker(
      'one',
      hosts.one,
      duties.map((text) => dutyOf(text, ['one'])),
    ),
  )
  await until('all are announced', () => speaker.announcing.length === duties.length)
  return { ...hosts, speaker, asker }
}

/** The frame with a byte changed, and its checksum put right again. */
function changed(frame: Uint8Array, at: number, ...bytes: readonly number[]): Uint8Array {
  const copy = frame.slice()
  copy.set(bytes, at)
  copy.set([0, 0], 56)
  const sum = upperChecksum(copy, 58, copy.length - 54)
  copy.set([sum >> 8, sum & 0xff], 56)
  return copy
}

describeOnLinks('a speaker that announces an IPv6 address', () => {
  test('is found by Debian’s ndisc6, asked in the group and asked alone, and by a kernel', async () => {
    const { client, one, speaker } = await announcer()
    expect(ndisc6(client, address, '-1')).toEqual([one.mac])
    expect(new Set(ndisc6(client, address, '-m'))).toEqual(new Set([one.mac]))
    knock(client, address)
    await until('the kernel knows', () => neighbourOf(client, address).startsWith(`lladdr ${one.mac}`))
    expect(neighbourOf(client, address)).not.toContain('router')
    expect(ndisc6(client, 'fd88::201', '-r', '1')).toEqual([])
    expect(speaker.counted('sent reply')).toBeGreaterThanOrEqual(3)
  })

  test('lets nobody take the address: a host that makes sure finds that it is in use', async () => {
    const { client } = await announcer()
    ip('-n', client.namespace, 'addr', 'add', `${address}/64`, 'dev', 'eth0')
    const found = (): string => ip('-n', client.namespace, '-6', 'addr', 'show', 'dev', 'eth0')
    await until('it was refused', () => / fd88::200\/64 .*dadfailed/.test(found()))
  })

  test('answers a neighbour that makes sure of its MAC, and questions with padding', async () => {
    const { asker, one } = await announcer()
    const alone = asker.question(address, one.mac)
    alone.set(alone.subarray(62, 78), 38)
    const questions = {
      alone: changed(alone, 78, 1),
      group: asker.question(address, one.mac),
      padded: new Uint8Array([...asker.question(address), ...new Uint8Array(1_300)]),
    }
    for (const [name, frame] of Object.entries(questions)) {
      expect([name, asker.macsAfter(frame, address, 500)]).toEqual([name, [one.mac]])
    }
  })

  test('answers nothing that crossed a router, was tagged, damaged, cut short anywhere, or its own, or meant for another', async () => {
    const { asker, speaker } = await announcer()
    const question = asker.question(address)
    const damaged = question.slice()
    damaged[57] = (damaged[57] ?? 0) ^ 1
    const tagged = new Uint8Array([...question.subarray(0, 12), 0x81, 0, 0, 42, ...question.subarray(12)])
    const cut = Array.from({ length: question.length - 55 }, (_, index) => question.slice(0, 55 + index))
    const afar = changed(question, 21, 64)
    const others = [asker.question(address, '02:00:00:00:00:77'), changed(question, 54, 133)]
    const empty = changed(question, 79, 0)
    const ours = changed(question, 6, 2, 0, 0, 0, 0, 2)
    for (const frame of [afar, tagged, damaged, empty, ours, ...others, ...cut]) asker.socket.send(frame)
    await until('the cut ones were counted', () => speaker.counted('ndp badHeader') >= cut.length)
    expect(speaker.counted('ndp badChecksum')).toBe(1)
    expect(speaker.counted('ndp malformed')).toBe(1)
    expect(speaker.counted('ndp ownFrame')).toBe(1)
    expect(speaker.counted('sent reply')).toBe(0)
    expect(asker.ask(address)).toBeDefined()
  })

  test('answers a question that is in a jumbo frame, with padding or with as many options', async () => {
    const { lan, asker, one } = await announcer()
    lan.allowJumboFrames()
    const padded = new Uint8Array([...asker.question(address), ...new Uint8Array(8_000)])
    expect(asker.macsAfter(padded, address, 500)).toEqual([one.mac])
    const options = Uint8Array.from({ length: 8 * 200 }, (_, at) => [0x0e, 1][at % 8] ?? 0)
    const long = new Uint8Array([...asker.question(address), ...options])
    expect(asker.macsAfter(changed(long, 18, 0x06, 0x60), address, 500)).toEqual([one.mac])
  })

  test('hears no claim that crossed a router, is damaged or is its own', async () => {
    const { speaker, asker, one } = await announcer()
    const claim = new Uint8Array(advertisementBytes)
    advertise(macBytes(asker.mac), addressOf(address).value, claim)
    const damaged = claim.slice()
    damaged[56] = (claim[56] ?? 0) ^ 1
    const own = new Uint8Array(advertisementBytes)
    advertise(macBytes(parseMac(one.mac) ?? 0n), addressOf(address).value, own)
    for (const frame of [changed(claim, 21, 64), damaged, own]) asker.socket.send(frame)
    await until('they were read', () => speaker.counted('ndp badChecksum') === 1)
    await until('its own was, too', () => speaker.counted('ndp notSolicitation') === 1)
    expect(speaker.counted('foreign claim')).toBe(0)
  })

  test('says nothing for an address that is held back, and speaks the moment it is not', async () => {
    const { lan, client, one } = lanOfThree()
    giveIpv6(lan.hosts)
    const asker = open(new Ndp6Asker(client))
    const speaker = open(new TestSpeaker('one', one))
    speaker.say({ kind: 'heldBack', addresses: [addressOf(address)] })
    speaker.say({ kind: 'duties', duties: [dutyOf(address, ['one'])] })
    await until('it holds the address', () => speaker.announcing.includes(address))
    expect(asker.ask(address)).toBeUndefined()
    expect(speaker.counted('sent gratuitous')).toBe(0)
    speaker.say({ kind: 'heldBack', addresses: [] })
    await until('it has announced it', () => speaker.counted('sent gratuitous') >= 1)
    expect(asker.ask(address)).toBe(one.mac)
  })

  test('is in the group that the address is asked for in, as long as it announces one of that group', async () => {
    const { one, speaker } = await announcer([address, alike])
    await until('it has joined, which it does once it has announced', () => groupsOf(one).includes(group))
    expect(groupsOf(one)).toContain('ff02::114')
    speaker.say({ kind: 'duties', duties: [dutyOf(alike, ['one'])] })
    await until('one of them is gone', () => speaker.announcing.length === 1)
    expect(groupsOf(one)).toContain(group)
    speaker.say({ kind: 'duties', duties: [] })
    await until('it has left', () => !groupsOf(one).includes(group))
    expect(groupsOf(one)).toContain('ff02::114')
  })

  test('is in its groups again when the kernel had taken IPv6 off the interface for a while', async () => {
    const { one, speaker } = await announcer()
    const addresses = (): readonly string[] =>
      speaker.facts.interfaces.flatMap((each) => each.addresses.map(({ address: { family } }) => family))
    ip('-n', one.namespace, 'link', 'set', 'eth0', 'mtu', '1000') // Less than IPv6 asks for.
    await until('it has noticed', () => !addresses().includes('IPv6'))
    expect(groupsOf(one)).not.toContain(group)
    ip('-n', one.namespace, 'link', 'set', 'eth0', 'mtu', '1500')
    await until(
      'it has joined them',
      () => groupsOf(one).includes(group) && groupsOf(one).includes('ff02::114'),
    )
  })

  test('joins the groups of hundreds of addresses', async () => {
    const many = Array.from({ length: 300 }, (_, index) => `fd88::1:${(index + 1).toString(16)}`)
    const { one } = await announcer(many)
    await until(
      'all are joined',
      () => groupsOf(one).filter((each) => each.startsWith('ff02::1:ff01:')).length === 300,
    )
  })

  test('is found behind a switch that passes only what was asked for by MLD', async () => {
    // It can only ask once it has an address of its own, so it has to try more often than once in half a minute.
    const often = ['mcast_startup_query_interval', '50', 'mcast_startup_query_count', '50']
    const settings = [
      'mcast_snooping',
      '1',
      'mcast_querier',
      '1',
      'mcast_query_response_interval',
      '50',
      ...often,
    ]
    const lan = open(new Lan(3, settings))
    giveIpv6(lan.hosts)
    const [client, one, two] = lan.hosts as [Host, Host, Host]
    const speaker = open(new TestSpeaker('one', one, [dutyOf(address, ['one'])]))
    const deaf = open(new TestSpeaker('two', two))
    await until('it is announced', () => speaker.announcing.includes(address))
    const asker = open(new Ndp6Asker(client))
    // It joins the group when it has announced itself: from then on no question may be lost.
    await until('the switch knows its group', () => asker.ask(address, 100) === one.mac)
    await until(
      'the switch holds back what nobody there asked for',
      async () => {
        const before = deaf.counted('received ndp')
        expect(asker.ask(address, 1_000)).toBe(one.mac)
        await new Promise((resolve) => setTimeout(resolve, 50))
        return deaf.counted('received ndp') === before
      },
      25_000,
    )
  })

  const patience = { timeout: 60_000 }
  test(
    'answers a device that claims it every second no oftener than every ten, and says that it insists',
    patience,
    async () => {
      const { two, speaker, asker, one } = await announcer()
      const other = open(new Ndp6Asker(two))
      const claim = new Uint8Array(advertisementBytes)
      advertise(macBytes(other.mac), addressOf(address).value, claim)
      const claiming = setInterval(() => other.socket.send(claim), 1_000)
      try {
        await until('it insists', () => speaker.facts.insistingCount === 1, 40_000)
      } finally {
        clearInterval(claiming)
      }
      expect(speaker.counted('foreign claim')).toBeLessThanOrEqual(4)
      expect(speaker.announcing).toEqual([address])
      expect(asker.ask(address)).toBe(one.mac)
    },
  )

  test('defends it against another device that claims it', async () => {
    const { client, one, two, speaker } = await announcer()
    setNeighbour(client, address, one.mac, 'stale')
    const other = open(new Ndp6Asker(two))
    const claim = new Uint8Array(advertisementBytes)
    advertise(macBytes(other.mac), addressOf(address).value, claim)
    other.socket.send(claim)
    await until('it heard of it', () => speaker.counted('foreign claim') > 0)
    await until('the client is back', () => neighbourOf(client, address).startsWith(`lladdr ${one.mac}`))
  })

  test('is answered once though another node has it bound on kube-ipvs0: for NDP that is another interface', async () => {
    const { asker, one, two, speaker } = await announcer()
    ip('-n', two.namespace, 'link', 'add', 'kube-ipvs0', 'type', 'bridge')
    ip('-n', two.namespace, 'link', 'set', 'kube-ipvs0', 'up')
    ip('-n', two.namespace, 'addr', 'add', `${address}/128`, 'dev', 'kube-ipvs0', 'nodad')
    const answerers = Array.from({ length: 5 }, () =>
      asker.macsAfter(asker.question(address), address, 100, false),
    )
    expect(new Set(answerers.flat())).toEqual(new Set([one.mac]))
    await until('it has asked', () => speaker.counted('sent probe') > 0)
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    expect(speaker.facts.conflicts).toEqual([])
  })

  test('reports who else answers for it, and turns no client to that one by asking', async () => {
    const { client, one, two, speaker } = await announcer()
    ip('-n', two.namespace, 'addr', 'add', `${address}/64`, 'dev', 'eth0', 'nodad')
    setNeighbour(client, address, one.mac, 'reachable')
    await until('it is reported', () => speaker.facts.conflicts.length > 0)
    expect(speaker.facts.conflicts.map(({ mac }) => formatMac(mac))).toEqual([two.mac])
    expect(neighbourOf(client, address)).toContain(one.mac)
    ip('-n', two.namespace, 'addr', 'del', `${address}/64`, 'dev', 'eth0')
    await until('it is over', () => speaker.facts.conflicts.length === 0, 20_000)
  })
})
