import { expect, test } from 'vitest'
import { placementFactsOf, speakerFactsOf } from '../../../src/core/election/speaker-facts.ts'
import type { SpeakerObject } from '../../../src/core/election/speaker-facts.ts'
import { formatAddress } from '../../../src/core/ip/address.ts'
import { formatRange } from '../../../src/core/ip/range.ts'

/** A Speaker as somebody may have written it who does not care for the schema. */
function speaker(status: unknown): SpeakerObject {
  return { metadata: { name: 'n1' }, status } as SpeakerObject
}

test('conflicts are read with their addresses as they are written elsewhere; those without an address are left out', () => {
  const conflict = { interface: 'eth0', mac: '02:00:00:00:00:02', node: 'n2', since: '2024-01-01T00:00:00Z' }
  const conflicts = [
    { ...conflict, address: 'FD00::0:1' },
    { ...conflict, address: 'nowhere' },
    null,
    conflict,
  ]
  const { since: _, ...kept } = conflict
  expect(speakerFactsOf(speaker({ conflicts })).conflicts).toEqual([
    { ...kept, address: 'fd00::1', insists: false },
  ])
  expect(speakerFactsOf(speaker({ conflicts: 'none' })).conflicts).toEqual([])
  expect(speakerFactsOf(speaker(undefined)).conflicts).toEqual([])
})

test('the MACs of the interfaces are read by those who announce, as far as they can be', () => {
  const interfaces = [{ name: 'eth0', mac: '02:00:00:00:00:0A' }, { name: 'eth1', mac: 7 }, { name: 'eth2' }]
  expect(placementFactsOf(speaker({ interfaces })).macs).toEqual([0x02000000000an])
  expect(placementFactsOf(speaker(undefined)).macs).toEqual([])
})

test('what the controller knows of an interface are its own addresses and the routers behind it, as far as they can be read', () => {
  const interfaces = [
    {
      name: 'eth0',
      addresses: ['10.0.0.5/24', 'FD00::0:5/64', '10.0.0.6', 'x', '/24', 7],
      gateways: ['10.0.0.1', 'FE80::0:1', 'router', null],
    },
    { name: 'eth1', addresses: 'none' },
    null,
  ]
  const { network } = speakerFactsOf(speaker({ interfaces }))
  const texts = network.map(({ name, own, gateways }) => ({
    name,
    own: own.map(({ address, subnet }) => `${formatAddress(address)} in ${formatRange(subnet)}`),
    gateways: gateways.map(formatAddress),
  }))
  expect(texts).toEqual([
    {
      name: 'eth0',
      own: ['10.0.0.5 in 10.0.0.0/24', 'fd00::5 in fd00::/64'],
      gateways: ['10.0.0.1', 'fe80::1'],
    },
    { name: 'eth1', own: [], gateways: [] },
  ])
})

test('who answers for addresses that nobody announces is read as far as it can be', () => {
  const seen = '2024-01-01T00:00:00Z'
  const foreign = [
    { address: 'FD00::0:1', mac: '02:00:00:00:00:0A', interface: 'eth0', seen, withheld: true },
    { address: '10.0.0.1', mac: '02:00:00:00:00:0b', interface: 'eth0', seen: 'then' },
    { address: 'nowhere', mac: '02:00:00:00:00:0b', seen },
    { address: '10.0.0.2', mac: 'none', seen },
    null,
  ]
  const facts = speakerFactsOf(speaker({ foreign })).foreign
  expect(facts.map((each) => ({ ...each, address: formatAddress(each.address) }))).toEqual([
    { address: 'fd00::1', mac: '02:00:00:00:00:0a', seen: Date.parse(seen), isWithheld: true },
    { address: '10.0.0.1', mac: '02:00:00:00:00:0b', seen: 0, isWithheld: false },
  ])
  expect(speakerFactsOf(speaker({ foreign: 'none' })).foreign).toEqual([])
})

test('what is held back is read as far as it can be', () => {
  const [since, until] = ['2024-01-01T00:00:00Z', '2024-01-01T00:00:02Z']
  const heldBack = [
    { address: 'FD00::0:1', since, until, waitsFor: 'Forwarding' },
    { address: '10.0.0.1', since, until, waitsFor: 'Answers' },
    { address: '10.0.0.1', since, until, waitsFor: 'Rain' },
    { address: 'nowhere', since, until, waitsFor: 'Answers' },
    null,
  ]
  expect(speakerFactsOf(speaker({ heldBack })).heldBack).toEqual([
    { address: 'fd00::1', since, until, waitsFor: 'Forwarding' },
    { address: '10.0.0.1', since, until, waitsFor: 'Answers' },
  ])
  expect(speakerFactsOf(speaker({ heldBack: 'none' })).heldBack).toEqual([])
})
