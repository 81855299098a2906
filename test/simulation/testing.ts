import { beginSelfTest, hearTested, suspect, test, tick } from '../../src/core/announcement/self-test.ts'
import type { SelfTest } from '../../src/core/announcement/self-test.ts'
import type { SelfTestEffect } from '../../src/core/announcement/test-round.ts'
import { keyOf } from '../../src/core/election/key.ts'
import { testersOn } from '../../src/core/election/testers.ts'
import { formatAddress } from '../../src/core/ip/address.ts'
import { reach } from './lan.ts'
import { answers, clockOf, isAwake, nic } from './machine.ts'
import type { Machine } from './machine.ts'
import { hearEachOther } from './truth.ts'
import type { World } from './world.ts'

/** What every machine asks of the others: whether those that announce are answered. */
export interface Testing {
  readonly selfTests: Map<string, { readonly bootedAt: number; readonly selfTest: SelfTest }>
  testedAt: number
  answered: number
  readonly findings: string[]
  /** Whose question for what was last answered by two that do not hear each other. */
  readonly torn: Set<string>
}

export function testingOf(): Testing {
  return { selfTests: new Map(), testedAt: -Infinity, answered: 0, findings: [], torn: new Set() }
}

/** Lets every machine that is awake test what is due, in haste. All of them answer if they can, so whatever they find is a false alarm, but that two answer who do not hear each other. */
export function testAll(testing: Testing, world: World): void {
  if (world.now < testing.testedAt + 50) return
  testing.testedAt = world.now
  for (const machine of world.machines.filter(isAwake)) {
    const selfTest = selfTestOf(testing, machine)
    const now = clockOf(machine, world.now)
    const keys = machine.process.state.duties.map(({ address }) => keyOf(address))
    const begun = test(selfTest, [nic], keys, now)
    suspect(selfTest, keys, now)
    const macs = new Map(world.machines.map(({ name, mac }) => [name, new Set([mac])]))
    const view = { testersOn: (name: string) => testersOn(machine.process.state, name), macs, controls: [] }
    for (const effect of [...begun, ...tick(selfTest, view, now)]) takeIn(testing, world, machine, effect)
  }
}

function takeIn(testing: Testing, world: World, machine: Machine, effect: SelfTestEffect): void {
  if (effect.kind === 'result') testing.answered += effect.result === 'Answered' ? 1 : 0
  else if (effect.kind === 'ask') ask(testing, world, machine, effect)
  else if (effect.kind === 'finding') {
    const { address, result, announcer } = effect
    const isTrue = result === 'AnsweredTwice' && testing.torn.has(`${machine.name} ${keyOf(address)}`)
    if (isTrue) return
    testing.findings.push(`${machine.name} finds ${formatAddress(address)} of ${announcer} ${result}`)
  }
}

function ask(
  testing: Testing,
  world: World,
  machine: Machine,
  { address }: Extract<SelfTestEffect, { kind: 'ask' }>,
): void {
  const key = keyOf(address)
  const answering = world.machines.filter((other) => {
    return other !== machine && answers(other, key) && reach(world.lan, machine.end, other.end)
  })
  const isTorn = answering.some((one) => answering.some((other) => !hearEachOther(world, one, other)))
  if (isTorn) testing.torn.add(`${machine.name} ${key}`)
  else testing.torn.delete(`${machine.name} ${key}`)
  for (const other of answering) {
    const sighting = { interface: nic, address, mac: other.mac }
    hearTested(selfTestOf(testing, machine), sighting, clockOf(machine, world.now))
  }
}

function selfTestOf({ selfTests }: Testing, { name, process: { bootedAt } }: Machine): SelfTest {
  const known = selfTests.get(name)
  if (known?.bootedAt === bootedAt) return known.selfTest
  const selfTest = beginSelfTest()
  selfTests.set(name, { bootedAt, selfTest })
  return selfTest
}
