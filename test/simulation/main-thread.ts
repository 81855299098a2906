import type { SpeakerEvent } from '../../src/core/election/event.ts'
import { turned } from '../../src/programs/speaker/key-ring.ts'
import { formatAddress } from '../../src/core/ip/address.ts'
import { addressOf } from '../../src/core/election/key.ts'
import { note } from './agenda.ts'
import { dutiesOf, writeReport } from './api-server.ts'
import type { Report } from './api-server.ts'
import { announces, clockOf, isAwake } from './machine.ts'
import type { Machine } from './machine.ts'
import type { World } from './world.ts'

/** How the main thread gives the wire thread something. */
type Tell = (world: World, machine: Machine, event: SpeakerEvent) => void

/** What the speaker's main thread does beside the wire, at moments of its own: reads, and writes its status. */
export function lookAround(world: World, machine: Machine, tell: Tell): void {
  const { process } = machine
  note(world.agenda, world.now + world.chance.between(10, 150), () => {
    if (machine.process !== process || !isAwake(machine)) return
    readKeys(world, machine)
    readNews(world, machine, tell)
    report(world, machine)
    lookAround(world, machine, tell)
  })
}

function readKeys(world: World, machine: Machine): void {
  const files = machine.keyFiles
  machine.keys = turned(machine.keys, files, clockOf(machine, world.now))
}

/** What its watch brings: all duties as they are, or as they were when the view is a stale one. */
function readNews(world: World, machine: Machine, tell: Tell): void {
  const { process } = machine
  const contact = world.api.isUp && machine.hasApi
  if (contact !== process.knowsContact) {
    process.knowsContact = contact
    tell(world, machine, { kind: 'contact', contact })
  }
  if (!contact || !machine.hasNews) return
  readSpeakers(world, machine, tell)
  const duties = dutiesOf(world.api, machine.viewAge)
  if (duties === process.toldDuties) return
  process.toldDuties = duties
  tell(world, machine, { kind: 'duties', duties })
}

/** Whose MACs these are stands in what the others wrote. */
function readSpeakers(world: World, machine: Machine, tell: Tell): void {
  const { process, name } = machine
  const others = world.machines.filter((one) => one.name !== name && world.api.reports.has(one.name))
  if (others.length === process.toldSpeakers) return
  process.toldSpeakers = others.length
  tell(world, machine, { kind: 'speakers', macs: new Map(others.map((one) => [one.mac, one.name])) })
}

function report(world: World, machine: Machine): void {
  const { process } = machine
  if (!world.api.isUp || !machine.hasApi || !machine.isUp) return
  const said = reportOf(machine)
  const text = JSON.stringify(said)
  if (text === process.toldStatus) return
  process.toldStatus = text
  writeReport(world.api, machine.name, said)
}

function reportOf(machine: Machine): Report {
  const { state, answering, known } = machine.process
  const announcing = [...answering]
    .filter((key) => announces(machine, key))
    .map((key) => formatAddress(addressOf(key)))
  return { ready: !state.quiet && !state.leaving, announcing, peers: [...known.peers] }
}
