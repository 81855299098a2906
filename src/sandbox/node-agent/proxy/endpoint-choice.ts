import type { Endpoint, EndpointSlice } from '../../cluster/objects.ts'

export interface Backend {
  readonly address: string
  readonly port: number
  readonly node: string | undefined
}

/**
 * The endpoints of one Service port that may be given traffic, as kube-proxy chooses them: the ready ones, or, while
 * there is none, those that are on their way out but still serve.
 */
export function backendsOf(
  slices: Iterable<EndpointSlice>,
  port: { readonly name: string; readonly protocol: string },
  onlyNode?: string,
): readonly Backend[] {
  const all = [...slices].flatMap((slice) => entriesOf(slice, port))
  const eligible = onlyNode === undefined ? all : all.filter(({ backend }) => backend.node === onlyNode)
  const ready = eligible.filter(({ endpoint }) => isReady(endpoint))
  const chosen = ready.length > 0 ? ready : eligible.filter(({ endpoint }) => isDraining(endpoint))
  return distinct(chosen.map(({ backend }) => backend))
}

/** How many endpoints of a Service on one node are ready: what its healthCheckNodePort tells. */
export function readyOn(slices: Iterable<EndpointSlice>, node: string): number {
  const ready = [...slices].flatMap((slice) =>
    (slice.endpoints ?? []).filter((endpoint) => endpoint.nodeName === node && isReady(endpoint)),
  )
  return new Set(ready.map((endpoint) => endpoint.addresses?.[0])).size
}

interface Entry {
  readonly endpoint: Endpoint
  readonly backend: Backend
}

function entriesOf(
  slice: EndpointSlice,
  wanted: { readonly name: string; readonly protocol: string },
): readonly Entry[] {
  const port = (slice.ports ?? []).find(
    (each) => (each.name ?? '') === wanted.name && (each.protocol ?? 'TCP') === wanted.protocol,
  )?.port
  if (port === undefined) return []
  return (slice.endpoints ?? []).flatMap((endpoint) => {
    const address = endpoint.addresses?.[0]
    return address ? [{ endpoint, backend: { address, port, node: endpoint.nodeName } }] : []
  })
}

/** Kubernetes: consumers take a missing condition for true, but `terminating` for false. */
function isReady({ conditions }: Endpoint): boolean {
  return conditions?.ready ?? true
}

function isDraining({ conditions }: Endpoint): boolean {
  return (conditions?.serving ?? true) && conditions?.terminating === true
}

function distinct(backends: readonly Backend[]): readonly Backend[] {
  const byTarget = new Map(backends.map((backend) => [`${backend.address} ${backend.port}`, backend]))
  return [...byTarget.keys()].toSorted().flatMap((key) => byTarget.get(key) ?? [])
}
