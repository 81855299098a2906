import type { Compatibility } from '../../core/allocation/compatibility.ts'
import { leftBehind } from '../../core/allocation/left-behind.ts'
import type { LeasingPool, LeasingService, LeasingView } from '../../core/allocation/leasing.ts'
import { speakerFactsOf } from '../../core/election/speaker-facts.ts'
import type { SpeakerFacts } from '../../core/election/speaker-facts.ts'
import type { ReachableNode } from '../../core/pool/reach.ts'
import type { NodeNetwork } from '../../core/pool/remarks.ts'
import type { Labels } from '../../core/pool/selector.ts'
import { parseAddress } from '../../core/ip/address.ts'
import type { KubernetesObject } from '../../platform/kubernetes/object.ts'
import type { ReadObject } from './manifests.ts'
import { poolRecordOf, serviceRecordOf } from './records.ts'
import { asStored, namespaceLabels } from './stored.ts'

/** The cluster as the files describe it: what the controller would know of it. */
export interface World {
  readonly services: Map<string, LeasingService>
  readonly pools: Map<string, LeasingPool>
  readonly namespaces: Map<string, { readonly labels: Labels }>
  readonly speakers: Map<string, SpeakerFacts>
  readonly nodes: Map<string, KubernetesObject & NodeObject>
  /** Every object as it stands now, by the key of what was read. */
  readonly objects: Map<string, KubernetesObject>
  /** The namespaces whose labels nobody told. */
  readonly unknownNamespaces: Set<string>
}

interface NodeObject {
  readonly status?: { readonly addresses?: readonly { readonly type: string; readonly address: string }[] }
}

/** What it takes to read an object as the controller does. */
export interface Reading {
  readonly compatibility: Compatibility
  /** Milliseconds since the epoch: when everything was created that does not say so. */
  readonly now: number
}

/** A cluster without anything in it. */
export function emptyWorld(): World {
  return {
    services: new Map(),
    pools: new Map(),
    namespaces: new Map(),
    speakers: new Map(),
    nodes: new Map(),
    objects: new Map(),
    unknownNamespaces: new Set(),
  }
}

/** Puts the object in, or in the place of the one that it is a later version of. */
export function putInto(world: World, read: ReadObject, { compatibility, now }: Reading): void {
  const { kind, key } = read
  const object = asStored(read, world.objects.get(key), birthOf(world.objects.size, now))
  world.objects.set(key, object)
  const { name, namespace = 'default' } = object.metadata
  if (kind === 'AddressPool') world.pools.set(name, poolRecordOf(object))
  if (kind === 'Speaker') world.speakers.set(name, speakerFactsOf(object))
  if (kind === 'Node') world.nodes.set(name, object)
  if (kind === 'Namespace') {
    world.namespaces.set(name, { labels: object.metadata.labels ?? {} })
    world.unknownNamespaces.delete(name)
  }
  if (kind !== 'Service') return
  const record = serviceRecordOf(object, compatibility)
  world.services.set(record.key, record)
  if (world.namespaces.has(namespace)) return
  world.namespaces.set(namespace, { labels: namespaceLabels(namespace) })
  world.unknownNamespaces.add(namespace)
}

/** The world as the allocator sees it when it starts. */
export function leasingView(world: World, now: number): LeasingView {
  const { services, pools, namespaces, speakers } = world
  const announced = [...speakers.values()].flatMap(({ spec }) => spec.addresses)
  const remembered = [...pools.values()].flatMap(({ status }) => status.remembered ?? [])
  const gone = leftBehind(announced, (service) => services.has(service), remembered, now)
  return { services, pools, namespaces, gone }
}

/** Where the nodes are on the LAN: as their speakers tell it, and without one at the addresses that the Node has. */
export function networksIn({ speakers, nodes }: World): readonly NodeNetwork[] {
  const silent = [...nodes.values()].filter(({ metadata }) => !speakers.has(metadata.name))
  return [...speakers.values(), ...silent.map(networkOf)]
}

/** The nodes as far as a pool chooses by them. */
export function reachableIn({ speakers, nodes }: World): readonly ReachableNode[] {
  return [...nodes.values()].map(({ metadata: { name, labels = {} } }) => {
    return { name, labels, interfaces: speakers.get(name)?.interfaces }
  })
}

function networkOf({ metadata, status = {} }: KubernetesObject & NodeObject): NodeNetwork {
  const own = (status.addresses ?? []).flatMap(({ address: text }) => {
    const address = parseAddress(text)
    if (!address) return []
    const { family, value } = address
    return [{ address, subnet: { family, first: value, last: value } }]
  })
  return { node: metadata.name, network: [{ name: 'the LAN', own, gateways: [] }] }
}

/** Of objects that nobody has stored yet each is younger than all that were stored, and than those before it in the files. */
function birthOf(
  order: number,
  now: number,
): { readonly createdAt: string; readonly resourceVersion: string } {
  const second = new Date(now).toISOString().slice(0, 19)
  return {
    createdAt: `${second}.${String(order).padStart(9, '0')}Z`,
    resourceVersion: String(2 ** 52 + order),
  }
}
