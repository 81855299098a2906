import type { ConflictNews } from '../../src/core/announcement/question.ts'
import type { Effect } from '../../src/core/election/effect.ts'
import type { SpeakerEvent } from '../../src/core/election/event.ts'
import type { SpeakerState } from '../../src/core/election/state.ts'
import type { Agenda } from './agenda.ts'
import { emptyAgenda, nextAt, takeNext } from './agenda.ts'
import type { ApiServer } from './api-server.ts'
import { apiServerOf } from './api-server.ts'
import type { Chance } from './chance.ts'
import type { Client } from './client.ts'
import type { Controller } from './controller.ts'
import { controllerOf } from './controller.ts'
import type { Lan } from './lan.ts'
import { emptyLan } from './lan.ts'
import type { Machine } from './machine.ts'
import type { HeartbeatFrame } from './frames.ts'

/** Everything there is. Only one thing happens at a time, and chance comes from one seed. */
export interface World {
  readonly chance: Chance
  readonly agenda: Agenda
  now: number
  readonly lan: Lan
  readonly machines: Machine[]
  readonly clients: Client[]
  readonly api: ApiServer
  readonly controller: Controller
  /** Whether it has one at all: bids must do without. */
  hasController: boolean
  /** The key that is in the cluster's Secret, and how many there have been. */
  key: number
  /** Heartbeats that were on the wire, as someone could have recorded them: the newest last. */
  readonly recorded: HeartbeatFrame[]
  /** Until when a host that is none of ours says that it has an address. */
  readonly foreignUntil: Map<bigint, number>
  /** Until when what was begun goes on: an update of all speakers takes a while. */
  busyUntil: number
  /** When speakers were last deaf to one another while the rest of the LAN was not. */
  deafAt: number
  /** When what some machine answers for last changed. */
  changedAt: number
  /** What must never be seen and was. */
  readonly oddities: string[]
  /** Told each effect before it is carried out. */
  readonly witness: Witness
  readonly counts: Counts
}

/** Who looks on at what speakers do. */
export interface Witness {
  readonly sees: (machine: Machine, step: Step) => void
  /** Told of a conflict that a speaker reports. */
  readonly hearsOf: (machine: Machine, conflict: ConflictNews) => void
}

/** One step of one speaker. */
export interface Step {
  readonly event: SpeakerEvent
  readonly before: SpeakerState
  readonly effects: readonly Effect[]
}

/** What is counted on the way. */
export interface Counts {
  steps: number
  heartbeats: number
  heartbeatBytes: number
  announcements: number
  questions: number
  probes: number
  refused: number
  unbelieved: number
}

export function worldOf(chance: Chance, nodes: number, addresses: number, witness: Witness): World {
  const names = Array.from({ length: nodes }, (_, at) => `node-${at + 1}`)
  return {
    chance,
    agenda: emptyAgenda(),
    now: 0,
    lan: emptyLan(),
    machines: [],
    clients: [],
    api: apiServerOf(names, addresses),
    controller: controllerOf(),
    hasController: true,
    key: 1,
    recorded: [],
    foreignUntil: new Map(),
    busyUntil: 0,
    deafAt: -Infinity,
    changedAt: 0,
    oddities: [],
    witness,
    counts: {
      steps: 0,
      heartbeats: 0,
      heartbeatBytes: 0,
      announcements: 0,
      questions: 0,
      probes: 0,
      refused: 0,
      unbelieved: 0,
    },
  }
}

/** Lets everything happen that is to happen until then, and has `look` look after each of it. */
export function runUntil(world: World, until: number, look: () => void): void {
  while (nextAt(world.agenda) <= until) {
    world.now = Math.max(world.now, nextAt(world.agenda))
    takeNext(world.agenda)()
    look()
  }
  world.now = until
}

/** The key with this number, as it stands in the Secret. */
export function keyBytes(number: number): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, at) => (at * 7 + number) & 0xff)
}
