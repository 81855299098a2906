import fc from 'fast-check'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { endianness, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { formatAddress } from '../../../src/core/ip/address.ts'
import { readGateways } from '../../../src/platform/network/gateways.ts'

let directory = ''

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gateways-'))
})

afterEach(() => rmSync(directory, { recursive: true }))

async function read(files: {
  readonly route?: string
  readonly ipv6_route?: string
}): Promise<readonly string[]> {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text)
  const gateways = await readGateways(directory)
  return gateways.map(({ interface: name, address }) => `${name} ${formatAddress(address)}`)
}

/** An IPv4 address as this host's kernel prints it there. */
function number(text: string): string {
  const bytes = text.split('.').map((part) => Number(part).toString(16).padStart(2, '0').toUpperCase())
  return (endianness() === 'LE' ? bytes.toReversed() : bytes).join('')
}

const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT   \n'
const zero = '0'.repeat(32)

function route(
  name: string,
  gateway: string,
  { flags = '0003', to = '0.0.0.0', mask = '0.0.0.0' }: { flags?: string; to?: string; mask?: string } = {},
): string {
  return `${name}\t${number(to)}\t${number(gateway)}\t${flags}\t0\t0\t100\t${number(mask)}\t0\t0\t0   \n`
}

function ipv6Route(name: string, gateway: string, flags = '00000003', to = zero, length = '00'): string {
  return `${to} ${length} ${zero} 00 ${gateway} 00000400 00000003 00000000 ${flags}     ${name}\n`
}

test('the routers of default routes are found, of both families, with their interfaces', async () => {
  const lan = route('eth0', '10.0.0.0', { to: '10.0.0.0', mask: '255.255.255.0', flags: '0001' })
  const v6 = ipv6Route('eth0', 'fd000000000000000000000000000001')
  const advertised = ipv6Route('eth2', 'fe800000000000000000000000000002', '00450003')
  expect(
    await read({
      route: head + route('eth0', '10.0.0.1') + route('eth1', '10.1.0.254') + lan,
      ipv6_route: v6 + advertised,
    }),
  ).toEqual(['eth0 10.0.0.1', 'eth1 10.1.0.254', 'eth0 fd00::1', 'eth2 fe80::2'])
})

test.each([
  ['a route to one network', route('eth0', '10.0.0.1', { to: '10.9.0.0', mask: '255.255.0.0' }), ''],
  ['a half of all addresses', route('eth0', '10.0.0.1', { to: '0.0.0.0', mask: '128.0.0.0' }), ''],
  ['a default route without a router', route('ppp0', '0.0.0.0', { flags: '0001' }), ''],
  ['a default route that is down', route('eth0', '10.0.0.1', { flags: '0002' }), ''],
  ['a default route that refuses', route('eth0', '10.0.0.1', { flags: '0203' }), ''],
  ['what Linux adds for IPv6 by itself', '', ipv6Route('lo', zero, '00200200')],
  [
    'an IPv6 route to one network',
    '',
    ipv6Route('eth0', 'fe80'.padEnd(32, '0'), '00000003', 'fd'.padEnd(32, '0'), '40'),
  ],
  ['what is no table of routes', 'eth0 00000000\n\nnonsense\n', 'x y z\n'],
])('%s names no router', async (_, ipv4, ipv6) => {
  expect(await read({ route: head + ipv4, ipv6_route: ipv6 })).toEqual([])
})

test('a host without IPv6, or without any routes, is read all the same', async () => {
  expect(await read({})).toEqual([])
  expect(await read({ route: head + route('eth0', '10.0.0.1') })).toEqual(['eth0 10.0.0.1'])
})

test('of a table with very many routes the first part is read', async () => {
  const many = Array.from({ length: 30_000 }, (_, index) => {
    return route('eth1', '10.0.0.2', { to: `20.${index >> 8}.${index & 255}.0`, mask: '255.255.255.0' })
  })
  const text = [head, route('eth0', '10.0.0.1'), ...many, route('eth2', '10.0.0.3')].join('')
  expect(await read({ route: text })).toEqual(['eth0 10.0.0.1'])
})

test('whatever stands there, nothing is thrown', async () => {
  const field = fc.oneof(fc.constantFrom('00000000', '0003', 'eth0', zero, '00', '\t', '\n'), fc.string())
  await fc.assert(
    fc.asyncProperty(fc.array(field), async (fields) => {
      const text = fields.join(' ')
      expect(Array.isArray(await read({ route: text, ipv6_route: text }))).toBe(true)
    }),
  )
})
