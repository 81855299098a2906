import type { SpeakerFacts } from '../../src/core/election/speaker-facts.ts'
import type { Cluster } from '../../src/programs/controller/cluster.ts'
import type { LeasedAddress } from '../../src/programs/controller/lan-view.ts'
import { Placing } from '../../src/programs/controller/placing.ts'
import type { ApiServer, Lease, Report } from './api-server.ts'
import { writeSpec } from './api-server.ts'
import type { Agenda } from './agenda.ts'
import { note } from './agenda.ts'
import type { Chance } from './chance.ts'

/** The controller's process: the placing of production, on what the API server showed it last. */
export interface Controller {
  isUp: boolean
  /** Which run of the process this is: what an earlier one had in hand is lost with it. */
  run: number
  placing: Placing | undefined
  readonly records: Map<string, Row>
  leased: Map<string, LeasedAddress>
  /** Whether this run of it has read the addresses yet. */
  hasRead: boolean
  /** Which version of the addresses it has read. */
  readVersion: number
  dueAt: number
}

/** A Speaker as it was read last; `report` and `spec` are the very objects that were read. */
interface Row {
  readonly facts: SpeakerFacts
  readonly report: Report | undefined
  readonly spec: SpeakerFacts['spec']
}

interface Around {
  readonly chance: Chance
  readonly agenda: Agenda
  readonly api: ApiServer
  readonly controller: Controller
  readonly now: number
}

const readsAfterMs = [5, 60] as const
const writesAfterMs = [2, 40] as const

export function controllerOf(): Controller {
  return {
    isUp: false,
    run: 0,
    placing: undefined,
    records: new Map(),
    leased: new Map(),
    hasRead: false,
    readVersion: -1,
    dueAt: Infinity,
  }
}

/** Starts the controller: it reads all there is, and takes up the placement that stands. */
export function startController(around: Around): void {
  const { api, controller } = around
  Object.assign(controller, {
    isUp: true,
    run: controller.run + 1,
    placing: undefined,
    hasRead: false,
    dueAt: Infinity,
  })
  api.watchers.length = 0
  api.watchers.push(() => wakeController(around))
  wakeController(around)
}

/** Ends its process. */
export function stopController({ api, controller }: Around): void {
  Object.assign(controller, {
    isUp: false,
    run: controller.run + 1,
    placing: undefined,
    hasRead: false,
    dueAt: Infinity,
  })
  api.watchers.length = 0
}

/** Places everything for the first time and writes it at once: the cluster as it is when a history begins. */
export function placeAtFirst(around: Around): void {
  startController(around)
  const { api, controller } = around
  for (const node of api.specs.keys()) {
    const others = [...api.specs.keys()].filter((other) => other !== node)
    api.reports.set(node, { ready: true, announcing: [], peers: others })
  }
  look(around)
  for (const node of api.specs.keys()) {
    if (controller.placing) writeSpec(api, node, controller.placing.specFor(node))
  }
}

/** Has it look soon, as after a change that its watch brings. */
function wakeController(around: Around): void {
  const { chance } = around
  lookAt(around, around.now + chance.between(...readsAfterMs))
}

function lookAt(around: Around, at: number): void {
  const { controller, agenda } = around
  if (at >= controller.dueAt) return
  controller.dueAt = at
  const { run } = controller
  note(agenda, at, () => {
    if (!controller.isUp || controller.run !== run || controller.dueAt > around.now) return
    controller.dueAt = Infinity
    look(around)
  })
}

function look(around: Around): void {
  const { api, controller, now, chance } = around
  // Without the API server it knows nothing and decides nothing; it comes back to it as speakers do.
  if (!api.isUp) return lookAt(around, now + chance.between(100, 500))
  readReports(around)
  controller.placing ??= new Placing(clusterOf(around))
  controller.placing.update(leasedChanges(around), now)
  for (const node of controller.placing.takeStale()) writeSoon(around, node)
  const { dueAt } = controller.placing
  if (dueAt < Infinity) lookAt(around, Math.max(dueAt, now + 1))
}

function writeSoon(around: Around, node: string): void {
  const { agenda, api, controller, chance } = around
  const { run } = controller
  note(agenda, around.now + chance.between(...writesAfterMs), () => {
    if (controller.run !== run || controller.placing === undefined) return
    if (!api.isUp) return writeSoon(around, node)
    const spec = controller.placing.specFor(node)
    if (JSON.stringify(spec.addresses) !== JSON.stringify(api.specs.get(node)?.addresses))
      writeSpec(api, node, spec)
  })
}

function readReports({ api, controller }: Around): void {
  for (const [node, spec] of api.specs) {
    const report = api.reports.get(node)
    const known = controller.records.get(node)
    if (known?.report === report && known?.spec === spec) continue
    controller.records.set(node, { facts: factsOf(node, spec, report), report, spec })
  }
}

function factsOf(node: string, spec: SpeakerFacts['spec'], report: Report | undefined): SpeakerFacts {
  const { ready = false, announcing = [], peers = [] } = report ?? {}
  const nothing = {
    interfaces: undefined,
    observedRevision: undefined,
    proxyUnhealthy: false,
    network: [],
    conflicts: [],
    findings: [],
    heldBack: [],
    foreign: [],
    estranged: [],
  }
  const each = announcing.map((address) => ({ address, interface: 'eth0', isUnproven: false }))
  return { node, spec, ready, announcing: each, peers, ...nothing }
}

function clusterOf({ controller }: Around): Cluster {
  const { records } = controller
  const speakers = { records, get: (node: string) => records.get(node) }
  const nodes = { get: (name: string) => ({ facts: { name, ready: true } }) }
  return { speakers, nodes } as unknown as Cluster
}

function leasedChanges({ api, controller }: Around): Parameters<Placing['update']>[0] {
  const isFresh = !controller.hasRead
  if (!isFresh && controller.readVersion === api.leaseVersion) return { changed: [], gone: [] }
  controller.readVersion = api.leaseVersion
  controller.hasRead = true
  const before = isFresh ? new Map<string, LeasedAddress>() : controller.leased
  const after = new Map(
    api.leases.filter(({ isHeld }) => isHeld).map((lease) => [lease.text, leasedOf(lease)]),
  )
  controller.leased = after
  const changed = [...after.values()].filter((each) => !isSame(each, before.get(each.key)))
  return { changed, gone: [...before.values()].filter(({ key }) => !after.has(key)) }
}

function isSame(a: LeasedAddress, b: LeasedAddress | undefined): boolean {
  return a.candidates === b?.candidates && a.preferredNode === b.preferredNode
}

function leasedOf({ address, text, candidates, preferredNode }: Lease): LeasedAddress {
  return {
    key: text,
    address,
    pool: 'lan',
    services: [`shop/${text}`],
    candidates,
    obstacle: candidates.length === 0 ? 'nobody may' : undefined,
    isServed: candidates.length > 0,
    wish:
      preferredNode === undefined ? undefined : { node: preferredNode, isName: true, obstacle: undefined },
    preferredNode,
  }
}
