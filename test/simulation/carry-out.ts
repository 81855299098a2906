import { follow } from '../../src/core/announcement/inquiry.ts'
import { targetsOf } from '../../src/core/announcement/targets.ts'
import type { Effect } from '../../src/core/election/effect.ts'
import { keyOf } from '../../src/core/election/key.ts'
import type { Address } from '../../src/core/ip/address.ts'
import { formatAddress } from '../../src/core/ip/address.ts'
import type { Heartbeat } from '../../src/core/wire/heartbeat.ts'
import { heartbeatBytes, maxHeartbeatBytes } from '../../src/core/wire/heartbeat.ts'
import { mostTagBytes } from '../../src/core/wire/signed.ts'
import { announcementFrames, heartbeatFrame } from './frames.ts'
import { askFor, noteClaimOf } from './hearing.ts'
import { send } from './lan.ts'
import { clockOf } from './machine.ts'
import type { Machine } from './machine.ts'
import type { World } from './world.ts'

const mostRecorded = 400

/** Does what core says, as platform would. */
export function carryOut(world: World, machine: Machine, effect: Effect): void {
  if (effect.kind === 'heartbeat') beat(world, machine, effect.heartbeat)
  if (effect.kind === 'announce') announce(world, machine, effect.address)
  if (effect.kind === 'ask') askFor(world, machine, effect.address)
  if (effect.kind === 'holdings') answerFor(world, machine, effect)
  if (effect.kind === 'conflict') noteClaimOf(world, machine, effect)
  if (effect.kind === 'refused') world.counts.refused++
}

function beat(world: World, machine: Machine, heartbeat: Heartbeat): void {
  const bytes = heartbeatBytes(heartbeat)
  if (bytes + mostTagBytes > maxHeartbeatBytes)
    world.oddities.push(`${machine.name} sends a heartbeat of ${bytes} bytes`)
  const frame = { ...heartbeatFrame(machine.mac, heartbeat, machine.keys.keys), isGenuine: true }
  machine.process.beatAt = world.now
  world.counts.heartbeats++
  world.counts.heartbeatBytes += frame.bytes.length
  world.recorded.push(frame)
  if (world.recorded.length > 2 * mostRecorded) world.recorded.splice(0, mostRecorded)
  send(world.lan, world, machine.end, frame)
}

function announce(world: World, machine: Machine, address: Address): void {
  if (!machine.process.answering.has(keyOf(address)))
    world.oddities.push(`${machine.name} announces ${formatAddress(address)}, for which it does not answer`)
  world.counts.announcements++
  for (const frame of announcementFrames(machine.mac, address)) send(world.lan, world, machine.end, frame)
}

function answerFor(
  world: World,
  machine: Machine,
  { answering, changed }: Extract<Effect, { kind: 'holdings' }>,
): void {
  const { process } = machine
  world.changedAt = world.now
  process.answering = new Set(answering.map(({ address }) => keyOf(address)))
  process.holds = targetsOf(answering.map(({ address }) => address))
  follow(process.inquiry, changed, clockOf(machine, world.now))
}
