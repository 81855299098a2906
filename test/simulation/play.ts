import type { Key } from '../../src/core/election/key.ts'
import { addClient } from './client.ts'
import { chanceOf } from './chance.ts'
import { placeAtFirst, startController, stopController } from './controller.ts'
import type { Expectation } from './expectation.ts'
import { expect, isWhole, judgeAnswers, judgeStep } from './expectation.ts'
import { befall, endFaults } from './faults.ts'
import { followersOf, followUp, takeGaps } from './followers.ts'
import type { Act, History } from './history.ts'
import { strangerMac } from './intruder.ts'
import type { Machine } from './machine.ts'
import { contested, unsettled, wronglyWon } from './outcome.ts'
import { misdeedsOf } from './rules.ts'
import { addMachine, boot } from './speaker.ts'
import type { Tally } from './tally.ts'
import { emptyTally, faultTallyOf } from './tally.ts'
import { testAll, testingOf } from './testing.ts'
import type { Trace } from './trace.ts'
import { announcersOf, hasDeaf } from './truth.ts'
import type { Bounds } from './watch.ts'
import { look, usualBounds, watchOf } from './watch.ts'
import type { World } from './world.ts'
import { runUntil, worldOf } from './world.ts'

export const addressCount = 6
const settledMs = 5_000

/** What became of a history. */
export interface Outcome {
  readonly violations: readonly string[]
  readonly tally: Tally
}

/** Plays a history, then lets all faults end and looks whether everything settles. Stops at the first thing that is wrong. */
export function play(history: History, bounds: Bounds = usualBounds, trace?: Trace): Outcome {
  const run = beginRun(history, bounds, trace)
  const { world, watch, tally } = run
  rest(run, 1_300)
  world.lan.loss = history.loss
  for (const act of history.acts) {
    if (watch.violations.length > 0) break
    playAct(run, history, act)
  }
  if (watch.violations.length === 0) settle(run)
  const violations = [...new Set(watch.violations)]
  trace?.end(world, violations)
  noteCounts(tally, world)
  tally.tests = run.testing.answered
  Object.assign(tally.longest, watch.longest)
  return { violations, tally }
}

interface Run {
  readonly world: World
  readonly watch: ReturnType<typeof watchOf>
  readonly followers: ReturnType<typeof followersOf>
  readonly tally: Tally
  readonly testing: ReturnType<typeof testingOf>
  readonly trace: Trace | undefined
  expectation: Expectation | undefined
}

function beginRun(history: History, bounds: Bounds, trace: Trace | undefined): Run {
  const chance = chanceOf(history.seed ^ 0x5eed)
  const watch = watchOf(bounds)
  const world: World = worldOf(chance, history.nodes, addressCount, {
    sees: (machine, step) => {
      trace?.sees(world, machine, step)
      watch.violations.push(...misdeedsOf(world, machine, step))
      if (run.expectation) watch.violations.push(...judgeStep(run.expectation, machine, step))
    },
    hearsOf: (machine, { mac, kind }) => {
      trace?.say(world, `${machine.name} reports a ${kind}`)
      if (!isExplained(world, mac))
        watch.violations.push(`${machine.name} reports a conflict, and there is none`)
    },
  })
  const run: Run = {
    world,
    watch,
    followers: followersOf(),
    testing: testingOf(),
    tally: emptyTally(),
    trace,
    expectation: undefined,
  }
  build(world, history)
  return run
}

function build(world: World, { nodes, hasController }: History): void {
  for (let at = 0; at < nodes; at++) addMachine(world, `node-${at + 1}`)
  const keys = world.api.leases.map(({ key }) => key)
  addClient(world, 'client-1', keys)
  addClient(world, 'client-2', keys)
  placeAtFirst(world)
  world.hasController = hasController
  if (!hasController) stopController(world)
  for (const machine of world.machines) boot(world, machine)
}

/** True while nothing befalls that could keep an announcer from answering, or from being told of. */
function isTrusted({ lan, now, deafAt, machines }: World): boolean {
  const isStarved = machines.some(({ starvedUntil }) => starvedUntil > now - 3_000)
  return lan.keptBack.size === 0 && now > deafAt + 5_000 && !isStarved
}

