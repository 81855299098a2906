import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../../src/sandbox/lan/command.ts'
import { Lan } from '../../src/sandbox/lan/lan.ts'
import { ownedNamePrefix } from '../../src/sandbox/lan/owner.ts'
import type { LanShape } from '../../src/sandbox/lan/plan.ts'
import { claimSlot } from '../../src/sandbox/lan/slot.ts'
import type { Slot } from '../../src/sandbox/lan/slot.ts'

const slots: Slot[] = []
const lans: Lan[] = []

async function openLan(nodes: number, more: Partial<LanShape> = {}): Promise<Lan> {
  const slot = await claimSlot()
  slots.push(slot)
  const lan = await Lan.open({ slot: slot.number, nodes, namePrefix: ownedNamePrefix(slot.number), ...more })
  lans.push(lan)
  return lan
}

afterAll(async () => {
  await Promise.all(lans.map((lan) => lan.close()))
  await Promise.all(slots.map((slot) => slot.release()))
})

/** Sends datagrams to a group or an address until one is heard at `to`, or has not been for a second. */
async function hears(lan: Lan, from: string, to: string, target: string): Promise<boolean> {
  const listen = `
    const socket = require('node:dgram').createSocket({ type: 'udp4', reuseAddr: true })
    socket.on('message', () => process.exit(0))
    socket.bind(4114, () => {
      if ('${target}'.startsWith('224.')) socket.addMembership('${target}', '${addressOf(lan, to)}')
      console.log('listening')
    })
    setTimeout(() => process.exit(3), 20_000)`
  const send = `
    const socket = require('node:dgram').createSocket('udp4')
    socket.bind(0, '${addressOf(lan, from)}', () => {
      socket.setMulticastInterface('${addressOf(lan, from)}')
      setInterval(() => socket.send('hello', 4114, '${target}', () => undefined), 20)
      console.log('sending')
    })
    setTimeout(() => process.exit(0), 20_000)`
  const listener = start(lan, to, listen)
  await once(listener.stdout, 'data')
  const heard = once(listener, 'exit').then(([code]) => code === 0)
  const sender = start(lan, from, send)
  await once(sender.stdout, 'data')
  const nothing = new Promise<false>((resolve) => setTimeout(() => resolve(false), 1_000))
  const answer = await Promise.race([heard, nothing])
  for (const process of [listener, sender]) process.kill('SIGKILL')
  return answer
}

