import { afterEach, expect, test } from 'vitest'
import { parseAddress } from '../../../src/core/ip/address.ts'
import type { Gateway } from '../../../src/platform/network/gateways.ts'
import { Gateways } from '../../../src/programs/speaker/gateways.ts'

const opened: Gateways[] = []

afterEach(() => {
  for (const gateways of opened.splice(0)) gateways[Symbol.dispose]()
})

/** The routers of a node whose routes a test changes, as `eth0 10.0.0.1`; how often they changed. */
function watched(first: readonly string[]) {
  let routes = first
  let changes = 0
  const read = async (): Promise<readonly Gateway[]> =>
    routes.flatMap((route) => {
      if (route === 'unreadable') throw new Error('EIO')
      const [name = '', text = ''] = route.split(' ')
      const address = parseAddress(text)
      return address ? [{ interface: name, address }] : []
    })
  const gateways = new Gateways({ read, onChange: () => changes++, lookEveryMs: 3_600_000 })
  opened.push(gateways)
  return {
    gateways,
    changes: () => changes,
    become: async (...next: readonly string[]): Promise<void> => {
      routes = next
      gateways.look()
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

test('routers are told by interface, in order and each once', async () => {
  const { gateways, become } = watched([])
  await become('eth0 fd00::1', 'eth0 10.0.0.2', 'eth1 10.1.0.1', 'eth0 10.0.0.1', 'eth0 10.0.0.2')
  expect(gateways.of('eth0')).toEqual(['10.0.0.1', '10.0.0.2', 'fd00::1'])
  expect(gateways.of('eth1')).toEqual(['10.1.0.1'])
  expect(gateways.of('eth2')).toEqual([])
})

test('what is the same is no news, in whatever order the kernel tells it', async () => {
  const { changes, become } = watched(['eth0 10.0.0.1', 'eth1 10.1.0.1'])
  await become('eth0 10.0.0.1', 'eth1 10.1.0.1')
  expect(changes()).toBe(1)
  await become('eth1 10.1.0.1', 'eth0 10.0.0.1')
  expect(changes()).toBe(1)
  await become('eth0 10.0.0.1')
  expect(changes()).toBe(2)
})

test('what cannot be read leaves what was known', async () => {
  const { gateways, become } = watched([])
  await become('eth0 10.0.0.1')
  await become('unreadable')
  expect(gateways.of('eth0')).toEqual(['10.0.0.1'])
  await become('eth0 10.0.0.9')
  expect(gateways.of('eth0')).toEqual(['10.0.0.9'])
})

test('an interface with very many routers fills no status', async () => {
  const { gateways, become } = watched([])
  await become(...Array.from({ length: 200 }, (_, index) => `eth0 10.0.0.${index + 1}`))
  expect(gateways.of('eth0')).toHaveLength(16)
})