/** Somebody who is none of ours answers, or speakers that could not hear one another. */
function isExplained(world: World, mac: bigint): boolean {
  return mac === strangerMac || world.deafAt > world.now - 15_000
}

function rest({ world, watch, followers, testing, expectation }: Run, ms: number): void {
  runUntil(world, world.now + ms, () => {
    if (!look(watch, world)) return
    if (hasDeaf(world)) world.deafAt = world.now
    testAll(testing, world)
    const findings = testing.findings.splice(0)
    if (isTrusted(world)) watch.violations.push(...findings)
    watch.violations.push(...followUp(followers, world))
    if (expectation) watch.violations.push(...judgeAnswers(expectation, world))
  })
}

function playAct(run: Run, history: History, { kind, seed, restMs }: Act): void {
  const { world, watch, tally, followers } = run
  const chance = chanceOf(seed)
  const one = chance.pick(world.machines)
  const isJudged = isWhole(world)
  run.expectation = isJudged ? expect(world, kind, one) : undefined
  const before = holdersOf(world)
  const winners =
    kind === 'heal' && !history.hasController && restMs > 700 ? contested(world) : new Map<Key, Machine>()
  run.trace?.act(world, kind, one, isJudged)
  takeGaps(followers, world)
  if (kind === 'rotateKey' || kind === 'replaceKey') world.deafAt = world.now
  befall(world, kind, one, chance)
  rest(run, restMs)
  if (history.loss === 0) watch.violations.push(...wronglyWon(winners))
  run.expectation = undefined
  const fault = faultTallyOf(tally, kind)
  fault.count++
  if (!isJudged) return
  fault.judged++
  fault.gaps.push(...takeGaps(followers, world))
  noteMoves(world, before, fault)
}

function holdersOf(world: World): ReadonlyMap<Key, Machine> {
  return new Map(
    world.api.leases.flatMap(({ key }) => {
      const [holder] = announcersOf(world, key)
      return holder ? [[key, holder]] : []
    }),
  )
}

/** A move was needed when who had the address cannot have it any more, or is not to have it. */
function noteMoves(
  world: World,
  before: ReadonlyMap<Key, Machine>,
  fault: { moves: number; leastMoves: number },
): void {
  const placements = new Map(
    world.api.versions.at(-1)?.map(({ address, placement }) => [address.value, placement?.node]),
  )
  for (const { key, address, isHeld } of world.api.leases) {
    const former = before.get(key)
    const now = announcersOf(world, key)
    // Across a cut somebody else announces it, too; that is no move.
    if (former === undefined || now.length === 0 || now.includes(former) || !isHeld) continue
    fault.moves++
    if (!canStay(world, former) || placements.get(address.value) !== former.name) fault.leastMoves++
  }
}

/** True while it runs and is on the LAN, and did so all the time. */
function canStay({ now }: World, { isUp, stopped, end, process }: Machine): boolean {
  return isUp && stopped === 'no' && end.linkUp && process.bootedAt <= now - settledMs
}

/** Ends all faults, and notes what does not settle then. */
function settle(run: Run): void {
  const { world, watch } = run
  run.trace?.say(world, 'all faults end')
  endFaults(world)
  // Long enough for one that was leaving to have left, and to be started again.
  rest(run, Math.max(2_300, world.busyUntil - world.now))
  endFaults(world)
  if (!world.hasController) startController(world)
  world.hasController = true
  rest(run, 3_200)
  if (watch.violations.length > 0) return
  watch.violations.push(...unsettled(world))
  const { changedAt } = world
  rest(run, 300)
  if (world.changedAt !== changedAt) watch.violations.push('addresses go on changing hands after the end')
}

function noteCounts(tally: Tally, { now, counts, lan }: World): void {
  Object.assign(tally, { histories: 1, simulatedMs: now, steps: counts.steps })
  Object.assign(tally.frames, lan.hidden)
  const { heartbeats, heartbeatBytes, refused, unbelieved, probes } = counts
  Object.assign(tally, { heartbeats, heartbeatBytes, refused, unbelieved, probes })
}
