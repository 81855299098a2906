import { describe, expect, it } from 'vitest'
import { parseAddress } from '../../../src/core/ip/address.ts'
import type { NetworkInterface, UnusedInterface } from '../../../src/platform/network/interfaces.ts'
import { interfacesOf, unusedInterfacesOf } from '../../../src/programs/speaker/interface-status.ts'

const card: NetworkInterface = {
  name: 'eth1',
  index: 3,
  mac: 0x0200_0000_0001n,
  up: true,
  addresses: [{ address: parseAddress('10.0.0.5')!, prefixLength: 24 }],
}
const none = { interfaces: [], unused: [], twins: [] }

describe('the interfaces in the status of a Speaker', () => {
  it('are shown with the state of their link, and the segment by the interface that speaks there', () => {
    const down = { ...card, name: 'eth2', up: false, addresses: [] }
    const facts = { ...none, interfaces: [card, down], twins: [{ interface: 'eth2', speaks: 'eth1' }] }
    const gatewaysOf = (name: string): readonly string[] => (name === 'eth1' ? ['10.0.0.1'] : [])
    expect(interfacesOf(facts, gatewaysOf)).toEqual([
      {
        name: 'eth1',
        mac: '02:00:00:00:00:01',
        link: 'Up',
        addresses: ['10.0.0.5/24'],
        segment: 'eth1',
        gateways: ['10.0.0.1'],
      },
      { name: 'eth2', mac: '02:00:00:00:00:01', link: 'Down', addresses: [], segment: 'eth1' },
    ])
  })

  it('that are not used are shown by name with the reason, without a MAC that they do not have', () => {
    const bare: UnusedInterface = { ...card, name: 'wg0', mac: 0n, addresses: [], reason: 'NotEthernet' }
    const unused = [bare, { ...card, reason: 'NotChosen' as const }]
    expect(unusedInterfacesOf({ ...none, unused }, ['eth0'])).toEqual([
      {
        name: 'eth1',
        mac: '02:00:00:00:00:01',
        link: 'Up',
        addresses: ['10.0.0.5/24'],
        reason: 'NotChosen',
        message: expect.stringContaining('(eth0)') as string,
      },
      {
        name: 'wg0',
        link: 'Up',
        addresses: [],
        reason: 'NotEthernet',
        message: 'It is no Ethernet interface.',
      },
    ])
  })

  it('that are not used are no more than the status has room for', () => {
    const unused = Array.from({ length: 100 }, (_, at): UnusedInterface => {
      return { ...card, name: `eth${100 + at}`, reason: 'HasMaster' }
    })
    const shown = unusedInterfacesOf({ ...none, unused: unused.toReversed() }, [])
    expect(shown.map(({ name }) => name)).toEqual(unused.slice(0, 64).map(({ name }) => name))
  })
})
