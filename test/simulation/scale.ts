import { dutiesOf } from './api-server.ts'
import { chanceOf } from './chance.ts'
import { placeAtFirst } from './controller.ts'
import { isAwake, segmentStateOf } from './machine.ts'
import { addMachine, boot, powerOff } from './speaker.ts'
import { announcersOf } from './truth.ts'
import type { World } from './world.ts'
import { runUntil, worldOf } from './world.ts'

/** What stands before the UDP payload of a heartbeat on the wire, and what Ethernet adds that no program sees. */
const wireOverheadBytes = 24

/** Prints what many nodes with many addresses send, with the frames that they would send. */
export function measureScale(nodes: number, addresses: number, seed: number): void {
  const world = worldOf(chanceOf(seed), nodes, addresses, { sees: () => undefined, hearsOf: () => undefined })
  for (let at = 0; at < nodes; at++) addMachine(world, `node-${at + 1}`)
  placeAtFirst(world)
  console.log(`${nodes} nodes, ${addresses} addresses`)
  for (const machine of world.machines) boot(world, machine)
  measure(world, 'all start at once', 3_000)
  measure(world, 'nothing happens', 4_000)
  const [victim] = world.machines
  if (victim) powerOff(victim)
  measure(world, 'one node dies', 3_000)
  if (victim) boot(world, victim)
  measure(world, 'it comes back', 3_000)
}

function measure(world: World, what: string, ms: number): void {
  const before = { ...world.lan.sent, ...world.counts }
  const busiest = { packets: 0, bytes: 0 }
  const start = world.now
  let second = { at: start, ...world.lan.sent }
  let heldAt: number | undefined
  runUntil(world, start + ms, () => {
    if (world.now - second.at < 100) return
    if (heldAt === undefined && isAllHeld(world)) heldAt = world.now
    const { packets, bytes } = world.lan.sent
    busiest.packets = Math.max(busiest.packets, 10 * (packets - second.packets))
    busiest.bytes = Math.max(busiest.bytes, 10 * (bytes - second.bytes))
    second = { at: world.now, packets, bytes }
  })
  const { packets, bytes } = world.lan.sent
  const heartbeats = world.counts.heartbeats - before.heartbeats
  const seconds = ms / 1_000
  const up = world.machines.filter(isAwake).length
  const bits = (each: number): string => `${((each * 8) / 1e6).toFixed(2)} Mbit/s`
  const wireBytes = bytes - before.bytes + wireOverheadBytes * (packets - before.packets)
  console.log(
    [
      what.padEnd(18),
      `${Math.round(heartbeats / seconds / up)} heartbeats/s of a node`,
      `${Math.round(heartbeats / seconds)} on the wire`,
      `${Math.round((world.counts.heartbeatBytes - before.heartbeatBytes) / Math.max(heartbeats, 1))} bytes each`,
      `${Math.round((packets - before.packets) / seconds)} packets/s in all`,
      bits(wireBytes / seconds),
      `busiest 100 ms: ${busiest.packets} packets/s, ${bits(busiest.bytes + wireOverheadBytes * busiest.packets)}`,
      heldAt === undefined ? 'NOT all announced' : `all announced after ${Math.round(heldAt - start)} ms`,
      `interval ${segmentStateOf(world.machines.at(-1) as never)?.pulse.intervalMs} ms`,
    ].join('; '),
  )
}

function isAllHeld(world: World): boolean {
  return (
    dutiesOf(world.api, 0).length > 0 &&
    world.api.leases.every(({ key }) => announcersOf(world, key).length === 1)
  )
}
