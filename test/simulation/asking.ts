import { beginInquiry, follow, hearAnswer, hearClaim, inquire } from '../../src/core/announcement/inquiry.ts'
import type { Inquiry, InquiryEffect } from '../../src/core/announcement/inquiry.ts'
import { isUndisputed } from '../../src/core/election/undisputed.ts'
import type { Address } from '../../src/core/ip/address.ts'
import { formatAddress } from '../../src/core/ip/address.ts'
import { addressAt } from './cluster.ts'
import { isAwake } from './invariants.ts'
import type { Machine, World } from './world.ts'
import { announces, answers } from './world.ts'

/** What every machine asks of the others: who else answers for what it announces. */
export interface Asking {
  readonly inquiries: Map<string, { readonly bootedAt: number; readonly inquiry: Inquiry }>
  questions: number
  askedAt: number
  readonly conflicts: string[]
}

export function askingOf(): Asking {
  return { inquiries: new Map(), questions: 0, askedAt: -Infinity, conflicts: [] }
}

/** Lets every machine that is awake ask what is due. Only speakers answer, so whatever they find is a false alarm. */
export function ask(asking: Asking, world: World): void {
  if (world.now < asking.askedAt + 20) return
  asking.askedAt = world.now
  for (const machine of world.machines.filter(isAwake)) {
    const inquiry = inquiryOf(asking, machine)
    follow(inquiry, changesOf(machine), world.now)
    const isFree = isUndisputedFor(machine)
    for (const effect of inquire(inquiry, isFree, world.now)) takeIn(asking, world, machine, effect)
  }
  for (const { by, claim } of world.unexplained.splice(0)) {
    const found = hearClaim(inquiryOf(asking, by), claim, world.now)
    for (const effect of found) takeIn(asking, world, by, effect)
  }
}

function takeIn(asking: Asking, world: World, machine: Machine, effect: InquiryEffect): void {
  if (effect.kind === 'conflict')
    asking.conflicts.push(`${machine.name} reports a conflict for ${formatAddress(effect.address)}`)
  if (effect.kind !== 'probe') return
  asking.questions++
  const others = world.machines.filter((other) => isAnswered(world, machine, other, effect.address))
  for (const { mac } of others) {
    const sighting = { interface: 'eth0', address: effect.address, mac }
    const inquiry = inquiryOf(asking, machine)
    const found = hearAnswer(inquiry, sighting, isUndisputedFor(machine), world.now)
    for (const each of found) takeIn(asking, world, machine, each)
  }
}

/** Whether the answer of that machine comes back: at once, or not at all. */
export function isAnswered({ cuts }: World, from: Machine, to: Machine, address: Address): boolean {
  const isHeard = !cuts.has(`${from.name}>${to.name}`) && !cuts.has(`${to.name}>${from.name}`)
  return from !== to && from.linkUp && isHeard && isAwake(to) && answers(to, indexOf(address))
}

function inquiryOf({ inquiries }: Asking, { name, bootedAt }: Machine): Inquiry {
  const known = inquiries.get(name)
  if (known?.bootedAt === bootedAt) return known.inquiry
  const inquiry = beginInquiry()
  inquiries.set(name, { bootedAt, inquiry })
  return inquiry
}

function changesOf(machine: Machine): Parameters<typeof follow>[1] {
  return [...machine.state.duties.keys()].map((at) => {
    const to = announces(machine, at) ? 'announcing' : 'silent'
    return { address: addressAt(at), interface: 'eth0', to, cause: 'placed' } as const
  })
}

function isUndisputedFor({ state }: Machine): (name: string, address: Address) => boolean {
  return (name, address) => isUndisputed(state, name, address)
}

function indexOf(address: Address): number {
  return Number(address.value - addressAt(0).value)
}
