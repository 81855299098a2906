import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Holding } from '../../../src/core/allocation/ledger.ts'
import type { Api } from '../../../src/platform/kubernetes/api.ts'
import type { ContactLog } from '../../../src/platform/kubernetes/contact-log.ts'
import type { KubernetesObject } from '../../../src/platform/kubernetes/object.ts'
import { Cluster } from '../../../src/programs/controller/cluster.ts'
import { LanView } from '../../../src/programs/controller/lan-view.ts'
import type { LeasedAddress } from '../../../src/programs/controller/lan-view.ts'
import {
  projectNode,
  projectPool,
  projectService,
  projectSlice,
} from '../../../src/programs/controller/projections.ts'

let version = 0

function objectOf(name: string, content: object, labels: Readonly<Record<string, string>> = {}) {
  const metadata = { name, namespace: 'shop', uid: `u-${name}`, resourceVersion: `${++version}`, labels }
  return { metadata, ...content } satisfies KubernetesObject
}

/** Services that hold addresses of two pools, on three nodes; `view` is told of each change, and asked at each turn. */
class Lan {
  readonly cluster = new Cluster({} as Api, {} as ContactLog)
  readonly holders = new Map<bigint, Set<string>>()
  readonly holdings = new Map<string, Holding>()
  readonly view: LanView
  readonly known = new Map<string, LeasedAddress>()
  #announced = new Map([
    ['a', true],
    ['b', true],
  ])

  constructor() {
    for (const node of ['n1', 'n2', 'n3']) this.#setNode(node, false)
    this.view = new LanView(this.cluster)
    this.view.poolsChanged(this.#pools())
  }

  cordons(node: string, cordoned: boolean): void {
    this.#setNode(node, cordoned)
    this.view.nodesChanged()
  }

  announces(pool: string, enabled: boolean): void {
    this.#announced.set(pool, enabled)
    this.view.poolsChanged(this.#pools())
  }

  holds(name: string, pool: string, value: number | undefined, policy: string, asks?: string): void {
    const key = `shop/${name}`
    const spec = { type: 'LoadBalancer', externalTrafficPolicy: policy }
    const { metadata, ...rest } = objectOf(name, { spec })
    const annotations = asks === undefined ? {} : { 'lanlord.dev/preferred-node': asks }
    this.cluster.services.set(projectService({ ...rest, metadata: { ...metadata, annotations } }))
    for (const { value: former } of this.holdings.get(key)?.addresses ?? []) this.#strike(former, key)
    this.holdings.delete(key)
    const addresses = value === undefined ? [] : [{ family: 'IPv4' as const, value: BigInt(value) }]
    for (const address of addresses) {
      this.holdings.set(key, { claim: key, namespace: 'shop', pool, addresses } as unknown as Holding)
      this.holders.set(address.value, (this.holders.get(address.value) ?? new Set()).add(key))
    }
    this.view.heldChanged(key, addresses)
  }

  serves(service: string, nodes: readonly string[]): void {
    const endpoints = nodes.map((nodeName) => ({ nodeName }))
    const labels = { 'kubernetes.io/service-name': service }
    const after = projectSlice(objectOf(`slice-of-${service}`, { endpoints }, labels))
    const before = this.cluster.slices.get(after.key)?.facts
    this.cluster.slices.set(after)
    this.view.sliceChanged(after.key, before, after.facts)
    const key = `shop/${service}`
    this.view.heldChanged(key, this.holdings.get(key)?.addresses ?? [])
  }

  /** Takes in what the view says is another thing, and answers what it says in all. */
  turn(): ReadonlyMap<string, LeasedAddress> {
    const { changed, gone } = this.view.changes(this)
    for (const { key } of gone) this.known.delete(key)
    for (const each of changed) this.known.set(each.key, each)
    return this.known
  }

  /** What a view says that looks at everything. */
  anew(): ReadonlyMap<string, LeasedAddress> {
    const view = new LanView(this.cluster)
    view.poolsChanged(this.#pools())
    for (const [key, { addresses }] of this.holdings) view.heldChanged(key, addresses)
    return new Map(view.changes(this).changed.map((each) => [each.key, each]))
  }

  #setNode(name: string, unschedulable: boolean): void {
    this.cluster.nodes.set(projectNode(objectOf(name, { spec: { unschedulable } })))
  }

  #pools() {
    return [...this.#announced].map(([name, enabled]) => {
      return projectPool(objectOf(name, { spec: { addresses: ['10.0.0.0/24'], l2: { enabled } } })).pool
    })
  }

  #strike(value: bigint, key: string): void {
    const keys = this.holders.get(value)
    keys?.delete(key)
    if (keys?.size === 0) this.holders.delete(value)
  }
}

const service = fc.constantFrom('s1', 's2', 's3', 's4')
const someNodes = fc.subarray(['n1', 'n2', 'n3'])
const address = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined })

const asked = fc.constantFrom(undefined, 'n1', 'n9')

const happening: fc.Arbitrary<(lan: Lan) => void> = fc.oneof(
  fc
    .tuple(service, fc.constantFrom('a', 'b'), address, fc.constantFrom('Cluster', 'Local'), asked)
    .map((held) => (lan: Lan) => lan.holds(...held)),
  fc.tuple(service, someNodes).map((served) => (lan: Lan) => lan.serves(...served)),
  fc.tuple(fc.constantFrom('n1', 'n2', 'n3'), fc.boolean()).map((node) => (lan: Lan) => lan.cordons(...node)),
  fc.tuple(fc.constantFrom('a', 'b'), fc.boolean()).map((pool) => (lan: Lan) => lan.announces(...pool)),
)

test('what is kept of the addresses is at each turn what looking at everything shows', () => {
  const history = fc.array(fc.array(happening, { minLength: 1, maxLength: 3 }), { maxLength: 20 })
  fc.assert(
    fc.property(history, (turns) => {
      const lan = new Lan()
      for (const turn of turns) {
        for (const happens of turn) happens(lan)
        expect(lan.turn()).toEqual(lan.anew())
      }
    }),
    { numRuns: 300 },
  )
})

test('an address about which nothing is another thing is not spoken of', () => {
  const lan = new Lan()
  lan.holds('s1', 'a', 1, 'Cluster')
  lan.holds('s2', 'a', 2, 'Cluster')
  expect(lan.view.changes(lan).changed.map(({ key }) => key)).toEqual(['0.0.0.1', '0.0.0.2'])
  lan.holds('s1', 'a', 1, 'Cluster')
  lan.cordons('n1', false)
  expect(lan.view.changes(lan)).toEqual({ changed: [], gone: [] })
  lan.serves('s2', ['n1'])
  expect(lan.view.changes(lan).changed.map(({ key }) => key)).toEqual(['0.0.0.2'])
})
