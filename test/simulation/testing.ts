import { beginSelfTest, hearTested, suspect, test, tick } from '../../src/core/announcement/self-test.ts'
import type { SelfTest } from '../../src/core/announcement/self-test.ts'
import type { SelfTestEffect } from '../../src/core/announcement/test-round.ts'
import { keyOf } from '../../src/core/election/key.ts'
import { testersOn } from '../../src/core/election/testers.ts'
import { formatAddress } from '../../src/core/ip/address.ts'
import { isAnswered } from './asking.ts'
import { isAwake } from './invariants.ts'
import type { Machine, World } from './world.ts'

/** What every machine asks of the others: whether those that announce are answered. */
export interface Testing {
  readonly selfTests: Map<string, { readonly bootedAt: number; readonly selfTest: SelfTest }>
  testedAt: number
  answered: number
  readonly findings: string[]
}

export function testingOf(): Testing {
  return { selfTests: new Map(), testedAt: -Infinity, answered: 0, findings: [] }
}

/** Lets every machine that is awake test what is due, in haste. All of them answer if they can, so whatever they find is a false alarm. */
export function testAll(testing: Testing, world: World): void {
  if (world.now < testing.testedAt + 50) return
  testing.testedAt = world.now
  for (const machine of world.machines.filter(isAwake)) {
    const selfTest = selfTestOf(testing, machine)
    const keys = machine.state.duties.map(({ address }) => keyOf(address))
    const begun = test(selfTest, ['eth0'], keys, world.now)
    suspect(selfTest, keys, world.now)
    const macs = new Map(world.machines.map(({ name, mac }) => [name, new Set([mac])]))
    const view = { testersOn: (name: string) => testersOn(machine.state, name), macs, controls: [] }
    for (const effect of [...begun, ...tick(selfTest, view, world.now)])
      takeIn(testing, world, machine, effect)
  }
}

function takeIn(testing: Testing, world: World, machine: Machine, effect: SelfTestEffect): void {
  if (effect.kind === 'result') testing.answered += effect.result === 'Answered' ? 1 : 0
  else if (effect.kind === 'ask') ask(testing, world, machine, effect)
  else if (effect.kind === 'finding') {
    const { address, result, announcer } = effect
    testing.findings.push(`${machine.name} finds ${formatAddress(address)} of ${announcer} ${result}`)
  }
}

function ask(
  testing: Testing,
  world: World,
  machine: Machine,
  { address }: Extract<SelfTestEffect, { kind: 'ask' }>,
): void {
  for (const other of world.machines) {
    if (!isAnswered(world, machine, other, address)) continue
    const sighting = { interface: 'eth0', address, mac: other.mac }
    hearTested(selfTestOf(testing, machine), sighting, world.now)
  }
}

function selfTestOf({ selfTests }: Testing, { name, bootedAt }: Machine): SelfTest {
  const known = selfTests.get(name)
  if (known?.bootedAt === bootedAt) return known.selfTest
  const selfTest = beginSelfTest()
  selfTests.set(name, { bootedAt, selfTest })
  return selfTest
}
