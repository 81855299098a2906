import { afterEach, expect, test } from 'vitest'
import { describeOnLinks, execOn, ip, type Host, type Lan } from '../../support/namespaces.ts'
import { addressOf, Asker, dutyOf, openUntilTheEnd, TestSpeaker, until } from './wire-harness.ts'

const { open, lanOfThree } = openUntilTheEnd(afterEach)

const address = '10.88.0.200'

/** A speaker alone on its LAN that announces the address, and a client that asks. */
async function announcer(): Promise<{
  readonly lan: Lan
  readonly speaker: TestSpeaker
  readonly asker: Asker
  readonly one: Host
}> {
  const { lan, client, one } = lanOfThree()
  const asker = open(new Asker(client))
  const speaker = open(new TestSpeaker('one', one, [dutyOf(address, ['one'])]))
  await until('the address is announced', () => speaker.announcing.includes(address))
  return { lan, speaker, asker, one }
}

describeOnLinks('a speaker on the wire', () => {
  test('answers for the addresses it announces and for no other of the subnet', async () => {
    const { lan, asker, one, speaker } = await announcer()
    expect(asker.ask(address)).toBe(one.mac)
    const others = Array.from({ length: 254 }, (_, index) => `10.88.0.${index + 1}`)
    const hosts = new Set([address, ...lan.hosts.map((host) => host.address)])
    for (const text of others.filter((other) => !hosts.has(other))) asker.socket.send(asker.request(text))
    await until('all questions were heard', () => speaker.counted('arp notHeld') >= 250)
    expect(speaker.counted('sent reply')).toBe(1)
  })

  test('says nothing for an address that is held back, and speaks the moment it is not', async () => {
    const { client, one } = lanOfThree()
    const asker = open(new Asker(client))
    const speaker = open(new TestSpeaker('one', one))
    speaker.say({ kind: 'heldBack', addresses: [addressOf(address)] })
    speaker.say({ kind: 'duties', duties: [dutyOf(address, ['one'])] })
    await until('it holds the address', () => speaker.announcing.includes(address))
    expect(asker.ask(address)).toBeUndefined()
    expect(speaker.counted('sent gratuitous')).toBe(0)
    speaker.say({ kind: 'heldBack', addresses: [] })
    await until('it has announced it', () => speaker.counted('sent gratuitous') >= 2)
    expect(asker.ask(address)).toBe(one.mac)
  })

  test('answers a probe, a question to its own MAC, and unpadded and padded questions', async () => {
    const { asker, one } = await announcer()
    const probe = asker.request(address)
    probe.fill(0, 28, 32)
    const questions = {
      probe,
      unicast: asker.request(address, 0x020000000002n),
      unpadded: asker.request(address).slice(0, 42),
      padded: new Uint8Array([...asker.request(address), ...new Uint8Array(1_400)]),
    }
    for (const [name, frame] of Object.entries(questions)) {
      expect([name, asker.macsAfter(frame, address, 500)]).toEqual([name, [one.mac]])
    }
  })

  test('answers no question that was tagged, for another MAC, gratuitous, no question, or cut short anywhere', async () => {
    const { asker, speaker } = await announcer()
    const question = asker.request(address)
    const reply = question.slice()
    reply[21] = 2
    const gratuitous = question.slice()
    gratuitous.set(question.subarray(38, 42), 28)
    const tagged = new Uint8Array([...question.subarray(0, 12), 0x81, 0, 0, 42, ...question.subarray(12)])
    const cut = Array.from({ length: 28 }, (_, index) => question.slice(0, 14 + index))
    const frames = [asker.request(address, 0x020000000077n), reply, gratuitous, tagged, ...cut]
    for (const frame of frames) asker.socket.send(frame)
    await until('the cut ones were counted', () => speaker.counted('arp tooShort') >= cut.length)
    expect(asker.ask(address)).toBeDefined()
    await until('that was the only answer', () => speaker.counted('sent reply') === 1)
    expect(speaker.counted('arp notRequest')).toBe(1)
    expect(speaker.counted('arp gratuitous')).toBe(1)
  })

  test('takes no notice of ARP that is not for Ethernet and IPv4, and counts it', async () => {
    const { asker, speaker } = await announcer()
    const changes = [
      [15, 6],
      [17, 1],
      [18, 8],
      [19, 16],
    ] as const
    for (const [at, byte] of changes) {
      const frame = asker.request(address)
      frame[at] = byte
      asker.socket.send(frame)
    }
    await until('they were counted', () => speaker.counted('arp malformed') === changes.length)
    expect(speaker.counted('sent reply')).toBe(0)
  })

  test('announces again and answers again after its link was down, by cable or by command', async () => {
    const { lan, asker, one, speaker } = await announcer()
    const flaps = [
      [() => lan.pullCable(one), () => lan.plugCable(one)],
      [
        () => ip('-n', one.namespace, 'link', 'set', 'eth0', 'down'),
        () => ip('-n', one.namespace, 'link', 'set', 'eth0', 'up'),
      ],
    ] as const
    for (const [down, up] of flaps) {
      down()
      await until('it is silent', () => speaker.announcing.length === 0)
      const before = speaker.counted('sent gratuitous')
      up()
      await until('it announces', () => speaker.announcing.includes(address))
      await until('it told the LAN', () => speaker.counted('sent gratuitous') > before)
      await until('it answers', () => asker.ask(address) === one.mac)
    }
  })

  test('goes on with an interface that was deleted and made anew', async () => {
    const { lan, asker, one, speaker } = await announcer()
    lan.removeCard(one)
    await until('it is silent', () => speaker.announcing.length === 0)
    lan.addCard(one)
    await until('it answers', () => asker.ask(address) === one.mac)
    expect(speaker.facts.trouble).toBe('')
  })

  test('says which interface it cannot use and why, until it can', async () => {
    const { lan, one, speaker } = await announcer()
    const memberships = (most: number): string =>
      execOn(one, ['sysctl', '-qw', `net.ipv4.igmp_max_memberships=${most}`])
    memberships(0)
    lan.removeCard(one)
    lan.addCard(one)
    await until('it says so', () => speaker.facts.trouble.startsWith('eth0 cannot be used: '))
    // The link-local IPv6 address takes its time: by then it was tried several times.
    await until('its addresses are there', () => speaker.facts.interfaces[0]?.addresses.length === 2)
    expect(speaker.facts.trouble).not.toBe('')
    memberships(20)
    await until('it announces again', () => speaker.announcing.includes(address))
    expect(speaker.facts.trouble).toBe('')
  })

  test('answers with the new MAC, and tells the LAN, when the interface gets another', async () => {
    const { asker, one, speaker } = await announcer()
    const before = speaker.counted('sent gratuitous')
    ip('-n', one.namespace, 'link', 'set', 'eth0', 'address', '02:00:00:00:aa:aa')
    await until('it answers with it', () => asker.ask(address) === '02:00:00:00:aa:aa')
    await until('it told the LAN', () => speaker.counted('sent gratuitous') > before)
  })

  test('is silent when the cluster no longer wants the address announced', async () => {
    const { asker, one, speaker } = await announcer()
    expect(asker.ask(address)).toBe(one.mac)
    speaker.say({ kind: 'duties', duties: [] })
    await until('it is silent', () => speaker.announcing.length === 0)
    expect(asker.ask(address)).toBeUndefined()
  })

  const patience = { timeout: 60_000 }
  test(
    'defends its address against another device that claims it, and reports it when it goes on claiming',
    patience,
    async () => {
      const { asker, one, speaker } = await announcer()
      const claim = asker.request(address)
      claim.set(claim.subarray(38, 42), 28)
      const before = speaker.counted('sent gratuitous')
      asker.socket.send(claim)
      await until('it is counted', () => speaker.counted('foreign claim') === 1)
      await until('it is defended', () => speaker.counted('sent gratuitous') > before)
      await until('it is told', () => speaker.told.some(({ kind }) => kind === 'claim'))
      expect(speaker.facts.conflicts).toEqual([])
      const claiming = setInterval(() => asker.socket.send(claim), 1_000)
      try {
        await until('it is reported', () => speaker.facts.conflicts.length === 1, 40_000)
      } finally {
        clearInterval(claiming)
      }
      const [conflict] = speaker.facts.conflicts
      expect(conflict).toMatchObject({ interface: 'eth0', mac: 0x020000000001n, insists: true })
      expect(speaker.counted('foreign claim')).toBeLessThanOrEqual(5)
      expect(asker.ask(address)).toBe(one.mac)
    },
  )
})
