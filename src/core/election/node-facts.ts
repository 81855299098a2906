import { outOfServiceTaint } from '../api/names.ts'
import type { CandidateNode } from './candidates.ts'

/** A Node of the Kubernetes API, as far as it is read here. */
export interface NodeObject {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> }
  readonly spec?: {
    readonly unschedulable?: boolean
    readonly taints?: readonly { readonly key: string }[]
  }
  readonly status?: { readonly conditions?: readonly NodeCondition[] }
}

interface NodeCondition {
  readonly type: string
  readonly status: string
}

/** An EndpointSlice of the Kubernetes API, as far as it is read here. */
export interface EndpointSliceObject {
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
  }
  readonly endpoints?: readonly EndpointObject[] | null
}

interface EndpointObject {
  readonly nodeName?: string
  readonly conditions?: { readonly ready?: boolean; readonly serving?: boolean }
}

/** What matters of a Node, and whether its kubelet says that it is ready. */
export interface NodeFacts extends CandidateNode {
  readonly ready: boolean
}

/** Reads a Node as the API server gives it. */
export function readNode(node: NodeObject): NodeFacts {
  return {
    name: node.metadata.name,
    labels: node.metadata.labels ?? {},
    cordoned: node.spec?.unschedulable === true,
    networkUnavailable: conditionOf(node, 'NetworkUnavailable') === 'True',
    outOfService: node.spec?.taints?.some(({ key }) => key === outOfServiceTaint) ?? false,
    ready: conditionOf(node, 'Ready') === 'True',
  }
}

function conditionOf(node: NodeObject, type: string): string | undefined {
  return node.status?.conditions?.find((condition) => condition.type === type)?.status
}

/** Serving endpoints of one Service, as far as one slice knows them. */
export interface SliceFacts {
  /** `namespace/name` of the Service. */
  readonly service: string
  /** Nodes with a serving endpoint; undefined stands for an endpoint that names no node. */
  readonly servingOn: readonly (string | undefined)[]
}

/** Reads an EndpointSlice as the API server gives it; undefined for one that belongs to no Service. */
export function readEndpointSlice(slice: EndpointSliceObject): SliceFacts | undefined {
  const service = slice.metadata.labels?.['kubernetes.io/service-name']
  if (!service) return undefined
  const serving = (slice.endpoints ?? []).filter(isServing)
  return {
    service: `${slice.metadata.namespace ?? 'default'}/${service}`,
    servingOn: [...new Set(serving.map((endpoint) => endpoint.nodeName))],
  }
}

/** Ready, or not known to be otherwise, or terminating but still serving; `publishNotReadyAddresses` makes it ready. */
function isServing({ conditions }: EndpointObject): boolean {
  return conditions?.ready !== false || conditions.serving === true
}
