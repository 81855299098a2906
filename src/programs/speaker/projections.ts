import type { AddressPoolSpec, AddressPoolStatus } from '../../core/api/address-pool.ts'
import type { ServiceObject } from '../../core/allocation/service.ts'
import { dutyPoolOf, dutyServiceOf } from '../../core/election/duty-facts.ts'
import type { DutyPool, DutyService } from '../../core/election/duty-facts.ts'
import { readEndpointSlice, readNode } from '../../core/election/node-facts.ts'
import type {
  EndpointSliceObject,
  NodeFacts,
  NodeObject,
  SliceFacts,
} from '../../core/election/node-facts.ts'
import { placementFactsOf } from '../../core/election/speaker-facts.ts'
import type { PlacementFacts, SpeakerObject } from '../../core/election/speaker-facts.ts'
import { knownOf } from '../../platform/kubernetes/object.ts'
import type { Known, KubernetesObject } from '../../platform/kubernetes/object.ts'

/** What is kept here of the objects that a speaker watches. */

export function projectService(raw: KubernetesObject & ServiceObject): DutyService & Known {
  return { ...knownOf(raw), ...dutyServiceOf(raw) }
}

export function projectSpeaker(raw: KubernetesObject & SpeakerObject): PlacementFacts & Known {
  return { ...knownOf(raw), ...placementFactsOf(raw) }
}

type RawPool = KubernetesObject & {
  readonly spec?: Partial<AddressPoolSpec>
  readonly status?: Partial<AddressPoolStatus>
}

export function projectPool(raw: RawPool): DutyPool & Known {
  return { ...knownOf(raw), ...dutyPoolOf(raw) }
}

export function projectNode(raw: NodeObject & KubernetesObject): NodeFacts & Known {
  return { ...knownOf(raw), ...readNode(raw) }
}

/** A slice that belongs to no Service serves nobody. */
export function projectSlice(raw: EndpointSliceObject & KubernetesObject): SliceFacts & Known {
  return { ...knownOf(raw), ...(readEndpointSlice(raw) ?? { service: '', servingOn: [] }) }
}
