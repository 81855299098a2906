import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  unusedInterfaces,
  usableInterfaces,
  type NetworkInterface,
} from '../../../src/platform/network/interfaces.ts'
import { parseMessages } from '../../../src/platform/network/rtnetlink.ts'

function interfaceNamed(name: string, unfit?: NetworkInterface['unfit']): NetworkInterface {
  return { name, index: 1, mac: 1n, up: true, addresses: [], ...(unfit && { unfit }) }
}

function usableNames(names: readonly string[], globs: readonly string[] = []): readonly string[] {
  return usableInterfaces(
    names.map((name) => interfaceNamed(name)),
    globs,
  ).map(({ name }) => name)
}

describe('the interfaces that are used', () => {
  test('are those of the LAN and not those of network plugins and container runtimes', () => {
    const lan = [
      'eth0',
      'ens18',
      'enp3s0f1',
      'eno1',
      'bond0',
      'br0',
      'bridge0',
      'eth0.42',
      'wlan0',
      'enx001122334455',
    ]
    const others = [
      'cni0',
      'cali1234',
      'flannel.1',
      'veth12ab',
      'docker0',
      'br-0f1e2d',
      'cilium_host',
      'lxc1',
      'kube-ipvs0',
    ]
    expect(usableNames([...lan, ...others])).toEqual(lan)
  })

  test('are chosen by globs when there are some, whatever else their names say', () => {
    expect(usableNames(['eth0', 'eth1', 'veth7', 'lan0'], ['eth*', 'veth?'])).toEqual([
      'eth0',
      'eth1',
      'veth7',
    ])
  })

  test('never include one that cannot carry ARP, even when a glob names it', () => {
    const all = [
      interfaceNamed('lo', 'loopback'),
      interfaceNamed('tun0', 'no ARP'),
      interfaceNamed('eth1', 'has a master'),
      interfaceNamed('eth0'),
    ]
    expect(usableInterfaces(all, ['*']).map(({ name }) => name)).toEqual(['eth0'])
  })
})

describe('the interfaces that are not used', () => {
  const all = [
    interfaceNamed('lo', 'loopback'),
    interfaceNamed('wg0', 'not Ethernet'),
    interfaceNamed('tun0', 'no ARP'),
    { ...interfaceNamed('eth1', 'has a master'), master: 'bond0' },
    { ...interfaceNamed('vnet3', 'has a master'), master: 'virbr0' },
    { ...interfaceNamed('veth1', 'has a master'), master: 'br0' },
    interfaceNamed('docker0'),
    interfaceNamed('cali1234'),
    interfaceNamed('eth0'),
  ]
  const reasons = (globs: readonly string[]): readonly string[] =>
    unusedInterfaces(all, globs).map(({ name, reason }) => `${name} ${reason}`)

  test('are told with the reason, but for the loopback and for those of Pods', () => {
    const always = ['wg0 NotEthernet', 'tun0 NoArp', 'eth1 HasMaster']
    expect(reasons([])).toEqual([...always, 'docker0 MadeByPlugin'])
    expect(reasons(['docker*'])).toEqual([...always, 'eth0 NotChosen'])
  })

  test('are never used as well', () => {
    const names = fc.constantFrom(...all)
    fc.assert(
      fc.property(fc.array(names), fc.subarray(['*', 'eth*', 'cali*']), (found, globs) => {
        const used = new Set(usableInterfaces(found, globs))
        expect(
          unusedInterfaces(found, globs).filter(({ name }) => [...used].some((one) => one.name === name)),
        ).toEqual([])
        expect([...used].filter(({ unfit }) => unfit !== undefined)).toEqual([])
      }),
    )
  })
})

describe('what the kernel says of its links', () => {
  test('is read without an exception, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(16, 17, 20, 21, 2, 3), (body, type) => {
        const datagram = new Uint8Array(16 + body.length)
        const view = new DataView(datagram.buffer)
        view.setUint32(0, datagram.length, true)
        view.setUint16(4, type, true)
        datagram.set(body, 16)
        expect(parseMessages(datagram)).toHaveLength(1)
        parseMessages(body)
      }),
    )
  })
})