function start(lan: Lan, station: string, script: string) {
  return spawn('env', [...lan.execIn(station), process.execPath, '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

function addressOf({ plan }: Lan, station: string): string {
  return [...plan.nodes, plan.client].find(({ name }) => name === station)?.address ?? ''
}

const at = (lan: Lan, station: string, ...argv: readonly string[]): Promise<string> =>
  run([...lan.execIn(station), ...argv])

describe('a LAN of network namespaces', () => {
  let lan: Lan
  beforeAll(async () => {
    lan = await openLan(3)
  })

  test('gives each station eth0 with the address and the MAC of the plan', async () => {
    for (const { name, address, mac } of [...lan.plan.nodes, lan.plan.client]) {
      const shown = await at(lan, name, 'ip', 'address', 'show', 'eth0')
      expect(shown).toContain(`inet ${address}/24 `)
      expect(shown).toContain(`link/ether ${mac} `)
      expect(shown).toContain('LOWER_UP')
    }
  })

  test('lets stations talk, by unicast and by multicast', async () => {
    expect(await hears(lan, 'client', 'node-2', addressOf(lan, 'node-2'))).toBe(true)
    expect(await hears(lan, 'node-1', 'node-3', '224.0.0.254')).toBe(true)
  })

  test('keeps the kernel of a node from answering ARP for addresses that are not on its link', async () => {
    const settings = ['arp_ignore', 'arp_announce'].map((name) => `/proc/sys/net/ipv4/conf/eth0/${name}`)
    expect(await at(lan, 'node-1', 'cat', ...settings)).toBe('1\n2\n')
    await at(
      lan,
      'node-1',
      'ip',
      'route',
      'add',
      'local',
      lan.plan.subnet.replace('.0/24', '.222'),
      'dev',
      'lo',
    )
    await at(lan, 'client', 'ip', 'neighbour', 'flush', 'all')
    await hears(lan, 'client', 'node-1', lan.plan.subnet.replace('.0/24', '.222'))
    expect(await at(lan, 'client', 'ip', 'neighbour')).toMatch(/\.222 dev eth0 +(INCOMPLETE|FAILED)/)
  })

  test('shows a node whose cable is pulled a link without carrier, until it is plugged in again', async () => {
    await lan.pullCable('node-2')
    const pulled = await at(lan, 'node-2', 'ip', 'link', 'show', 'eth0')
    expect(pulled).toContain('NO-CARRIER')
    expect(pulled).toMatch(/<[^>]*\bUP\b/)
    expect(await hears(lan, 'node-1', 'node-2', addressOf(lan, 'node-2'))).toBe(false)
    await lan.plugCable('node-2')
    expect(await hears(lan, 'node-1', 'node-2', addressOf(lan, 'node-2'))).toBe(true)
  })

  test('cuts one direction between two stations and leaves the other, and everyone else, alone', async () => {
    await lan.cut('node-1', 'node-2')
    await lan.cut('node-1', 'node-2')
    expect(await hears(lan, 'node-1', 'node-2', '224.0.0.254')).toBe(false)
    expect(await hears(lan, 'node-2', 'node-1', '224.0.0.254')).toBe(true)
    expect(await hears(lan, 'node-1', 'node-3', '224.0.0.254')).toBe(true)
    await lan.mend('node-1', 'node-2')
    expect(await hears(lan, 'node-1', 'node-2', '224.0.0.254')).toBe(true)
  })

  test('names the stations there are when asked for another one', async () => {
    await expect(lan.pullCable('node-9')).rejects.toThrow(
      'no node-9 on this LAN; there are node-1, node-2, node-3',
    )
  })

  test('stands beside another one, on another subnet, unheard by it', async () => {
    const other = await openLan(1)
    expect(other.plan.subnet).not.toBe(lan.plan.subnet)
    expect(await hears(other, 'client', 'node-1', '224.0.0.254')).toBe(true)
    await other.close()
    expect(await hears(lan, 'client', 'node-1', '224.0.0.254')).toBe(true)
  })

  test("adds nothing to this machine's own network", async () => {
    const links = await readFile('/proc/net/dev', 'utf8')
    expect(links).not.toMatch(/node-\d|client|br0/)
  })
})

describe('a LAN with a management network', () => {
  let lan: Lan
  beforeAll(async () => {
    lan = await openLan(2, { management: true, dualStack: true, nodeSettings: 'ordinary' })
  })

  const pings = (from: string, address = ''): Promise<boolean> => {
    const connect = `
      const socket = require('node:dgram').createSocket('${address.includes(':') ? 'udp6' : 'udp4'}')
      socket.on('error', ({ code }) => process.exit(code === 'ECONNREFUSED' ? 0 : 3))
      socket.connect(9, '${address}', () => setInterval(() => socket.send('?', () => undefined), 50))
      setTimeout(() => process.exit(3), 1500)`
    return at(lan, from, process.execPath, '-e', connect).then(
      () => true,
      () => false,
    )
  }

  test('lets the control station and the nodes talk, and neither network hear the other', async () => {
    const { nodes, control, client } = lan.plan
    expect(await pings('control', nodes[0]?.management?.address)).toBe(true)
    expect(await pings('node-2', control?.management.address)).toBe(true)
    expect(await pings('client', control?.management.address)).toBe(false)
    expect(await pings('control', client.address)).toBe(false)
  })

  test('gives each station of the LAN an IPv6 address as well', async () => {
    expect(await pings('client', lan.plan.nodes[1]?.address6)).toBe(true)
    expect(await pings('node-1', lan.plan.client.address6)).toBe(true)
  })

  test('keeps one network when a cable of the other is pulled', async () => {
    const [node] = lan.plan.nodes
    await lan.pullCable('node-1')
    expect(await pings('client', node?.address)).toBe(false)
    expect(await pings('control', node?.management?.address)).toBe(true)
    await lan.plugCable('node-1')
    await lan.pullManagementCable('node-1')
    expect(await pings('client', node?.address)).toBe(true)
    expect(await pings('control', node?.management?.address)).toBe(false)
    await lan.plugManagementCable('node-1')
    expect(await pings('control', node?.management?.address)).toBe(true)
  })

  test('has nodes whose kernel answers ARP for every address that it has', async () => {
    await at(lan, 'node-1', 'ip', 'address', 'add', '192.0.2.7/32', 'dev', 'lo')
    await at(lan, 'client', 'ip', 'route', 'add', '192.0.2.7/32', 'dev', 'eth0')
    expect(await pings('client', '192.0.2.7')).toBe(true)
  })
})
