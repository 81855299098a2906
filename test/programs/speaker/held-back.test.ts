import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { mostAskers } from '../../../src/core/announcement/askers.ts'
import { describeOnLinks, execOn, ip, spawnOn, type Host } from '../../support/namespaces.ts'
import { giveIpv6, ipv6Of, Ndp6Asker } from './ndp-harness.ts'
import { knock, neighbourOf, setNeighbour } from './neighbours.ts'
import { addressOf, Asker, dutyOf, openUntilTheEnd, TestSpeaker, until } from './wire-harness.ts'

const { open, lanOfThree } = openUntilTheEnd(afterEach)

const families = [
  ['IPv4', '10.88.0.200'],
  ['IPv6', 'fd88::200'],
] as const

/** A speaker alone on its LAN that holds these addresses back; and a client. */
async function holder(...texts: readonly string[]) {
  const { lan, client, one } = lanOfThree()
  giveIpv6(lan.hosts)
  const speaker = open(new TestSpeaker('one', one))
  speaker.say({ kind: 'heldBack', addresses: texts.map(addressOf) })
  speaker.say({ kind: 'duties', duties: texts.map((text) => dutyOf(text, ['one'])) })
  await until('all are held', () => texts.every((text) => speaker.announcing.includes(text)))
  return { lan, client, one, speaker }
}

function release(speaker: TestSpeaker): void {
  speaker.say({ kind: 'heldBack', addresses: [] })
}

/** Takes the address on this node and listens there, so that a connection comes about once its frames arrive. */
async function serve(host: Host, text: string): Promise<void> {
  const family = text.includes(':') ? ['-6'] : []
  // As kube-proxy's strictARP: its kernel speaks for its own addresses alone.
  execOn(host, ['sysctl', '-qw', 'net.ipv4.conf.all.arp_ignore=1'])
  ip('-n', host.namespace, ...family, 'route', 'add', 'local', text, 'dev', 'lo')
  const listen = `require('net').createServer((c) => c.end()).listen(80, () => console.log('listens'))`
  const server = spawnOn(host, [process.execPath, '-e', listen])
  open({ [Symbol.dispose]: () => void server.kill('SIGKILL') })
  await once(server.stdout as Readable, 'data')
}

/** Connects once, and prints for how many milliseconds that was under way; the kernel's own retries are in it. */
const connecting = `
  const at = performance.now()
  const socket = require('net').connect(80, process.argv[1])
  socket.once('connect', () => { console.log(performance.now() - at); process.exit() })
  socket.once('error', ({ code }) => { console.log(code); process.exit() })
  console.log('asks')`

describeOnLinks('a speaker that holds a new address back', () => {
  test.each(families)(
    'says nothing for %s, and answers who has asked the moment it is let go',
    async (family, text) => {
      const { client, one, speaker } = await holder(text)
      const asker = open(family === 'IPv4' ? new Asker(client) : new Ndp6Asker(client))
      expect(asker.ask(text, 200)).toBeUndefined()
      expect([speaker.counted('sent reply'), speaker.counted('sent gratuitous')]).toEqual([0, 0])
      release(speaker)
      expect(asker.macsWithin(text, 1_000, true)).toEqual([one.mac])
      await until('it has announced it, too', () => speaker.counted('sent gratuitous') >= 1)
      expect(speaker.counted('sent reply')).toBe(1)
      expect(asker.ask(text)).toBe(one.mac)
    },
  )

  test.each(families)('lets a client whose packets wait send them that moment (%s)', async (_, text) => {
    const { client, one, speaker } = await holder(text)
    await serve(one, text)
    // The node's kernel could not ask for the client while it is not sure of its own link-local address.
    const from = text.includes(':') ? ipv6Of(client) : client.address
    setNeighbour(one, from, client.mac, 'permanent')
    const connection = spawnOn(client, [process.execPath, '-e', connecting, text])
    const said: string[] = []
    connection.stdout?.on('data', (chunk: Buffer) => said.push(chunk.toString()))
    await until('the kernel has asked', () => neighbourOf(client, text).includes('INCOMPLETE'))
    const askedAt = performance.now()
    const heldMs = 500
    await new Promise((resolve) => setTimeout(resolve, heldMs))
    expect(said.join('')).toBe('asks\n')
    const releasedAt = performance.now()
    release(speaker)
    await once(connection, 'exit')
    const tookMs = Number(said.join('').split('\n')[1])
    // A second after the first packet the client would have sent another one, had it not left by then.
    expect(tookMs).toBeLessThan(releasedAt - askedAt + 450)
    expect(tookMs).toBeGreaterThan(heldMs)
  })

  test('answers each client once, however often it has asked, and a probe as well', async () => {
    const [, text] = families[0]
    const { client, speaker } = await holder(text)
    const asker = open(new Asker(client))
    for (let time = 0; time < 5; time++) asker.socket.send(asker.request(text))
    const probe = asker.request(text)
    probe.fill(0, 28, 32)
    asker.socket.send(probe)
    await until('it has heard them', () => speaker.counted('arp notHeld') >= 6)
    release(speaker)
    await until('it has announced it', () => speaker.counted('sent gratuitous') >= 2)
    expect(speaker.counted('sent reply')).toBe(2)
  })

  test('remembers of a flood no more than it may, and answers for everything else meanwhile', async () => {
    const texts = Array.from({ length: 60 }, (_, index) => `10.88.0.${100 + index}`)
    const { client, one, speaker } = await holder(...texts)
    const announced = '10.88.0.99'
    speaker.say({ kind: 'duties', duties: [...texts, announced].map((text) => dutyOf(text, ['one'])) })
    await until('another one is announced', () => speaker.announcing.includes(announced))
    const asker = open(new Asker(client))
    for (let who = 0; who < 200; who++) {
      for (const text of texts) {
        const frame = asker.request(text)
        frame.set([2, 0, 0, 1, who >> 8, who & 255], 22)
        while (!asker.socket.send(frame));
      }
      if (who % 50 === 0) await until('it goes on answering', () => asker.ask(announced) === one.mac)
    }
    const before = speaker.counted('sent reply')
    await until('it has heard them', () => speaker.counted('arp notHeld') >= mostAskers.all * 2)
    await new Promise((resolve) => setTimeout(resolve, 100))
    release(speaker)
    await until('it has announced them', () => speaker.counted('sent gratuitous') >= 2 * texts.length)
    expect(speaker.counted('sent reply') - before).toBeLessThanOrEqual(mostAskers.all)
    expect(speaker.counted('sent reply') - before).toBeGreaterThan(mostAskers.all / 2)
    for (const text of texts.slice(0, 3)) expect(asker.ask(text)).toBe(one.mac)
  })

  test('answers nobody when the address has gone to another node meanwhile', async () => {
    const [, text] = families[0]
    const { client, speaker } = await holder(text)
    knock(client, text)
    await until('it has heard the question', () => speaker.counted('arp notHeld') >= 1)
    speaker.say({ kind: 'duties', duties: [] })
    await until('it is its own no more', () => speaker.announcing.length === 0)
    release(speaker)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(speaker.counted('sent reply')).toBe(0)
  })
})
